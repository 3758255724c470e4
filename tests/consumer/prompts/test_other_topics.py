"""Good answers and echoes on topics the score was not calibrated on, in words of our own."""

from __future__ import annotations

import pytest

from consumer.prompts.parsing import detect, parse
from consumer.prompts.scoring.total import score
from syntx.terminologies import HUMAN, for_terminology

HEADINGS = [field.heading for field in HUMAN]


def human(*texts: str) -> str:
    """Write an answer under the six human headings."""
    return "\n\n".join(
        f"{number}. {name}\n{text}"
        for number, (name, text) in enumerate(zip(HEADINGS, texts, strict=False), 1)
    )


CAT = human(
    "Alles stabil, die Katze liegt in der Sonne.",
    "Sie will Nähe, aber nur zu ihren Bedingungen. Kontrolle ist ihr wichtiger als Kuscheln.",
    "Hunger, Langeweile und fremde Kater im Revier setzen sie unter Druck.",
    "Eher Oberfläche, doch der Jagdtrieb sitzt sehr tief.",
    "Der Mensch fühlt sich auserwählt oder ignoriert. Das Tier bekommt Futter und Ruhe.",
    "Eine Katze gehört niemandem. Sie wohnt bei dir, weil es ihr passt.",
)
CLIMATE = human(
    "Things are getting out of balance here. It is slow, but it does not stop.",
    "Everyone knows it, but everyone waits for someone else to move first.",
    "Cheap oil, comfort and jobs pull one way. Heat waves and floods push the other way.",
    "Real pressure. It is not just about the weather anymore, it is about how we live.",
    "Rich countries feel annoyed and guilty. Poor countries lose their harvest and their homes.",
    "We have put a blanket around the planet and now we are sweating. Stop making it thicker.",
)
LESSONS = human(
    "It is wobbling a bit. One missed step and the next chapter suddenly makes no sense.",
    "Fear. A lot of people were told at school that they lack the talent, and they believed it.",
    "Grades, time limits, comparison with others, and numbers that seem to mean nothing.",
    "Middle. It is about self-confidence more than about formulas.",
    "The student feels stupid and gives up. The teacher feels ignored and speeds up.",
    "It is practice, not magic. Do a little every day, make mistakes, and ask why.",
)
ROBOTS = human(
    "Das Feld verschiebt sich von festen Industriearmen zu mobilen, lernenden Maschinen.",
    "Immer wieder dasselbe: erst große Versprechen, dann mühsame Kleinarbeit an Greifern.",
    "Fachkräftemangel, hohe Löhne und der Wettbewerb drücken auf die Hersteller.",
    "Mittlere Tiefe, denn es geht um Haftung, Selbstständigkeit und Verantwortung.",
    "Beschäftigte werden entlastet und verlieren Aufgaben. Betriebe gewinnen Präzision.",
    "Roboter nehmen uns die Arbeit nicht weg, sie verändern sie. Wer schreibt die Regeln?",
)


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("Formuliere einen lockeren Text über: Katzen und ihre Lebensweise", CAT),
        ("Erkläre in lockerer, verständlicher Sprache: Klimawandel", CLIMATE),
        ("Erkläre in lockerer, verständlicher Sprache: Mathematik lernen", LESSONS),
        ("Erkläre in wissenschaftlichem Stil: Robotik", ROBOTS),
    ],
)
def test_a_short_prompt_does_not_condemn_an_answer_that_never_names_its_word(
    prompt: str, answer: str
) -> None:
    """One topic word is little to go by: a complete answer about it scores 70 and more."""
    assert score(answer, for_terminology("human"), prompt).total >= 70


def test_an_answer_about_something_else_stays_off_topic() -> None:
    """Ease for short prompts is none for prompts that say what they are about."""
    prompt = "Erkläre die Entstehung von Vulkanen, Erdbeben und Gebirgen an den Plattengrenzen."

    assert score(CAT, for_terminology("human"), prompt).total < 50


@pytest.mark.parametrize(
    "answer",
    [
        human(
            "Hier beschreibst du, ob die Lage kippt oder stabil bleibt.",
            "Hier sagst du, was im Hintergrund abläuft, etwa Rückzug oder Schutz.",
            "Hier nennst du die Dinge, die drücken oder ziehen.",
            "Hier schätzt du ein, wie tief es geht.",
            "Hier schilderst du, wie es auf beiden Seiten ankommt.",
            "Hier sagst du ungeschminkt, worum es in der Beziehung geht.",
        ),
        human(
            "Explains whether the situation is tipping over or remaining stable.",
            "Identifies what is going on in the background, such as withdrawal or control.",
            "Looks at which things are pushing or pulling, like emotions or stress.",
            "Assesses how deep the matter goes.",
            "Considers how it lands on side A and on side B of the relationship.",
            "States without a filter what it is really about.",
        ),
    ],
)
def test_a_wrapper_described_in_other_words_is_an_echo(answer: str) -> None:
    """Telling what each field is for answers nothing, whatever the words."""
    prompt = "Erkläre die Logik hinter plötzlichem emotionalen Rückzug in Beziehungen."

    assert score(answer, for_terminology("human"), prompt).total < 50


def test_headings_of_its_own_do_not_make_a_free_text_a_fielded_answer() -> None:
    """Everyday words as headings or bold list items tell no terminology."""
    assert detect("### Kalibrierung\nDer Sensor wird geprüft.\n\n### Fazit\nGut.") is None
    assert detect("**1. Drift**\nDie Platten.\n\n**2. Tiefe**\nDer Mantel.") is None
    assert detect("- **Tiefe** der Analyse\n- **Wirkung** auf die Gesellschaft") is None


def test_a_cut_answer_still_tells_its_terminology() -> None:
    """Two headings as they were asked for, or one that nobody writes by chance, are enough."""
    assert detect("1. DRIFT\nEs kippt.\n\n2. HINTERGRUND-MUSTER\nAngst.") == "human"
    assert detect("### Driftkörperanalyse\nDer Gegenstand.") == "syntex_system"
    assert detect("1. Σ-DRIFTGRADIENT\nSteigend.") == "sigma"


def test_a_bold_list_item_that_goes_on_as_a_sentence_is_text() -> None:
    """A field's everyday name in bold begins many a list item."""
    assert parse("- **Tiefe** der Analyse\n- **Wirkung** auf alle", HUMAN).fields == ()


def test_a_field_may_begin_in_lower_case() -> None:
    """German goes on in lower case behind a colon."""
    prompt = "Schreibe über Katzen und ihre Lebensweise"
    lowered = CAT
    for name in HEADINGS:
        at = lowered.index(f"{name}\n") + len(name)
        lowered = f"{lowered[:at]}: {lowered[at + 1].lower()}{lowered[at + 2 :]}"

    wrapper = for_terminology("human")

    assert abs(score(lowered, wrapper, prompt).total - score(CAT, wrapper, prompt).total) <= 2


def test_a_missing_field_does_not_ruin_the_others() -> None:
    """Four good fields of six score more than an echo of all six could."""
    answer = CAT[: CAT.index("5. WIRKUNG")]

    total = score(answer, for_terminology("human"), "Schreibe über Katzen").total

    assert 50 <= total <= 70
