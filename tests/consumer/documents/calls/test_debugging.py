"""Debug files: off unless asked for, numbered, private, without secrets or personal data."""

from __future__ import annotations

import stat
from typing import Any

import pytest

from consumer.documents.calls.debugging import without_secrets
from syntx.errors import ModelUnavailable

KEY = "geheim-4711-abcdef"


def files(scene: Any) -> dict[str, str]:
    """The debug files by name."""
    return {path.name: path.read_text() for path in sorted(scene.debug.iterdir())}


async def test_prompt_and_answer_of_each_call_are_kept(scene: Any, question: Any) -> None:
    """By number and purpose, readable for the service alone."""
    caller, _ = scene.caller(["gut", "schlecht"], secrets=())

    await caller.ask(question("a"))
    await caller.ask(question("b", purpose="judge"))

    assert files(scene) == {
        "0001-analyse-answer.txt": "gut",
        "0001-analyse-prompt.txt": "[user]\na",
        "0002-judge-answer.txt": "schlecht",
        "0002-judge-prompt.txt": "[user]\nb",
    }
    modes = {stat.S_IMODE(path.stat().st_mode) for path in scene.debug.iterdir()}
    assert modes == {0o600}


async def test_a_restart_numbers_on(scene: Any, question: Any) -> None:
    """Nothing that was kept is overwritten."""
    for text in ("a", "b"):
        caller, _ = scene.caller(["gut"], secrets=())
        await caller.ask(question(text))

    assert [name[:4] for name in files(scene)] == ["0001", "0001", "0002", "0002"]


async def test_without_the_setting_there_are_none(scene: Any, question: Any) -> None:
    """The folder is not even made."""
    caller, _ = scene.caller(["gut"])

    await caller.ask(question())

    assert not scene.debug.exists()


async def test_a_failed_call_is_kept_too(scene: Any, question: Any) -> None:
    """With what was said instead of an answer."""
    caller, _ = scene.caller([ModelUnavailable("weg"), "gut"], secrets=())

    await caller.ask(question())

    assert files(scene)["0001-analyse-answer.txt"] == "(no answer: weg)"


async def test_keys_are_in_no_file(scene: Any, question: Any) -> None:
    """Neither in prompts nor in what a model says back."""
    caller, _ = scene.caller([f"Der Schlüssel ist {KEY}."], secrets=(KEY,))

    await caller.ask(question(f"Key: {KEY}"))

    assert not any(KEY in text for text in files(scene).values())


async def test_with_a_guard_only_cleaned_text_is_kept(
    scene: Any, question: Any, names: Any
) -> None:
    """Also of a local model, which reads the text itself; what cannot be cleaned is left out."""
    caller, _ = scene.caller(["Max Muster und Erika"], chain=("here",), guard=names, secrets=())

    await caller.ask(question("Wer ist Max Muster?"))

    assert files(scene) == {
        "0001-analyse-answer.txt": "(left out: personal data)",
        "0001-analyse-prompt.txt": "[user]\nWer ist [[PERSON_1]]?",
    }


@pytest.mark.parametrize(
    "secret",
    [
        "sk-proj-abcDEF1234567890",
        "ghp_0123456789abcdefghij",
        "AKIA1234567890ABCDEF",
        "AIzaSyA-1234567890abcdefg",
        "xoxb-1234567890-abc",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_hidden(secret: str) -> None:
    """Whatever stands around it."""
    assert secret not in without_secrets(f"x {secret} y", ())
    assert without_secrets(f"x {secret} y", ()) == "x *** y"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Authorization: Bearer abcdef12345", "Authorization: Bearer ***"),
        ('{"api_key": "abcdef12345", "a": 1}', '{"api_key": "***", "a": 1}'),
        ("password=hunter22;", "password=***;"),
        ("https://max:geheim@host/x", "https://max:***@host/x"),
        ("Die Passwortregel: acht Zeichen.", "Die Passwortregel: acht Zeichen."),
        ("Uhrzeit 12:30, task-force, sk-1", "Uhrzeit 12:30, task-force, sk-1"),
    ],
)
def test_named_secrets_are_hidden_and_other_text_is_left(text: str, left: str) -> None:
    """The name stays, the value goes."""
    assert without_secrets(text, ()) == left


def test_a_secret_that_holds_another_is_hidden_whole() -> None:
    """The longer one first; what is too short to be a key is no secret."""
    assert without_secrets("abcdefgh-12", ("abcdefgh", "abcdefgh-12", "a")) == "***"
