"""Large documents: read as a stream, measured like small ones, in bounded memory."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from consumer.documents.generation.kpis import measure
from consumer.documents.generation.models import KpiDefinition, UnifiedJsonDocument
from consumer.documents.validation.content import validate
from consumer.documents.validation.counting import NOT_COUNTED
from consumer.documents.validation.looking import summarize
from consumer.documents.validation.streaming import BrokenFile
from consumer.documents.validation.wishes import Wish

MEASURING = """
import json, resource, sys
from pathlib import Path
from consumer.documents.generation.models import KpiDefinition
from consumer.documents.validation.content import validate
from consumer.documents.validation.wishes import Wish
kpi = KpiDefinition(id="r", json_path="$..rows", target_value=10)
found = validate(Path(sys.argv[1]), Wish(kpis=(kpi,), criteria=("Ein Kapitel „Ende“",)))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
told = json.loads(found.to_wire())
print(json.dumps({"peak": peak, "bytes": len(found.to_wire()), "found": told}))
"""
PATHS = (
    "$.documents",
    "$.documents[0].sections",
    "$.documents[*].sections",
    "$.documents.*.sections",
    "$.documents[1].sections[2].elements",
    "$.documents[*].sections[*]",
    "$.documents[*].sections[?(@.content_type=='table')]",
    "$.documents[0].sections[?(@.content_type=='table')].elements[0].rows",
    "$.documents[*].sections[?(@.content_type=='table')].elements[*].rows",
    '$.documents[*].sections[?(@.title == "Teil 3")].elements[*].items',
    "$.documents[0].sections[?@.id=='s2'].elements[1].items",
    "$.documents[*].sections[*].elements[*].items",
    "$.documents[7].sections[*].elements[*].rows",
    "$..rows",
    "$..items",
    "$.metadata.author",
    "$.metadata.pages",
)


def random_document(chance: random.Random) -> dict[str, Any]:
    """Return a document of any shape the model allows, its keys in any order."""

    def element() -> dict[str, Any]:
        made: dict[str, Any] = {"text": "Ein Satz."}
        if chance.random() < 0.5:
            made["rows"] = [["1", "2"][: chance.randint(1, 2)] for _ in range(chance.randrange(5))]
        if chance.random() < 0.4:
            made["items"] = ["x"] * chance.randrange(4)
        return made

    def section(number: int) -> dict[str, Any]:
        made = {
            "id": f"s{number}",
            "content_type": chance.choice(["table", "list", "paragraph"]),
            "title": f"Teil {number}",
            "order": number,
            "elements": [element() for _ in range(chance.randrange(4))],
        }
        keys = chance.sample(list(made), len(made))
        return {key: made[key] for key in keys}

    documents = [
        {"sections": [section(number) for number in range(chance.randrange(6))]}
        for _ in range(chance.randrange(3))
    ]
    value = {"metadata": {"author": "Amt", "pages": 7}, "documents": documents}
    keys = chance.sample(list(value), 2)
    return {key: value[key] for key in keys}


def written(folder: Path, value: Any) -> Path:
    """Write a value to a file and return it."""
    file = folder / "document.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


@pytest.mark.parametrize("seed", range(40))
def test_streamed_measures_are_the_measures(tmp_path: Path, seed: int) -> None:
    """Every path that is counted yields what JSONPath over the whole yields."""
    value = random_document(random.Random(seed))
    targets = dict.fromkeys(PATHS, 3) | {"$.metadata.author": "Amt"}
    kpis = [KpiDefinition(id=path, json_path=path, target_value=targets[path]) for path in PATHS]
    found = validate(written(tmp_path, value), Wish(kpis=tuple(kpis))).structure_comparison
    expected = measure(value, kpis)

    assert found.found["kpis"] == {each.kpi.id: each.value for each in expected}
    assert found.gap.get("kpis", {}).keys() == {each.kpi.id for each in expected if not each.met}


@pytest.mark.parametrize("seed", range(10))
def test_a_file_gets_the_verdict_of_the_document_in_it(tmp_path: Path, seed: int) -> None:
    """Whether streamed or in memory: the same findings, score and structure."""
    value = random_document(random.Random(seed))
    document = UnifiedJsonDocument.model_validate(value)
    wish = Wish(criteria=("Ein Kapitel „Teil 2“", "Mindestens 4 Zeilen"))
    file = tmp_path / "document.json"
    file.write_bytes(document.to_wire())

    assert validate(file, wish) == validate(document, wish)


def test_a_path_that_cannot_be_counted_is_told(tmp_path: Path) -> None:
    """It is neither met nor missing: the result says that it was not measured, and why."""
    value = random_document(random.Random(3))
    kpi = KpiDefinition(id="x", json_path="$..sections[-1:].title", target_value=3)
    found = validate(written(tmp_path, value), Wish(kpis=(kpi,)))

    assert found.structure_comparison.gap["notMeasured"] == {"x": NOT_COUNTED}
    assert "kpis" not in found.structure_comparison.gap


def test_the_summary_counts_everything_and_quotes_nothing(tmp_path: Path) -> None:
    """All documents, all tables and lists of a section; titles and headers, and no text."""
    table = {"caption": "T", "headers": ["Ort", "Wert"], "rows": [["geheim", "1"]] * 3}
    elements = [table, {"items": ["geheim", "auch geheim"]}]
    section = {"id": "s", "content_type": "table", "title": "Teil", "order": 1}
    documents = [{"sections": [{**section, "elements": elements}]}, {"sections": []}]
    found = summarize(written(tmp_path, {"metadata": {"title": "T"}, "documents": documents}))

    listed = found["documents"][0]["sections"][0]
    assert [each.get("rowCount") for each in listed["elements"]] == [3, None]
    assert listed["elements"][0]["headers"] == ["Ort", "Wert"]
    assert listed["elements"][0]["columnCount"] == 2
    assert listed["elements"][1] == {"itemCount": 2}
    assert found["statistics"]["documentCount"] == 2
    assert "geheim" not in json.dumps(found)


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"documents": [{"sections": [', '{"documents": []} x', "[1, 2", "\x00", '"a'],
)
def test_a_broken_file_is_a_verdict_and_no_crash(tmp_path: Path, text: str) -> None:
    """It says that the file is no whole JSON."""
    file = tmp_path / "document.json"
    file.write_text(text)
    found = validate(file, Wish())

    assert not found.overall_success
    assert "no whole JSON" in found.validation_details[0].issues[0]
    with pytest.raises(BrokenFile):
        summarize(file)


@pytest.mark.parametrize(
    "value",
    [
        [],
        3,
        {"documents": {"sections": []}},
        {"documents": [[], 3, None, {"sections": {}}]},
        {"documents": [{"sections": [[], 1, None, {"elements": {}}]}]},
        {"documents": [{"sections": [{"id": [], "elements": [[], 2, {"rows": [3, {}, None]}]}]}]},
        {"metadata": [1], "documents": [{"sections": [{"elements": [{"text": {"a": [1]}}]}]}]},
    ],
)
def test_files_of_another_shape_are_judged_too(tmp_path: Path, value: Any) -> None:
    """Whatever JSON it is, there is a verdict, and it is no success."""
    assert not validate(written(tmp_path, value), Wish()).overall_success


def test_deep_nesting_is_a_verdict_too(tmp_path: Path) -> None:
    """A file made to exhaust the stack is a finding."""
    file = tmp_path / "document.json"
    deep = "[" * 50_000 + "]" * 50_000
    text = f'{{"documents": [{{"sections": [{{"elements": [{{"rows": [{deep}]}}]}}]}}]}}'
    file.write_text(text)

    assert not validate(file, Wish()).overall_success


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """The folder may have been made by hand."""
    link = tmp_path / "link.json"
    link.symlink_to(written(tmp_path, {"documents": []}))

    with pytest.raises(OSError, match="symbolic links"):
        validate(link, Wish())


def test_verdicts_stay_small(tmp_path: Path) -> None:
    """Ten thousand sections and tables: counted, five hundred of them listed."""
    sections = [
        {"id": f"s{n}", "content_type": "list", "title": "T" * 500, "order": n + 1,
         "elements": [{"items": ["Punkt"]}]}
        for n in range(10_000)
    ]  # fmt: skip
    found = validate(written(tmp_path, {"documents": [{"sections": sections}]}), Wish())

    assert found.structure_comparison.found["statistics"]["sections"] == 10_000
    assert len(found.structure_comparison.found["documents"][0]["sections"]) == 500
    assert len(found.to_wire()) < 300_000


def peak_of(file: Path) -> dict[str, Any]:
    """Check a file in a process of its own, and return its peak memory in bytes and the verdict."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURING, str(file)], capture_output=True, check=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def write_large(file: Path, size: int) -> int:
    """Write a document of so many bytes: tables of many rows, and texts; return its rows."""
    row = json.dumps(["Filiale Köln", "1.234,56", "ein Wort", "noch eines", "17"]).encode()
    text = json.dumps("Die Filiale ist mit dem Gewinn zufrieden. " * 20).encode()
    rows = 0
    with file.open("wb") as out:
        out.write(b'{"metadata": {"title": "T"}, "documents": [{"sections": [')
        number = 0
        while out.tell() < size:
            number += 1
            head = b'{"id": "s%d", "order": %d, "title": "Teil", ' % (number, number)
            out.write(head + b'"content_type": "table", "elements": [{"text": ' + text)
            out.write(b', "headers": ["a", "b", "c", "d", "e"], "rows": [')
            out.write(b",\n".join([row] * 20_000) + b"]}]},\n")
            rows += 20_000
        out.write(b'{"id": "end", "content_type": "heading", "title": "Ende", "elements": []}]}]}')
    return rows


def test_memory_does_not_grow_with_the_document(tmp_path: Path) -> None:
    """Three megabytes take hardly more than half a one."""
    small, large = tmp_path / "small.json", tmp_path / "large.json"
    write_large(small, 500_000)
    rows = write_large(large, 3_000_000)
    one, other = peak_of(small), peak_of(large)

    assert other["found"]["structureComparison"]["found"]["kpis"] == {"r": rows}
    assert other["found"]["criteriaMapping"][0]["met"]
    assert other["peak"] - one["peak"] < 5_000_000


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_hundred_megabytes_are_checked_in_three_hundred(tmp_path: Path) -> None:
    """Counted to the last row, in a process that never held more than 300 MB."""
    file = tmp_path / "huge.json"
    rows = write_large(file, 200_000_000)
    found = peak_of(file)

    assert found["found"]["structureComparison"]["found"]["kpis"] == {"r": rows}
    assert found["peak"] < 300_000_000
    assert found["bytes"] < 300_000
