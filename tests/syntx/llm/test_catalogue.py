"""The files of config/models: what they say, and what is said when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from syntx.errors import ConfigError, ContextExceeded
from syntx.llm.catalogue import Catalogue
from syntx.llm.contract import Operation, Priority
from syntx.llm.folder import CatalogueFolder

SHIPPED = Path(__file__).parents[3] / "config" / "models"

ONE = "base_url: https://one.example/v1\nmodels:\n  - name: {}\n"


def write(folder: Path, name: str, text: str) -> Path:
    """Write one file of the catalogue."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_simulator_serves_producer_and_consumer() -> None:
    """Out of the box there is a model that drafts and one that answers."""
    catalogue = Catalogue.load(SHIPPED)

    assert catalogue.chain("draft", "balanced", 500)[0].name == "simulator-writer"
    assert catalogue.chain("calibrate", "balanced", 500)[0].name == "simulator-target"


def test_the_examples_load_together() -> None:
    """Every example can be copied as it is, also all at once."""
    catalogue = Catalogue.load(SHIPPED / "examples")

    assert len(catalogue.endpoints) == len(list((SHIPPED / "examples").glob("*.yaml"))) >= 8


def test_a_file_needs_little(tmp_path: Path) -> None:
    """An address and a name are enough; the rest has defaults."""
    write(tmp_path, "one.yaml", ONE.format("a"))

    endpoint, entry = Catalogue.load(tmp_path).model("a")

    assert (endpoint.name, endpoint.kind, endpoint.key) == ("one", "openai", None)
    assert (entry.context, entry.price, "calibrate" in entry.operations) == (None, None, True)


def test_an_unknown_model_names_those_there_are(tmp_path: Path) -> None:
    """The error says what was asked for, where, and what could be used."""
    write(tmp_path, "one.yaml", ONE.format("a"))

    with pytest.raises(ConfigError, match="'zzz'") as raised:
        Catalogue.load(tmp_path).model("zzz")

    assert str(tmp_path) in raised.value.message
    assert "one of: a" in (raised.value.fix or "")


def test_two_files_cannot_offer_the_same_name(tmp_path: Path) -> None:
    """The error names both files."""
    first = write(tmp_path, "one.yaml", ONE.format("a"))
    second = write(tmp_path, "two.yaml", ONE.format("a"))

    with pytest.raises(ConfigError) as raised:
        Catalogue.load(tmp_path)

    assert str(first) in raised.value.message
    assert str(second) in raised.value.message


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("models: [\n", 2, "YAML"),
        (ONE.format("a") + "    contxt: 5\n", 4, "contxt"),
        (ONE.format("a") + "    context: many\n", 4, "context"),
        (ONE.format("a") + "    operations: [dance]\n", 4, "operations"),
        ("kind: magic\n" + ONE.format("a"), 1, "kind"),
        ("base_url: ftp://x\nmodels: [{name: a}]\n", 1, "https://"),
        ("base_url: http://user:geheim@x/v1\nmodels: [{name: a}]\n", 1, "password"),
        ("concurrency: 0\n" + ONE.format("a"), 1, "concurrency"),
        ("key: sk-this is a key\n" + ONE.format("a"), 1, "key"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tmp_path: Path, text: str, line: int, word: str
) -> None:
    """File, line and key stand in the error, and a remedy beside it."""
    path = write(tmp_path, "one.yaml", text)

    with pytest.raises(ConfigError) as raised:
        Catalogue.load(tmp_path)

    assert f"{path}:{line}" in raised.value.message
    assert word in raised.value.message
    assert raised.value.fix


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    """No folder is told as such."""
    with pytest.raises(ConfigError, match="no such folder"):
        Catalogue.load(tmp_path / "models")


CHOICE = """
base_url: https://x.example/v1
models:
  - {name: big, rank: 1, price: {input: 10, output: 30}, context: 9000}
  - {name: middle, rank: 2, price: {input: 1, output: 2}, context: 9000}
  - {name: light, rank: 9, price: {input: 2, output: 2}, context: 9000}
  - {name: cheap, rank: 8, price: {input: 0.1, output: 0.2}, context: 900, operations: [draft]}
  - {name: unpriced, rank: 7, context: 9000}
"""


@pytest.mark.parametrize(
    ("priority", "needed", "name"),
    [
        ("quality", 100, "big"),
        ("cost", 100, "cheap"),
        ("cost", 1000, "middle"),
        ("balanced", 100, "middle"),
        ("speed", 100, "light"),
    ],
)
def test_the_priority_and_the_room_decide(
    tmp_path: Path, priority: Priority, needed: int, name: str
) -> None:
    """Best, cheapest, both, or lightest, among those with room; an unknown price is no bargain."""
    write(tmp_path, "x.yaml", CHOICE)

    assert Catalogue.load(tmp_path).chain("draft", priority, needed)[0].name == name


def test_a_chain_is_all_able_models_in_order(tmp_path: Path) -> None:
    """Names give their own order; an unknown one is told."""
    write(tmp_path, "x.yaml", CHOICE)
    catalogue = Catalogue.load(tmp_path)

    by_quality = [one.name for one in catalogue.chain("dataAnalyse", "quality", 100)]
    named = catalogue.targets(["light", "big", "light"])

    assert by_quality == ["big", "middle", "unpriced", "light"]
    assert [(one.name, one.context, one.max_output) for one in named] == [
        ("light", 9000, None),
        ("big", 9000, None),
    ]
    with pytest.raises(ConfigError, match="nobody"):
        catalogue.targets(["big", "nobody"])


@pytest.mark.parametrize("operation", ["webSearch", "webCrawl", "imageGenerate"])
def test_what_hardly_any_model_does_must_be_listed(tmp_path: Path, operation: Operation) -> None:
    """A model that lists nothing does the usual operations."""
    write(tmp_path, "x.yaml", ONE.format("a"))
    with pytest.raises(ConfigError, match=operation):
        Catalogue.load(tmp_path).chain(operation)

    write(tmp_path, "x.yaml", ONE.format("a") + f"    operations: [{operation}]\n")
    assert [one.name for one in Catalogue.load(tmp_path).chain(operation)] == ["a"]


@pytest.mark.parametrize(
    ("said", "local"),
    [
        ("", False),
        ("local: true\n", True),
        ("kind: simulator\n", True),
        ("kind: simulator\nlocal: false\n", False),
    ],
)
def test_only_the_file_makes_an_endpoint_local(tmp_path: Path, said: str, local: bool) -> None:
    """An address tells nothing of who reads along; the simulator is this very program."""
    write(tmp_path, "x.yaml", said + ONE.format("a"))

    assert Catalogue.load(tmp_path).targets(["a"])[0].is_local is local


def test_a_skipped_endpoint_comes_last(tmp_path: Path) -> None:
    """An endpoint that is left alone is chosen only when there is no other."""
    write(tmp_path, "x.yaml", CHOICE)
    write(tmp_path, "y.yaml", ONE.format("other"))
    catalogue = Catalogue.load(tmp_path)

    assert catalogue.chain("draft", "quality", 10, {"x"})[0].name == "other"
    assert catalogue.chain("draft", "quality", 10, {"x", "y"})[0].name == "big"


def test_what_fits_nowhere_is_said(tmp_path: Path) -> None:
    """No model with the room is a matter of context, no model for the operation of config."""
    write(tmp_path, "x.yaml", CHOICE.replace("  - {name: unpriced, rank: 7, context: 9000}\n", ""))
    catalogue = Catalogue.load(tmp_path)

    with pytest.raises(ContextExceeded, match="9000"):
        catalogue.chain("draft", "cost", 20000)
    write(tmp_path, "x.yaml", ONE.format("a") + "    operations: [draft]\n")
    with pytest.raises(ConfigError, match="webSearch"):
        Catalogue.load(tmp_path).chain("webSearch", "cost", 1)


def test_the_folder_notices_files_that_come_change_and_go(tmp_path: Path) -> None:
    """The next look sees what happened to the files."""
    write(tmp_path, "one.yaml", ONE.format("a"))
    folder = CatalogueFolder(tmp_path)
    assert folder.current() is folder()

    write(tmp_path, "two.yaml", ONE.format("b"))
    assert folder.current().names == ("a", "b")
    write(tmp_path, "two.yaml", ONE.format("bee"))
    assert folder.current().names == ("a", "bee")
    (tmp_path / "two.yaml").unlink()
    assert folder.current().names == ("a",)


def test_a_bad_edit_keeps_the_last_good_catalogue(tmp_path: Path) -> None:
    """It is complained about once, and forgotten when it is mended."""
    write(tmp_path, "one.yaml", ONE.format("a"))
    heard: list[ConfigError] = []
    folder = CatalogueFolder(tmp_path, heard.append)

    write(tmp_path, "one.yaml", "models: [")
    assert [folder.current().names for _ in range(3)] == [("a",)] * 3
    assert heard == [folder.complaint]

    write(tmp_path, "one.yaml", ONE.format("good"))
    assert folder.current().names == ("good",)
    assert folder.complaint is None


def test_a_folder_that_is_wrong_from_the_start_stops_the_program(tmp_path: Path) -> None:
    """There is no last good one to go on with."""
    write(tmp_path, "one.yaml", "models: [")

    with pytest.raises(ConfigError):
        CatalogueFolder(tmp_path)
