"""The texts a judge compares answers with: per language a weak and a strong answer to a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Anchors:
    """A task, an answer that hardly touches it, and one that could not be asked to do better."""

    task: str
    weak: str
    strong: str


ANCHORS: Mapping[str, Anchors] = MappingProxyType(
    {
        "de": Anchors(
            task="Erkläre, warum manche Dorfläden schließen und was ein Dorf dagegen tun kann.",
            weak="Dorfläden sind ein wichtiges Thema, über das man viel sagen kann. Es gibt dabei "
            "verschiedene Seiten, und alle sind wichtig. Man sollte sich damit beschäftigen, denn "
            "das Thema ist wichtig. Am Ende muss jeder selbst wissen, was er tut.",
            strong="Ein Dorfladen schließt selten über Nacht. Erst kaufen die Pendler auf dem "
            "Heimweg im Supermarkt, dann bleibt die Frischware liegen, und wer das welke Gemüse "
            "sieht, kommt auch samstags nicht mehr. Der Laden verliert also zuerst seine "
            "Gewohnheitskunden und erst danach sein Geld.\n\n"
            "Darunter liegt ein Tausch, den niemand ausspricht: Alle schätzen den Treffpunkt, "
            "bezahlt wird er aber nur über die Milch und das Brot. Solange jede Familie darauf "
            "baut, dass die Nachbarn dort einkaufen, trägt ihn am Ende keine.\n\n"
            "Helfen kann ein Dorf, wenn es diesen Tausch sichtbar macht. Eine Genossenschaft "
            "verteilt das Risiko auf hundert Anteile, eine Poststelle bringt täglichen Verkehr, "
            "und feste Bestellungen von Schule und Gasthaus füllen die stillen Vormittage. Ohne "
            "eine bezahlte Leitung hält das freilich nur zwei Jahre; Ehrenamt allein ersetzt keine "
            "Kasse.",
        ),
        "en": Anchors(
            task="Explain why some village shops close and what a village can do about it.",
            weak="Village shops are an important topic and much can be said about them. There are "
            "different sides to this, and all of them are important. People should think about it, "
            "because the topic is important. In the end everybody has to decide for themselves.",
            strong="A village shop rarely closes overnight. First the commuters buy at the "
            "supermarket on their way home, then the fresh food stays on the shelf, and whoever "
            "has seen the limp lettuce stops coming on Saturdays too. So the shop loses its habits "
            "before it loses its money.\n\n"
            "Underneath lies a bargain that nobody speaks about: everyone values the meeting "
            "place, but it is paid for by milk and bread alone. As long as each family trusts that "
            "the neighbours will shop there, none of them carries it.\n\n"
            "A village can help by making that bargain visible. A cooperative spreads the risk "
            "over a hundred shares, a parcel counter brings daily traffic, and standing orders "
            "from the school and the inn fill the quiet mornings. Without a paid manager this "
            "lasts two years at most; goodwill does not replace a till.",
        ),
    }
)


def anchors_for(language: str) -> Anchors:
    """Return the anchors of a language, the English ones where there are none."""
    return ANCHORS.get(language, ANCHORS["en"])
