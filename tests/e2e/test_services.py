from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from observing import Cli, entries, is_running, jobs, log_lines

from syntx.home import Home
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.running import running

Service = Callable[..., "subprocess.Popen[bytes]"]


@contextmanager
def _slow_model(seconds: float) -> Iterator[str]:
    with running(SimulatorOptions(latency=seconds)) as url:
        yield url


def _until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def test_sigterm_finishes_what_is_in_flight(home: Home, cli: Cli, service: Service) -> None:
    """Asked to stop, the consumer ends its job within the drain time and leaves the others."""
    (home.config / "system.yaml").write_text("consumer: {in_flight: 1, drain_seconds: 20}\n")
    for number in range(3):
        cli("submit", "-p", f"Was wäre, wenn es morgen {number} Sonnen gäbe?")
    with _slow_model(0.5) as url:
        consumer = service("consumer", SYNTX_SIMULATOR_URL=url)
        _until(lambda: entries(home, "processing"))
        consumer.send_signal(signal.SIGTERM)
        assert consumer.wait(20) == 0

    finished = jobs(home, "processed", "error")
    assert len(finished) >= 1
    assert all(job["verdict"]["score"] for job in finished)
    assert len(finished) + len(entries(home, "incoming")) == 3


def test_a_job_that_outlasts_the_drain_goes_back(home: Home, cli: Cli, service: Service) -> None:
    """After the drain time the job is back in incoming under its name, and the process is gone."""
    (home.config / "system.yaml").write_text("consumer: {drain_seconds: 0.2}\n")
    job_id = cli("submit", "-p", "Wie lange dauert eine Ewigkeit?").stdout.strip()
    with _slow_model(60.0) as url:
        consumer = service("consumer", SYNTX_SIMULATOR_URL=url)
        _until(lambda: entries(home, "processing"))
        consumer.send_signal(signal.SIGTERM)
        assert consumer.wait(10) == 0

    assert [path.name for path in entries(home, "incoming")] == [f"{job_id}.json"]


def test_a_second_signal_ends_at_once(home: Home, cli: Cli, service: Service) -> None:
    """Two signals end the consumer without a drain; the job is not lost."""
    (home.config / "system.yaml").write_text("consumer: {drain_seconds: 600}\n")
    cli("submit", "-p", "Wie lange dauert eine Ewigkeit?")
    with _slow_model(60.0) as url:
        consumer = service("consumer", SYNTX_SIMULATOR_URL=url)
        _until(lambda: entries(home, "processing"))
        # On a busy machine the first may be heard so late that the second is one wish with it.
        for _ in range(20):
            consumer.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                consumer.wait(1.5)
                break
        assert consumer.wait(1) == 130
    assert len(entries(home, "incoming")) + len(entries(home, "processing")) == 1


def test_many_jobs_run_side_by_side(home: Home, cli: Cli, service: Service) -> None:
    """Eight jobs of half a second each take far less than four seconds."""
    (home.config / "system.yaml").write_text("consumer: {in_flight: 8}\n")
    options = [part for n in range(8) for part in ("-p", f"Was bedeutet die Zahl {n}?")]
    cli("submit", *options)
    with _slow_model(0.5) as url:
        done = cli("consumer", "--until-empty", "--json", env={"SYNTX_SIMULATOR_URL": url})
    assert done.returncode == 0, done.stderr
    starts = [job["attempts"][0]["started"] for job in jobs(home, "processed", "error")]
    ends = [job["attempts"][0]["ended"] for job in jobs(home, "processed", "error")]
    assert max(starts) < min(ends)


def test_two_cron_lines_make_two_batches(home: Home, tmp_path: Path, simulator: str) -> None:
    """`env -i …/run producer --once`, twice, from anywhere: two batches, no lock left behind."""
    run = Path(__file__).resolve().parents[2] / "run"
    command = ["env", "-i", f"SYNTX_SIMULATOR_URL={simulator}", str(run), "--home", str(home.root)]
    for _ in range(2):
        done = subprocess.run(
            [*command, "producer", "--once", "--force", "--size", "4"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    assert len(entries(home, "incoming")) == 8
    assert [line["generation"] for line in log_lines(home, "evolution")] == [1, 2]
    assert list((home.root / "queue" / ".tmp").iterdir()) == []


def test_force_writes_one_batch_and_ends(home: Home, cli: Cli, simulator: str) -> None:
    """`--force` alone is one turn, however full the queue is; it never goes on by itself."""
    done = cli("producer", "--force", "--size", "3", env={"SYNTX_SIMULATOR_URL": simulator})
    assert done.returncode == 0, done.stderr
    assert len(entries(home, "incoming")) == 3


def test_a_second_producer_says_that_there_is_one(
    home: Home, cli: Cli, service: Service, simulator: str
) -> None:
    """Two producers on one home: the second ends with exit code 75 and the reason."""
    service("producer", SYNTX_SIMULATOR_URL=simulator)
    _until(lambda: (home.root / "logs" / "evolution.jsonl").exists())
    second = cli("producer", "--once", env={"SYNTX_SIMULATOR_URL": simulator})
    assert second.returncode == 75
    assert "another producer" in second.stderr


def test_another_endpoint_is_one_file(home: Home, cli: Cli) -> None:
    """A YAML file with another port, named in the settings, moves all calls there."""
    with running(SimulatorOptions(latency=0.0)) as other:
        (home.models / "other.yaml").write_text(
            f"kind: openai\nbase_url: {other}/v1\n"
            "models:\n  - {name: other-model, context: 8000, price: {input: 1, output: 2}}\n"
        )
        (home.config / "system.yaml").write_text("consumer: {model: other-model}\n")
        (home.config / "generator.yaml").write_text(
            "openai: {model: other-model}\ntopics: {kultur: [Brettspiele]}\n"
        )
        assert cli("producer", "--once", "--size", "2").returncode == 0
        assert cli("consumer", "--until-empty").returncode == 0

    lines = log_lines(home, "costs")
    assert [line["model"] for line in lines] == ["other-model"] * 4
    for line in lines:
        assert line["input_cost"] == pytest.approx(line["input_tokens"] * 1e-6)
        assert line["total_cost"] == pytest.approx(line["input_cost"] + line["output_cost"])


def test_children_die_with_the_run_that_started_them(home: Home, service: Service) -> None:
    """kill -9 of `syntx run` leaves no service behind."""
    run = service("run", "--latency", "0.5")
    _until(lambda: entries(home, "processing"))
    consumer = int(entries(home, "processing")[0].parent.name.split("-")[-4])
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    _until(lambda: not is_running(consumer))


@pytest.mark.parametrize("watch", [True, False])
def test_a_dropped_file_is_noticed(
    home: Home, service: Service, simulator: str, watch: bool
) -> None:
    """A file renamed in is taken by event at once, or by the next poll when there are no events."""
    (home.config / "queue.yaml").write_text(f"watch: {str(watch).lower()}\npoll_seconds: 0.5\n")
    service("consumer", SYNTX_SIMULATOR_URL=simulator)
    incoming = home.root / "queue" / "incoming"
    _until(lambda: (home.root / "queue" / "processing").exists())
    time.sleep(0.5)
    (home.root / "frage.txt").write_text("Warum ist der Himmel blau?")
    (home.root / "frage.txt").rename(incoming / "frage.txt")
    _until(lambda: jobs(home, "processed", "error"), 6.0)


def test_an_interrupted_run_stops_in_order(home: Home, service: Service) -> None:
    """SIGINT to the whole process group, as a terminal sends it: a drain, 130, nobody left."""
    run = service("run", "--generations", "50", "--latency", "0.3", start_new_session=True)
    _until(lambda: len(entries(home, "processing")) >= 2)
    consumer = int(entries(home, "processing")[0].parent.name.split("-")[-4])
    os.killpg(run.pid, signal.SIGINT)

    assert run.wait(30) == 130
    assert not is_running(consumer)
    assert entries(home, "processing") == []
