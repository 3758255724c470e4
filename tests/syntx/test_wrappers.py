"""Wrappers: found at run time, read with care, put around prompts literally."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syntx.errors import ConfigError, WrapperNotFound
from syntx.terminologies import TERMINOLOGIES, for_terminology
from syntx.wrapper_folder import WrapperFolder
from syntx.wrappers import Field, Wrapper, heading_key

SHIPPED = Path(__file__).parents[2] / "wrappers"

HEADED = """---
version: 3
language: de
fields:
  - {key: lage, heading: LAGE, aliases: [Situation], weight: 3, min_words: 8}
  - {key: rat, heading: RAT, weight: 1}
---
1. LAGE
Was ist?

2. RAT
Was tun?

{{prompt}}
"""
NUMBERED = "Antworte so:\n\n1. DRIFT\nWohin?\n\n2. GEGENWIND (GW)\nWoher?\n\nAuftrag:\n"
HASHED = "### Driftkörperanalyse\na\n### Kalibrierung\nb\n### Strömungsverhältnisse\nc\n"


@pytest.fixture
def folder(tmp_path: Path) -> WrapperFolder:
    """A folder with one wrapper of our own."""
    (tmp_path / "eigen.txt").write_text(HEADED, "utf-8")
    return WrapperFolder(tmp_path)


@pytest.mark.parametrize("name", ["human", "sigma", "syntex_system", "deepsweep"])
def test_shipped_wrappers_ask_for_their_terminology(name: str) -> None:
    """The header of each shipped file says what the table of terminologies says."""
    wrapper = WrapperFolder(SHIPPED).get(name)

    assert wrapper.fields == TERMINOLOGIES[name]
    assert wrapper.terminology == name
    assert sum(field.weight for field in wrapper.fields) == 100


@pytest.mark.parametrize("name", ["human", "sigma", "syntex_system", "deepsweep"])
def test_shipped_wrappers_name_every_heading_in_order_before_the_prompt(name: str) -> None:
    """The text asks for the headings in the order of the fields, then gives the prompt."""
    wrapper = WrapperFolder(SHIPPED).get(name)

    text = wrapper.wrap("Was ist Regen?")
    asked = [f"{wrapper.marker if wrapper.marker == '###' else f'{number}.'} {field.heading}\n"
             for number, field in enumerate(wrapper.fields, 1)]  # fmt: skip
    places = [text.index(heading) for heading in [*asked, "Was ist Regen?"]]
    assert places == sorted(places)


def test_no_two_fields_of_a_terminology_share_a_name() -> None:
    """Identity is strict: each heading or alias leads to one field."""
    for fields in TERMINOLOGIES.values():
        names = [heading_key(name) for field in fields for name in (field.heading, *field.aliases)]
        assert len(names) == len(set(names))


def test_a_header_gives_fields_version_and_weights(folder: WrapperFolder) -> None:
    """Weights are scaled to add up to 100; the digest is that of the file's bytes."""
    wrapper = folder.get("eigen")

    assert wrapper.fields == (
        Field("lage", "LAGE", ("Situation",), 75, 8),
        Field("rat", "RAT", (), 25, 5),
    )
    assert (wrapper.version, wrapper.language, wrapper.marker) == ("3", "de", "1.")
    assert wrapper.digest == hashlib.sha256(HEADED.encode()).hexdigest()[:16]
    assert not wrapper.text.startswith("---")


def test_without_a_header_fields_are_read_off_the_headings(folder: WrapperFolder) -> None:
    """Unknown headings weigh the same; abbreviations in brackets are not part of the name."""
    (folder.folder / "kurz.txt").write_text(NUMBERED, "utf-8")

    wrapper = folder.get("kurz")

    assert [(f.key, f.heading, f.weight) for f in wrapper.fields] == [
        ("drift", "DRIFT", 50),
        ("gegenwind", "GEGENWIND", 50),
    ]
    assert wrapper.terminology == "custom"


@pytest.mark.parametrize(
    ("text", "terminology"),
    [
        (HASHED, "syntex_system"),
        (HASHED.replace("a\n", "#### TIER-1 Oberfläche\na\n"), "deepsweep"),
        ("\n".join(f"{n}. {f.heading}" for n, f in enumerate(TERMINOLOGIES["sigma"], 1)), "sigma"),
    ],
)
def test_a_known_terminology_is_recognised_by_headings(
    folder: WrapperFolder, text: str, terminology: str
) -> None:
    """A headerless wrapper with known headings gets the known fields and weights."""
    (folder.folder / "alt.txt").write_text(text, "utf-8")

    wrapper = folder.get("alt")

    assert wrapper.terminology == terminology
    assert wrapper.fields == TERMINOLOGIES[terminology]


def test_wrappers_come_and_go_with_their_files(folder: WrapperFolder) -> None:
    """Ten files give ten names at once; the older file name is listed without its prefix."""
    for number in range(8):
        (folder.folder / f"w{number}.txt").write_text(NUMBERED, "utf-8")
    (folder.folder / "syntex_wrapper_alt.txt").write_text(NUMBERED, "utf-8")
    (folder.folder / ".hidden.txt").write_text(NUMBERED, "utf-8")
    (folder.folder / "notes.md").write_text(NUMBERED, "utf-8")

    assert folder.names() == ("alt", "eigen", *(f"w{number}" for number in range(8)))
    assert folder.get("alt").name == "alt"

    (folder.folder / "w3.txt").unlink()
    assert "w3" not in folder.names()
    with pytest.raises(WrapperNotFound):
        folder.get("w3")


def test_the_plain_name_wins_over_the_older_one(folder: WrapperFolder) -> None:
    """Where both `x.txt` and `syntex_wrapper_x.txt` exist, `x` is the former."""
    (folder.folder / "syntex_wrapper_eigen.txt").write_text(NUMBERED, "utf-8")

    assert folder.names() == ("eigen",)
    assert folder.get("eigen").version == "3"


def test_an_edited_wrapper_is_read_again_with_a_new_digest(folder: WrapperFolder) -> None:
    """An edit is seen at the next look."""
    before = folder.get("eigen")
    path = folder.folder / "eigen.txt"
    path.write_text(HEADED.replace("Was tun?", "Wie nun?"), "utf-8")
    os.utime(path, ns=(1, 1))

    after = folder.get("eigen")

    assert "Wie nun?" in after.text
    assert after.digest != before.digest


def test_an_unknown_name_lists_the_ones_there_are(folder: WrapperFolder) -> None:
    """The error says what to choose from."""
    with pytest.raises(WrapperNotFound) as caught:
        folder.get("gibtsnicht")

    assert "gibtsnicht" in caught.value.message
    assert "eigen" in (caught.value.fix or "")


BAD = {
    "not YAML": ("---\nfields: [\n---\nText", r"bad\.txt:\d+"),
    "unknown key": ("---\ncolour: red\n---\n1. A", r"bad\.txt:2.*colour"),
    "no end": ("---\nversion: 1\n1. A", "no end"),
    "no fields": ("Nur ein Satz.", "no fields"),
    "same key twice": (
        "---\nfields: [{key: a, heading: A}, {key: a, heading: B}]\n---\n",
        "one field only",
    ),
    "same heading twice": (
        "---\nfields: [{key: a, heading: Härte}, {key: b, heading: B, aliases: [HAERTE]}]\n---\n",
        "one field only",
    ),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_malformed_wrapper_is_named_with_its_remedy(folder: WrapperFolder, fault: str) -> None:
    """The error names the file, and the other wrappers stay usable."""
    text, said = BAD[fault]
    (folder.folder / "bad.txt").write_text(text, "utf-8")

    with pytest.raises(ConfigError) as caught:
        folder.get("bad")

    assert "bad.txt" in caught.value.message
    assert re.search(said, caught.value.message)
    assert caught.value.fix
    assert folder.get("eigen").name == "eigen"
    assert list(folder.problems()) == ["bad"]


def test_bytes_that_are_no_text_are_refused(folder: WrapperFolder) -> None:
    """A wrapper must be UTF-8; a byte order mark is tolerated."""
    (folder.folder / "latin.txt").write_bytes("1. HÄRTE".encode("latin-1"))
    (folder.folder / "bom.txt").write_bytes(b"\xef\xbb\xbf" + HEADED.encode())

    with pytest.raises(ConfigError, match="UTF-8"):
        folder.get("latin")
    assert folder.get("bom").version == "3"


def test_a_bad_edit_keeps_the_last_good_text_and_says_so(folder: WrapperFolder) -> None:
    """A running service goes on with what it had."""
    good = folder.get("eigen")
    (folder.folder / "eigen.txt").write_text("---\nbroken", "utf-8")

    assert folder.get("eigen") == good
    assert "no end" in folder.problems()["eigen"].message


@pytest.mark.parametrize(
    "spell",
    [
        lambda path: "eigen.txt",
        lambda path: str(path / "eigen.txt"),
        lambda path: "./eigen.txt",
    ],
)
def test_a_path_inside_the_folder_is_a_name(
    folder: WrapperFolder, spell: Callable[[Path], str]
) -> None:
    """A wrapper may be given by path, as long as it lies in the folder."""
    assert folder.get(spell(folder.folder)).name == "eigen"


def test_a_job_cannot_reach_files_outside_the_folder(folder: WrapperFolder, tmp_path: Path) -> None:
    """Paths in a job are not trusted; an operator's absolute path is."""
    inner = WrapperFolder(tmp_path / "inner")
    inner.folder.mkdir()
    outside = tmp_path / "eigen.txt"

    for given_name in (str(outside), "../eigen.txt", "/etc/passwd", "a\0b", "x" * 5000, ""):
        with pytest.raises(WrapperNotFound):
            inner.get(given_name)
    assert inner.get(str(outside), trusted=True).name == "eigen"
    with pytest.raises(WrapperNotFound):
        inner.get("../eigen.txt", trusted=True)


def test_a_missing_folder_is_a_configuration_error(tmp_path: Path) -> None:
    """The message names the folder and where it is set."""
    with pytest.raises(ConfigError, match="nowhere"):
        WrapperFolder(tmp_path / "nowhere").names()


@given(prompt=st.text() | st.just("a {{prompt}} b {{prompt}}"))
def test_a_prompt_is_put_in_literally_and_once(prompt: str) -> None:
    """Only the wrapper's own first placeholder is replaced, whatever the prompt holds."""
    fields = (Field("a", "A"),)

    inside = Wrapper("w", "vor {{prompt}} nach {{prompt}}", fields, "").wrap(prompt)
    at_end = Wrapper("w", "vor\n", fields, "").wrap(prompt)

    assert inside == f"vor {prompt} nach {{{{prompt}}}}"
    assert at_end == f"vor\n\n{prompt}"


@pytest.mark.parametrize("name", TERMINOLOGIES)
def test_every_terminology_can_stand_in_for_a_lost_wrapper(name: str) -> None:
    """Older answers are scored against their terminology, without instruction text."""
    wrapper = for_terminology(name)

    assert (wrapper.terminology, wrapper.text) == (name, "")
    assert wrapper.fields == TERMINOLOGIES[name]
