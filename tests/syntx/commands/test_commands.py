from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syntx.cli import cli
from syntx.home import Home
from syntx.ids import new_id
from syntx.job import Attempt, Job, Recipe, Score, Verdict

Call = Callable[..., Result]


def _settle(home: Home, **recipe: str) -> Job:
    """Put one finished job where the consumer would."""
    now = datetime.now(UTC)
    score = Score(total=93, fields={"drift": True}, explanation=("structure 1.00: all in order",))
    job = Job(id=new_id(at=now), created_at=now, prompt="Warum?", recipe=Recipe(**recipe))
    job = job.settled(
        Verdict(outcome="passed", score=score, score_version="1", settled_at=now),
        Attempt(worker="w", started=now, ended=now),
    )
    folder = home.root / "queue" / "processed" / job.day
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{job.id}.json").write_bytes(job.to_bytes())
    return job


def test_init_lays_out_a_home_and_overwrites_nothing(tmp_path: Path) -> None:
    """A second init leaves an edited file as it is."""
    root = tmp_path / "home"
    first = CliRunner().invoke(cli, ["init", str(root)])
    (root / "config" / "queue.yaml").write_text("# mine\n")
    second = CliRunner().invoke(cli, ["init", str(root)])

    assert first.exit_code == second.exit_code == 0
    assert "config/queue.yaml" in first.stdout
    assert second.stdout == ""
    assert (root / "config" / "queue.yaml").read_text() == "# mine\n"


def test_a_demo_is_laid_out_in_the_home_that_is_named(tmp_path: Path) -> None:
    """`--home` says where, and what is no home of a demo is left alone."""
    (tmp_path / "mine").write_text("mine")
    shown = CliRunner().invoke(cli, ["--home", str(tmp_path), "demo"])
    assert shown.exit_code == 1
    assert f"{tmp_path} is there and no home of a demo" in shown.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_config_check_finds_the_shipped_files_fine(call: Call) -> None:
    """A fresh home has nothing to complain about."""
    found = json.loads(call("config", "check", "--json").stdout)
    assert (found["topics"], found["categories"]) == (33, 7)
    assert found["wrappers"] == ["deepsweep", "human", "sigma", "syntex_system"]


def test_config_check_exits_with_78_and_names_the_line(call: Call, home: Home) -> None:
    """A typo ends with exit code 78, the file, the line, the key and the remedy."""
    (home.config / "queue.yaml").write_text("max_atempts: 3\n")
    shown = call("config", "check")
    assert shown.exit_code == 78
    assert "queue.yaml:1: max_atempts" in shown.stderr
    assert "fix: did you mean 'max_attempts'?" in shown.stderr


def test_a_model_in_no_file_is_a_config_error(call: Call, home: Home) -> None:
    """A removed provider file is named by the key that still asks for its model."""
    (home.config / "system.yaml").write_text("consumer: {model: gone}\n")
    shown = call("config", "check")
    assert shown.exit_code == 78
    assert "gone" in shown.stderr
    assert "system.yaml" in shown.stderr


def test_config_show_masks_secrets(call: Call, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is set is shown as stars, whatever it is."""
    monkeypatch.setenv("CANARY_KEY", "sk-canary-0123456789")
    (home.models / "other.yaml").write_text(
        "kind: openai\nbase_url: https://127.0.0.1/v1\nkey: CANARY_KEY\nmodels: [{name: other}]\n"
    )
    shown = call("config", "show")
    assert "sk-canary" not in shown.output
    endpoints = json.loads(shown.stdout)["models"]
    assert next(e for e in endpoints if e["key"] == "CANARY_KEY")["key_value"] == "********"


def test_the_settings_page_is_what_the_models_say(call: Call) -> None:
    """docs/reference/settings.md equals `syntx config reference`."""
    page = Path(__file__).resolve().parents[3] / "docs" / "reference" / "settings.md"
    assert page.read_text() == call("config", "reference").stdout


def test_wrappers_dropped_in_are_listed(call: Call, home: Home) -> None:
    """A new file is listed by its name, an older name without its prefix."""
    (home.root / "wrappers" / "syntex_wrapper_kurz.txt").write_text("1. LAGE\n\n2. FOLGE\n")
    listed = json.loads(call("wrappers", "--json").stdout)["wrappers"]
    kurz = next(wrapper for wrapper in listed if wrapper["name"] == "kurz")
    assert [field["heading"] for field in kurz["fields"]] == ["LAGE", "FOLGE"]


def test_models_tell_whether_their_key_is_set(call: Call, home: Home) -> None:
    """A missing key is seen at a glance."""
    (home.models / "other.yaml").write_text(
        "kind: openai\nbase_url: https://127.0.0.1/v1\nkey: NO_KEY\nmodels: [{name: other}]\n"
    )
    shown = call("models")
    assert "NO_KEY MISSING" in shown.stdout
    rows = {
        row["model"]: row["key_set"]
        for row in json.loads(call("models", "--json").stdout)["models"]
    }
    assert rows["other"] is False
    assert rows["simulator-target"] is True


def test_a_submitted_prompt_waits_and_is_shown(call: Call, home: Home) -> None:
    """submit prints the ID; show finds it by its beginning, with the prompt as it was given."""
    job_id = call("submit", "-t", "Brettspiele", "-w", "sigma", "-p", "Wer gewinnt?").stdout.strip()
    shown = json.loads(call("show", "--json", job_id[:30]).stdout)

    assert shown["state"] == "incoming"
    assert shown["prompt"] == "Wer gewinnt?"
    assert shown["recipe"]["category"] == "kultur"
    assert json.loads(call("status", "--json").stdout)["counts"]["incoming"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("submit",), 2, "nothing to submit"),
        (("submit", "-w", "nirgends", "-p", "x"), 1, "human"),
        (("submit", "-m", "gone", "-p", "x"), 78, "simulator-target"),
        (("show", "2099"), 1, "no job"),
        (("producer", "--temperature", "3", "--once"), 78, "--temperature"),
        (("producer", "--style", "barock", "--once"), 78, "technisch"),
    ],
)
def test_errors_say_what_to_do(
    call: Call, arguments: tuple[str, ...], code: int, text: str
) -> None:
    """Wrong calls end with their exit code and name the remedy."""
    shown = call(*arguments)
    assert shown.exit_code == code
    assert text in shown.stderr


def test_show_tells_a_verdict_with_its_reasons(call: Call, home: Home) -> None:
    """A finished job is shown with outcome, score and what made it."""
    job = _settle(home, topic="Brettspiele")
    shown = call("show", job.id).stdout
    assert "passed" in shown
    assert "93" in shown
    assert "all in order" in shown


def test_show_keeps_the_terminal_safe(call: Call) -> None:
    """Escape sequences in a prompt are shown, not obeyed."""
    job_id = call("submit", "-p", "harmlos\x1b]0;boo\x07").stdout.strip()
    assert "\x1b" not in call("show", job_id).stdout


def test_analyze_reads_the_finished_jobs(call: Call, home: Home) -> None:
    """analyze counts what scored well, and reports files that are no job."""
    for style in ("casual", "casual", "kreativ"):
        _settle(
            home, topic="Brettspiele", category="kultur", style=style, wrapper="human", pattern="q"
        )
    day = next((home.root / "queue" / "processed").iterdir())
    (day / f"{new_id()}.json").write_text("{ no job")

    shown = call("analyze", "--json")
    found = json.loads(shown.stdout)
    assert found["top"]["sample_count"] == 3
    assert found["top"]["avg_score"] == 93
    assert found["top"]["styles"] == {"casual": 2, "kreativ": 1}
    assert found["fields"] == {"drift": 1.0}
    assert "skipped" in shown.stderr


def test_generations_of_an_empty_home_are_none(call: Call) -> None:
    """Nothing learned yet is said so, not an error."""
    shown = call("generations").stdout

    assert "not decided yet (n = 0 steered, 0 control; 8 of each are needed)" in shown


def test_an_empty_home_has_nothing_to_analyze(call: Call) -> None:
    """No table without rows is shown where nothing was scored."""
    assert call("analyze").stdout == "nothing was scored yet\n"


def test_costs_add_up(call: Call, home: Home) -> None:
    """The total is the sum of the known costs; calls of unknown price are counted apart."""
    day = "2026-11-20T10:00:00Z"
    lines = [
        {"timestamp": day, "model": "a", "total_cost": 0.25, "input_tokens": 5},
        {"timestamp": day, "model": "a", "total_cost": 0.5},
        {"timestamp": day, "model": "b", "total_cost": None},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (home.root / "logs" / "costs.jsonl").write_text(text + '{"torn')
    found = json.loads(call("costs", "--json").stdout)
    assert found["total"] == 0.75
    assert {row["model"]: row["unpriced"] for row in found["rows"]} == {"a": 0, "b": 1}


def test_tail_prints_the_last_lines(call: Call, home: Home) -> None:
    """tail gives whole records and reports the torn one."""
    log = home.root / "logs" / "evolution.jsonl"
    log.write_text('{"generation": 1}\n{"generation": 2}\n{"gener')
    shown = call("tail", "evolution", "-n", "2")
    assert [json.loads(line) for line in shown.stdout.splitlines()] == [{"generation": 2}]
    assert "torn line" in shown.stderr


def test_show_and_status_tell_of_a_refused_file(call: Call, home: Home) -> None:
    """What could not be taken is counted apart, and shown with its name and reason."""
    folder = home.root / "queue" / "error" / "2026-11-20" / f"{new_id()}.refused"
    folder.mkdir(parents=True)
    found = [{"name": "bild.txt"}]
    record = {"reason": "binary", "message": "it holds a NUL byte", "found": found}
    (folder / "refusal.json").write_text(json.dumps(record))

    counts = json.loads(call("status", "--json").stdout)["counts"]
    assert (counts["refused"], counts["error"]) == (1, 0)
    shown = call("show", folder.name.removesuffix(".refused")).stdout
    assert "bild.txt" in shown
    assert "binary: it holds a NUL byte" in shown
    assert str(folder) in shown
    told = json.loads(call("show", "--json", folder.name).stdout)
    assert (told["state"], told["reason"]) == ("refused", "binary")
    call("discard", folder.name)
    assert json.loads(call("show", "--json", folder.name).stdout)["state"] == "discarded"


def test_a_broken_wrapper_is_named_and_the_others_stay(call: Call, home: Home) -> None:
    """A text without headings is reported; the list and the check say so."""
    (home.root / "wrappers" / "notes.txt").write_text("Nur eine Notiz.\n")
    listed = call("wrappers", "--json")
    assert "notes" in listed.stderr
    assert len(json.loads(listed.stdout)["wrappers"]) == 4
    assert call("config", "check").exit_code == 78
