from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syntx.errors import ConfigError
from syntx.home import Home
from syntx.settings.folder import SettingsFolder, load, queue_root
from syntx.settings.loading import parse_section, read_section
from syntx.settings.models import Evolution, Generator, Queue, Scoring, Settings, System
from syntx.settings.reference import reference

OLDER = {
    "generator.yaml": """
openai:
  model: gpt-4o
  temperature: 0.7
topics:
  technologie: [Quantencomputer, KI, IoT]
  gesellschaft: [Gleichberechtigung, Migration]
styles: [technisch, kreativ, akademisch, casual]
""",
    "queue.yaml": """
paths:
  base: /opt/older/queue
thresholds:
  starving: 0   # Generate 20!
  low: 4        # Generate 15
  balanced: 24  # Generate 10
  high: 49      # Don't generate
""",
    "evolution.yaml": """
producer:
  learning:
    max_samples: 50
    min_score: 90
    archive_after_read: true
  generation:
    batch_size: 20
    feedback_strength: 0.8
""",
    "system.yaml": """
paths:
  wrappers: /opt/older/wrappers
  queue: /opt/older/queue
logging:
  base_dir: /opt/older/logs
""",
}


def _write(home: Home, name: str, text: str) -> None:
    (home.config / name).write_text(text, encoding="utf-8")


def test_the_older_files_load_unchanged(home: Home) -> None:
    """The YAML texts of the older system are understood, missing keys get defaults."""
    for name, text in OLDER.items():
        _write(home, name, text)
    settings = load(home)

    assert settings.generator.openai.model == "gpt-4o"
    assert settings.generator.topics["technologie"][0].name == "Quantencomputer"
    assert settings.queue.thresholds.balanced == 24
    assert settings.evolution.producer.generation.feedback_strength == 0.8
    assert queue_root(home, settings) == Path("/opt/older/queue")
    assert settings.system.consumer.accept_score == 90


def test_no_file_at_all_gives_the_defaults(tmp_path: Path) -> None:
    """An empty config folder is a valid one."""
    (tmp_path / "config").mkdir()
    assert load(Home(tmp_path)) == Settings()


@pytest.mark.parametrize("name", ["queue.yaml", "models/api.yaml"])
def test_a_file_that_is_no_yaml_names_the_command_that_opens_it(home: Home, name: str) -> None:
    """The remedy can be pasted."""
    _write(home, name, "a: [1\n")

    with pytest.raises(ConfigError, match="not valid YAML") as raised:
        read_section(home.config / name, Queue)

    assert raised.value.fix == f"syntx config edit {name}"


def test_the_shipped_files_say_what_the_defaults_say(home: Home) -> None:
    """Every shipped value equals the default in the models (topics and paths apart)."""
    shipped = load(home)
    defaults = Settings()

    assert shipped.queue.model_copy(update={"paths": defaults.queue.paths}) == defaults.queue
    assert shipped.generator.model_copy(update={"topics": {}}) == defaults.generator
    assert shipped.evolution.producer == defaults.evolution.producer
    assert shipped.system.consumer == defaults.system.consumer
    assert shipped.system.gateway == defaults.system.gateway
    assert shipped.scoring == defaults.scoring


def test_33_topics_in_7_categories_ship(home: Home) -> None:
    """The shipped topics are 33, in 7 categories, each once."""
    topics = load(home).generator.topics
    names = [topic.name for listed in topics.values() for topic in listed]
    assert (len(topics), len(names), len(set(names))) == (7, 33, 33)


@pytest.mark.parametrize(
    ("text", "line", "key", "remedy"),
    [
        ("consumer:\n  in_flght: 3\n", 2, "consumer.in_flght", "did you mean 'in_flight'?"),
        ("consumer:\n  model: a\n  in_flight: viele\n", 3, "consumer.in_flight", "line 3"),
        (
            "paths:\n  wrappers: w\nconsumer:\n  accept_score: 101\n",
            4,
            "consumer.accept_score",
            "4",
        ),
        ("logging:\n  level: loud\n", 2, "logging.level", "line 2"),
        ("nonsense: 1\n", 1, "nonsense", "known here"),
    ],
)
def test_an_error_names_file_line_key_and_remedy(
    text: str, line: int, key: str, remedy: str
) -> None:
    """A wrong value is found by its file, line and key, and the message says what to do."""
    with pytest.raises(ConfigError) as caught:
        parse_section(text, Path("system.yaml"), System)

    assert f"system.yaml:{line}: {key}:" in caught.value.message
    assert remedy in (caught.value.fix or "")
    assert caught.value.exit_code == 78


WEIGHTS = "structure: 0.2, substance: 0.3, non_redundancy: 0.15, relevance: 0.15, length: 0.1"


@pytest.mark.parametrize(
    ("text", "line", "key", "problem"),
    [
        (f"weights: {{{WEIGHTS}, wording: 0.2}}\n", 1, "weights", "sum to 1, these sum to 1.1"),
        (f"weights: {{{WEIGHTS}}}\n", 1, "weights.wording", "is missing"),
        (f"weights: {{{WEIGHTS}, wordings: 0.1}}\n", 1, "weights.wordings", "no such key"),
        ("mode: score\nconsistency: 0.5\n", 2, "consistency", "less than or equal to 0.3"),
        ("languages: []\n", 1, "languages", "at least 1"),
        ("languages: [german]\n", 1, "languages.0", "two lower-case letters"),
        ("calibration: [[0, 0], [0.5, 1]]\n", 1, "calibration", "from [0, 0] to [1, 1]"),
        ("calibration: [[0, 0], [0.5, 0.9], [0.6, 0.8], [1, 1]]\n", 1, "calibration", "must rise"),
        ("judge:\n  weight: 0.4\n", 2, "judge.weight", "less than or equal to 0.3"),
        ("judge:\n  enabled: true\n", 1, "judge", "needs a model"),
        ("mode: older\n", 1, "mode", "'legacy'"),
    ],
)
def test_scoring_that_cannot_be_meant_is_refused(
    text: str, line: int, key: str, problem: str
) -> None:
    """Weights, curve and judge are checked, and the message says what is wrong with them."""
    with pytest.raises(ConfigError) as caught:
        parse_section(text, Path("scoring.yaml"), Scoring)

    assert f"scoring.yaml:{line}: {key}:" in caught.value.message
    assert problem in caught.value.message


def test_a_list_is_told_of_its_wrong_item_alone() -> None:
    """What only follows from the wrong item, that the list is too short then, is not told."""
    with pytest.raises(ConfigError) as caught:
        parse_section("languages: [german]\n", Path("scoring.yaml"), Scoring)

    assert caught.value.message.count("languages") == 1


def test_what_is_missing_is_to_be_added() -> None:
    """The remedy of a missing key is the key, not the line of what stands around it."""
    with pytest.raises(ConfigError) as caught:
        parse_section(f"weights: {{{WEIGHTS}}}\n", Path("scoring.yaml"), Scoring)

    assert caught.value.fix == "add weights.wording"


def test_every_setting_says_what_it_means() -> None:
    """No row of the reference lacks its meaning."""
    rows = [line for line in reference().splitlines() if line.startswith("| `")]
    assert len(rows) > 80
    assert not [row for row in rows if row.endswith("|  |")]


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\t- x", "- 1\n- 2", "just text"])
def test_text_that_is_no_mapping_names_the_line(text: str) -> None:
    """YAML that does not parse, or is no mapping, is an error with a line."""
    with pytest.raises(ConfigError, match=r"queue\.yaml:\d+: "):
        parse_section(text, Path("queue.yaml"), Queue)


def test_errors_inside_lists_name_their_line() -> None:
    """A bad weight in the second topic is reported on its own line."""
    text = "topics:\n  a:\n    - Eins\n    - {name: Zwei, weight: -1}\n"
    with pytest.raises(ConfigError, match=r"generator\.yaml:4: topics\.a\.1\.weight"):
        parse_section(text, Path("generator.yaml"), Generator)


@given(st.text(max_size=200))
def test_any_text_loads_or_is_a_config_error(text: str) -> None:
    """No file content brings the program down with another error."""
    with contextlib.suppress(ConfigError):
        parse_section(text, Path("evolution.yaml"), Evolution)


def test_two_queues_are_one_too_many(home: Home) -> None:
    """queue.yaml and system.yaml may not name different queues."""
    _write(home, "queue.yaml", "paths: {base: one}\n")
    _write(home, "system.yaml", "paths: {queue: two}\n")
    with pytest.raises(ConfigError, match=r"paths\.base is one"):
        load(home)


def test_a_changed_file_counts_at_the_next_look(home: Home) -> None:
    """A new batch size is seen without a restart."""
    folder = SettingsFolder(home, look_every=0)
    _write(home, "evolution.yaml", "producer: {generation: {batch_size: 7}}\n")
    assert folder.current().evolution.producer.generation.batch_size == 7


def test_a_bad_edit_keeps_the_last_good_settings(home: Home) -> None:
    """After a typo the old values stay, the complaint says why, and a correction clears it."""
    folder = SettingsFolder(home, look_every=0)
    _write(home, "evolution.yaml", "producer: {generation: {batch_size: no}}\n")
    assert folder.current().evolution.producer.generation.batch_size == 20
    assert folder.complaint is not None
    assert "batch_size" in folder.complaint.message

    _write(home, "evolution.yaml", "producer: {generation: {batch_size: 5}}\n")
    assert folder.current().evolution.producer.generation.batch_size == 5
    assert folder.complaint is None


@pytest.mark.parametrize(
    "styles", ["[technisch, casual]", "{available: [technisch, casual], default: casual}"]
)
def test_styles_are_a_list_or_a_section(styles: str) -> None:
    """Both ways of writing the styles are understood."""
    found = parse_section(f"styles: {styles}", Path("generator.yaml"), Generator)
    assert found.styles.available == ("technisch", "casual")
