"""The services under a systemd that really booted: run with `./run test -m slow tests/units`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from syntx.systemd.stamping import stamped

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SYNTX = "/opt/syntx/bin/syntx"
HOME = "/var/lib/syntx"
UNITS = "/usr/local/lib/systemd/system"
CONSUMER, PRODUCER = "syntx-consumer@1.service", "syntx-producer.service"
MONITOR = "syntx-monitor.service"
FAST, SLOW = "8811", "8812"


class Installed:
    """A machine with the services on it; each test finds them stopped, with an empty queue."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine
        self.run, self.show, self.until = machine.run, machine.show, machine.until

    def stop(self) -> None:
        """Stop everything without a drain."""
        self.run("systemctl", "stop", "--no-block", "syntx-*", "syntx.target")
        self.run("systemctl", "kill", "--signal=KILL", "syntx-*", check=False)
        self.run("systemctl", "stop", "syntx-*", "syntx.target")

    def reset(self) -> None:
        """Stop everything, and put config and queue back to what is shipped."""
        self.stop()
        self.run("sh", "-c", "rm -rf /run/systemd/system/syntx-*")
        self.run("rm", "-rf", f"{HOME}/config", f"{HOME}/queue")
        self.run("systemd-tmpfiles", "--create", "/usr/local/lib/tmpfiles.d/syntx.conf")
        self.run("runuser", "-u", "syntx", "--", SYNTX, "init", HOME)
        self.run("systemctl", "daemon-reload")
        self.run("systemctl", "reset-failed")

    def settings(self, name: str, text: str) -> None:
        """Replace a file of settings."""
        self.machine.write(f"{HOME}/config/{name}", text)

    def use_model_at(self, port: str) -> None:
        """Point the catalogue to a simulator."""
        file = f"{HOME}/config/models/simulator.yaml"
        self.run("sed", "-i", f"s|127.0.0.1:[0-9]*|127.0.0.1:{port}|", file)

    def drop_in(self, unit: str, text: str) -> None:
        """Change a unit as an operator does."""
        self.machine.write(f"/run/systemd/system/{unit}.d/50-test.conf", text)
        self.run("systemctl", "daemon-reload")

    def submit(self, count: int = 1) -> list[str]:
        """Submit jobs and return their IDs."""
        prompts = [part for n in range(count) for part in ("-p", f"Was bedeutet die Zahl {n}?")]
        command = ("runuser", "-u", "syntx", "--", SYNTX, "--home", HOME, "submit")
        return self.run(*command, *prompts).split()

    def names(self, state: str) -> list[str]:
        """Return the names of the job files in a state."""
        folder = f"{HOME}/queue/{state}"
        found = self.run("find", folder, "-name", "*.json", "-printf", "%f\n", check=False)
        return sorted(found.split())

    def job(self, state: str) -> dict[str, Any]:
        """Return the only job of a state."""
        (name,) = self.names(state)
        return json.loads(self.run("sh", "-c", f"cat {HOME}/queue/{state}/*/{name}"))

    def pid(self, unit: str = CONSUMER) -> str:
        """Return the main process of a unit; 0 is none."""
        return str(self.show(unit, "MainPID")["MainPID"])


@pytest.fixture(scope="session")
def installation(machine: Any) -> Installed:
    """Give a machine on which the installer did all there is to do, up to the start."""
    for port, latency in ((FAST, "0.01"), (SLOW, "900")):
        machine.run(
            *("systemd-run", "--quiet", f"--unit=simulator-{port}"),
            *(SYNTX, "simulator", "--port", port, "--latency", latency),
        )
    machine.run(SYNTX, "systemd", "install", "--syntx", SYNTX, "--now")
    return Installed(machine)


@pytest.fixture
def services(installation: Installed) -> Iterator[Installed]:
    """Give the services, stopped, with an empty queue."""
    installation.reset()
    yield installation
    installation.stop()


def test_one_command_brings_up_the_whole_loop(services: Installed) -> None:
    """After `install --now` all services are ready, turn the loop, and say how far they are."""
    services.run(SYNTX, "systemd", "install", "--syntx", SYNTX, "--now")
    for unit in (CONSUMER, PRODUCER, MONITOR):
        assert services.show(unit, "SubState") == _RUNNING
    assert services.show("syntx.target", "UnitFileState") == {"UnitFileState": "enabled"}
    services.until(lambda: services.names("processed"))
    services.until(lambda: "settled" in services.show(CONSUMER, "StatusText")["StatusText"])
    assert "generations" in services.show(PRODUCER, "StatusText")["StatusText"]
    assert "waiting" in services.show(MONITOR, "StatusText")["StatusText"]
    services.until(
        lambda: "syntx_" in services.run("cat", f"{HOME}/logs/metrics.prom", check=False)
    )


def test_settings_changed_while_it_runs_count_at_once(services: Installed) -> None:
    """The same process accepts what it refused before, after an edit of system.yaml."""
    services.settings("system.yaml", "consumer: {accept_score: 100}\n")
    services.run("systemctl", "start", CONSUMER)
    pid = services.pid()
    services.submit(6)
    services.until(lambda: len(services.names("error")) + len(services.names("processed")) == 6)
    refused = len(services.names("error"))
    assert refused > 0

    services.settings("system.yaml", "consumer: {accept_score: null}\n")
    services.submit(6)
    services.until(lambda: len(services.names("processed")) == 12 - refused)
    assert len(services.names("error")) == refused
    assert services.pid() == pid


def test_a_stop_hands_a_long_job_back(services: Installed) -> None:
    """A drain longer than TimeoutStopSec is granted; the job is back under its name, exit 0."""
    services.settings("system.yaml", "consumer: {drain_seconds: 25}\n")
    services.use_model_at(SLOW)
    services.drop_in(CONSUMER, "[Service]\nTimeoutStopSec=15\n")
    (job_id,) = services.submit()
    services.run("systemctl", "start", CONSUMER)
    services.until(lambda: services.names("processing"))
    services.run("systemctl", "stop", CONSUMER)

    ended = services.show(CONSUMER, "Result", "ExecMainStatus", "ExecMainCode")
    assert ended == {"Result": "success", "ExecMainStatus": "0", "ExecMainCode": "1"}
    assert services.names("incoming") == [f"{job_id}.json"]


def test_a_hung_consumer_is_ended_and_its_job_done_by_the_next(services: Installed) -> None:
    """A stopped process misses its pings; the watchdog ends it and a fresh one does the job."""
    services.use_model_at(SLOW)
    services.drop_in(CONSUMER, "[Service]\nWatchdogSec=15\nRestartSec=1\n")
    services.submit()
    services.run("systemctl", "start", CONSUMER)
    services.until(lambda: services.names("processing"))
    pid = services.pid()
    services.use_model_at(FAST)
    services.run("kill", "-STOP", pid)

    services.until(lambda: services.names("processed") + services.names("error"))
    assert services.pid() != pid
    assert "result 'watchdog'" in services.machine.journal()


def test_a_busy_consumer_is_not_taken_for_a_hung_one(services: Installed) -> None:
    """With all places taken by jobs that last for hours, the pings go on."""
    services.settings("system.yaml", "consumer: {in_flight: 1}\n")
    services.use_model_at(SLOW)
    services.drop_in(CONSUMER, "[Service]\nWatchdogSec=15\n")
    services.submit(2)
    services.run("systemctl", "start", CONSUMER)
    services.until(lambda: services.names("processing"))
    services.run("sleep", "40")
    assert services.show(CONSUMER, "NRestarts", "SubState") == {"NRestarts": "0", **_RUNNING}


def test_a_killed_consumer_comes_back_and_rescues_its_job(services: Installed) -> None:
    """After kill -9 systemd starts a new one, which finds the job and counts the rescue."""
    services.use_model_at(SLOW)
    services.drop_in(CONSUMER, "[Service]\nRestartSec=1\n")
    (job_id,) = services.submit()
    services.run("systemctl", "start", CONSUMER)
    services.until(lambda: services.names("processing"))
    services.run("kill", "-KILL", services.pid())

    services.until(lambda: services.names("processing") == [f"{job_id}.t1.json"])
    assert services.show(CONSUMER, "NRestarts") == {"NRestarts": "1"}


@pytest.mark.parametrize("unit", [CONSUMER, PRODUCER, MONITOR])
def test_a_wrong_configuration_is_not_tried_again(services: Installed, unit: str) -> None:
    """Exit code 78 ends it: failed, no restart, and the journal names file and remedy."""
    services.settings("system.yaml", "consumer: {in_flight: many}\n")
    services.drop_in(unit, "[Service]\nRestartSec=100ms\n")
    services.run("systemctl", "start", unit, check=False)
    services.until(lambda: services.show(unit, "ActiveState") == {"ActiveState": "failed"})
    services.run("sleep", "1")

    ended = services.show(unit, "ExecMainStatus", "NRestarts")
    assert ended == {"ExecMainStatus": "78", "NRestarts": "0"}
    assert "system.yaml:1: consumer.in_flight" in services.machine.journal()


def test_a_prompt_that_root_drops_is_answered(services: Installed) -> None:
    """A file of another user in incoming/ is taken, by a service that may do nothing special."""
    services.run("systemctl", "start", CONSUMER)
    services.machine.write(f"{HOME}/queue/incoming/frage.txt", "Warum ist der Himmel blau?\n")
    services.until(lambda: services.names("processed") + services.names("error"))
    assert services.run("ls", f"{HOME}/queue/incoming") == ""


def test_the_timer_makes_a_turn(services: Installed) -> None:
    """The timer starts one turn of the producer, which leaves prompts and ends well."""
    services.drop_in(
        "syntx-produce.timer", "[Timer]\nOnCalendar=\nOnCalendar=*:*:0/2\nAccuracySec=100ms\n"
    )
    services.run("systemctl", "start", "syntx-produce.timer")
    services.until(lambda: len(services.names("incoming")) >= 15)
    services.run("systemctl", "stop", "syntx-produce.timer")
    services.until(
        lambda: services.show("syntx-produce", "ActiveState") == {"ActiveState": "inactive"}
    )
    assert services.show("syntx-produce", "Result") == {"Result": "success"}


def test_the_timer_is_due_three_times_a_day(services: Installed) -> None:
    """As installed it waits for 6, 12 or 18 o'clock, and makes up for what it slept through."""
    services.run("systemctl", "start", "syntx-produce.timer")
    told = services.show("syntx-produce.timer", "TimersCalendar", "Persistent")
    assert "OnCalendar=*-*-* 06,12,18:00:00" in told["TimersCalendar"]
    assert told["Persistent"] == "yes"


def test_a_key_in_the_folder_of_credentials_is_used_and_not_told(services: Installed) -> None:
    """Without its key the consumer ends with 78; with the file there it works; no log tells it."""
    services.settings(
        "models/keyed.yaml",
        f"kind: openai\nbase_url: http://127.0.0.1:{FAST}/v1\nkey: KEY_OF_TEST\n"
        "models:\n  - {name: simulator-target-2, context: 32768}\n",
    )
    services.settings("system.yaml", "consumer: {model: simulator-target-2}\n")
    services.submit(3)
    services.run("systemctl", "start", CONSUMER)
    services.until(lambda: services.show(CONSUMER, "ExecMainStatus") == {"ExecMainStatus": "78"})
    assert len(services.names("incoming")) == 3

    services.machine.write("/etc/syntx/credentials/KEY_OF_TEST", "canary-4711\n", "0600")
    services.run("systemctl", "start", CONSUMER)
    services.until(lambda: len(services.names("processed") + services.names("error")) == 3)
    assert services.run("grep", "-rl", "canary-4711", HOME, "/run/log", check=False) == ""
    assert "canary-4711" not in services.machine.journal()


def test_services_start_where_there_is_no_folder_of_credentials(services: Installed) -> None:
    """A missing folder of keys is no reason not to start."""
    services.run("rm", "-rf", "/etc/syntx")
    services.run("systemctl", "start", CONSUMER, PRODUCER)
    assert services.show(CONSUMER, "SubState") == services.show(PRODUCER, "SubState") == _RUNNING


def test_a_service_writes_nowhere_but_in_its_home(services: Installed) -> None:
    """What a consumer sees of the system is read-only, and other users' homes are not there."""
    services.run("systemctl", "start", CONSUMER)
    inside = ("nsenter", "-t", services.pid(), "--mount", "--")
    for place in ("/etc", "/usr/local", "/var/lib", "/srv"):
        services.run(*inside, "sh", "-c", f"! touch {place}/probe")
    services.run(*inside, "touch", f"{HOME}/queue/probe")
    assert services.run(*inside, "ls", "-A", "/root", "/home") == "/home:\n\n/root:\n"


_RUNNING = {"SubState": "running"}


def test_an_alert_command_runs_as_confined_as_the_monitor(services: Installed) -> None:
    """What is told of a wrong configuration reaches the command, which can write the home alone."""
    script = 'touch /etc/probe; printenv >"$HOME/told"'
    services.settings(
        "system.yaml",
        f"monitoring: {{every: 1, alert_command: [sh, -c, {json.dumps(script)}]}}\n",
    )
    services.run("systemctl", "start", MONITOR)
    services.settings("queue.yaml", "nonsense: 1\n")
    services.until(lambda: services.run("cat", f"{HOME}/told", check=False))
    services.run("test", "!", "-e", "/etc/probe")


def test_an_upgrade_restarts_what_runs_and_takes_over_what_is_new(services: Installed) -> None:
    """A unit of an earlier version, one that is no more, none of the monitor: all as fresh."""
    services.run("systemctl", "start", "syntx.target")
    services.until(lambda: services.show(CONSUMER, "SubState") == _RUNNING)
    services.run("systemctl", "disable", "--now", MONITOR, PRODUCER)
    services.run("rm", f"{UNITS}/{MONITOR}")
    for name in (CONSUMER.replace("1", ""), "syntx-old.service"):
        text = "[Service]\nExecStart=/bin/sleep 1000\n"
        services.machine.write(f"{UNITS}/{name}", stamped(text).decode())
    services.run("systemctl", "daemon-reload")
    services.run("systemctl", "start", "syntx-old.service")
    pid = services.pid()
    services.run(SYNTX, "systemd", "install", "--syntx", SYNTX, "--now")

    services.until(lambda: services.show(MONITOR, "SubState") == _RUNNING)
    services.until(lambda: services.pid() not in ("0", pid))
    states = {
        unit: services.show(unit, "ActiveState")["ActiveState"] for unit in (PRODUCER, "syntx-old")
    }
    assert states == {PRODUCER: "inactive", "syntx-old": "inactive"}
    assert services.show(PRODUCER, "UnitFileState") == {"UnitFileState": "disabled"}
    services.run("systemctl", "enable", PRODUCER)


def test_uninstall_takes_everything_away(services: Installed) -> None:
    """Afterwards systemd knows none of our units, and the home is still there."""
    services.run("systemctl", "enable", "--now", "syntx.target", "syntx-consumer@2.service")
    services.run("systemctl", "disable", "--now", "syntx.target")
    services.run(SYNTX, "systemd", "uninstall")
    services.run("systemctl", "daemon-reload")
    try:
        known = services.run("systemctl", "list-unit-files", "--no-legend", "syntx*", check=False)
        assert known == ""
        running = ("list-units", "--no-legend", "--state=active", "syntx*.service", "syntx*.target")
        assert services.run("systemctl", *running) == ""
        assert services.run("find", "/etc/systemd", "-name", "*syntx*") == ""
        services.run("test", "-d", f"{HOME}/config")
    finally:
        services.run(SYNTX, "systemd", "install", "--syntx", SYNTX, "--now")
