from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from document_work import CATALOGUE, REMOTE, Player, Work

from consumer.documents.workflow.models import ChatWorkflow
from syntx.errors import CostLimitExceeded, ModelUnavailable, NotAuthorised
from syntx.job_options import BadOptions
from syntx.settings.models import Documents

CSV = "Filiale;Umsatz\nKöln;1200\nBonn;900\nUlm;700\n".encode()
TEXT = "Die Filiale Köln wuchs um 12,5 Prozent. Risiken bestehen beim Einkauf.\n".encode()
FILES = {"zahlen.csv": CSV}
TWO_FILES = {**FILES, "lage.txt": TEXT}
ALWAYS = {"document.json", "validation.json", "workflow.json"}
ROWS = {"id": "rows", "jsonPath": "$..rows", "targetValue": 500}
SHORT = {
    "metadata": {"title": "Umsätze"},
    "documents": [
        {
            "sections": [
                {
                    "id": "s1",
                    "content_type": "table",
                    "title": "Umsätze",
                    "order": 1,
                    "elements": [{"headers": ["Filiale"], "rows": [["Köln"], ["Bonn"], ["Ulm"]]}],
                }
            ]
        }
    ],
}
REFUSAL = "Es tut mir leid, aber dabei kann ich nicht helfen."


def _names(workflow: ChatWorkflow) -> list[str]:
    return [record.name for record in workflow.actions]


async def test_a_simple_request_takes_one_call(tmp_path: Path) -> None:
    """Nothing is planned; the plain answer is rendered, checked and delivered."""
    work = Work(tmp_path, request="Was hält eine Stadt im Winter zusammen?")
    player = Player()

    verdict = await work.run(player)

    assert player.parts == {"writer/answer": 1}
    assert verdict.outcome == "passed"
    assert set(work.outputs) > ALWAYS
    assert verdict.answers[0].text.split()[0] in work.outputs["document.json"].decode()
    assert work.state.complexity_reason


async def test_a_larger_request_is_planned_extracted_written_rendered_and_checked(
    tmp_path: Path,
) -> None:
    """Every phase leaves its record, and the outputs hold what was asked for."""
    work = Work(tmp_path, files=TWO_FILES)

    verdict = await work.run(Player())

    assert verdict.outcome == "passed"
    assert verdict.simulated
    assert verdict.score is not None
    assert verdict.score_version == "document/1"
    assert _names(work.state) == [
        "document.extractContent",
        "ai.analyse",
        "ai.generateDocument",
        "document.render",
        "document.validate",
    ]
    (rendered,) = set(work.outputs) - ALWAYS
    assert "1200" in work.outputs[rendered].decode()
    assert "Köln" in work.outputs["document.json"].decode()
    assert json.loads(work.outputs["workflow.json"])["finished"] is True
    assert work.state.messages[-1].documents_label == "round1_delivery"
    assert {one.file_name for one in work.state.messages[-1].documents} == {
        rendered,
        "document.json",
        "validation.json",
    }


async def test_every_asked_format_is_delivered(tmp_path: Path) -> None:
    """Whatever the planner forgets is added to the plan, and told."""
    work = Work(tmp_path, options={"formats": ["md", "csv", "json"]})
    task = {"id": "t1", "objective": "o", "successCriteria": ["c"], "format": "md"}
    plan = json.dumps({"intent": "one", "tasks": [task]})
    player = Player(lambda name, _: plan if name == "planner/understand" else None)

    verdict = await work.run(player)

    assert verdict.outcome == "passed"
    assert {Path(name).suffix for name in set(work.outputs) - ALWAYS} >= {".md", ".csv", ".json"}
    assert "csv" in work.state.plan_note


async def test_a_plan_that_cannot_be_run_is_told_and_then_replaced(tmp_path: Path) -> None:
    """The planner hears the faults once; after that the standard plan is taken, with a note."""
    cyclic = json.dumps(
        {
            "intent": "i",
            "tasks": [
                {"id": "a", "objective": "o", "successCriteria": ["c"], "dependencies": ["a"]}
            ],
        }
    )
    work = Work(tmp_path, files=FILES)
    player = Player(lambda name, _: cyclic if name == "planner/understand" else None)

    verdict = await work.run(player)

    asked = [one.messages[0].content for one in player.asked]
    assert player.parts["planner/understand"] == 2
    assert "# Faults\n- the dependencies go round in a circle: a → a" in asked[1]
    assert work.state.plan_note.startswith("standard plan")
    assert verdict.outcome == "passed"


async def test_a_planner_that_talks_nonsense_does_not_keep_the_job_from_its_end(
    tmp_path: Path,
) -> None:
    """Each choice that cannot be used twice is replaced by the usual action, with a note."""
    work = Work(tmp_path, files=FILES)
    nonsense = {"planner/select": '{"action": "dance"}', "planner/understand": "Gerne!"}
    player = Player(lambda name, _: nonsense.get(name))

    verdict = await work.run(player)

    assert verdict.outcome == "passed"
    assert _names(work.state)[-1] == "document.validate"
    assert all("used twice" in one.notes[-1] for one in work.state.observations)


async def test_parameters_are_asked_for_in_a_second_step_and_checked(tmp_path: Path) -> None:
    """Unknown parameters are told by name to the planner, who may try once more."""
    chosen = json.dumps({"action": "ai.generateDocument", "parameters": None})
    work = Work(tmp_path, request="Schreibe einen Bericht über Wale.")
    answers = {"planner/select": chosen, "planner/parameters": '{"colour": "red"}'}
    player = Player(lambda name, times: answers.get(name) if times == 0 else None)

    await work.run(player)

    asked = [one.messages[0].content for one in player.asked]
    assert any("ai.generateDocument: unknown parameter 'colour'" in text for text in asked)


async def test_a_refusal_ends_the_job_as_refused_and_is_not_asked_again(tmp_path: Path) -> None:
    """The verdict says who declined; nothing is delivered but the record."""
    work = Work(tmp_path, request="Was hält eine Stadt zusammen?")
    player = Player(lambda *_: REFUSAL)

    verdict = await work.run(player)

    assert (verdict.outcome, verdict.reason, verdict.score) == ("refused", "refused", None)
    assert player.parts["writer/answer"] == 1
    assert "declined" in (verdict.message or "")
    assert set(work.outputs) == {"workflow.json"}


async def test_a_planner_that_refuses_ends_the_job_as_refused(tmp_path: Path) -> None:
    """A refusal before there is any task is a verdict too."""
    work = Work(tmp_path, files=FILES)

    verdict = await work.run(Player(lambda *_: REFUSAL))

    assert verdict.outcome == "refused"


async def test_a_refused_task_does_not_lose_the_others(tmp_path: Path) -> None:
    """The first task's file is delivered although the writer declines the second."""
    plan = {
        "intent": "two",
        "tasks": [
            {"id": "a", "objective": "o", "successCriteria": ["c"], "format": "md"},
            {"id": "b", "objective": "o", "successCriteria": ["c"], "format": "csv"},
        ],
    }
    work = Work(tmp_path, files=FILES, options={"formats": ["md", "csv"]})

    def script(name: str, times: int) -> str | None:
        if name == "planner/understand":
            return json.dumps(plan)
        return REFUSAL if name == "writer/write" and times == 1 else None

    verdict = await work.run(Player(script))

    assert verdict.outcome == "refused"
    assert [one.success for one in work.state.results] == [True, False]
    assert any(name.endswith(".md") for name in work.outputs)


async def test_tasks_that_need_one_which_yielded_nothing_are_skipped(tmp_path: Path) -> None:
    """The result says which task they needed; the job fails and says so."""
    plan = {
        "intent": "two",
        "tasks": [
            {"id": "a", "objective": "o", "successCriteria": ["c"], "format": "md"},
            {
                "id": "b",
                "objective": "o",
                "successCriteria": ["c"],
                "format": "csv",
                "dependencies": ["a"],
            },
        ],
    }
    work = Work(
        tmp_path,
        request="Schreibe einen Bericht über Wale.",
        options={"formats": ["md", "csv"]},
    )
    answers = {"planner/understand": json.dumps(plan), "writer/write": "Nein."}

    verdict = await work.run(Player(lambda name, _: answers.get(name)))

    assert verdict.outcome == "failed"
    assert "skipped, because it needs a" in work.state.results[1].reason


async def test_a_measure_that_is_out_of_reach_ends_as_low_score(tmp_path: Path) -> None:
    """The writer gets the suggestions, and stops when quality rises no more."""
    work = Work(
        tmp_path,
        files=FILES,
        options={"kpis": [ROWS]},
        settings=Documents(format="md", accept_quality=0.95),
    )
    player = Player(lambda name, _: json.dumps(SHORT) if name == "writer/write" else None)

    verdict = await work.run(player)

    assert verdict.outcome == verdict.reason == "low_score"
    assert work.state.results[0].stop_reason == "no_improvement"
    writes = [
        one.messages[0].content
        for one in player.asked
        if "# Order\nwrite" in one.messages[0].content
    ]
    assert any("# Suggestions\n" in text for text in writes[1:])
    (kpi,) = work.state.kpis
    assert kpi.current_value == 3


async def test_a_refusal_in_the_middle_keeps_the_version_that_was_made_before(
    tmp_path: Path,
) -> None:
    """The writer wrote once, was asked for more, and declined."""
    work = Work(tmp_path, files=FILES, options={"kpis": [ROWS]})

    def script(name: str, times: int) -> str | None:
        if name == "writer/write":
            return REFUSAL if times else json.dumps(SHORT)
        return None

    verdict = await work.run(Player(script))

    assert verdict.outcome == "refused"
    assert "Umsätze.md" in work.outputs


async def test_names_and_texts_that_are_no_unicode_do_not_stop_a_job(tmp_path: Path) -> None:
    """A file name of other bytes is read, and half a character in a plan is replaced."""
    work = Work(tmp_path, request="Schreibe einen Bericht über die Umsätze.")
    (work.folder / "attachments" / os.fsdecode(b"Ums\xe4tze.csv")).write_bytes(CSV)
    task = '{"id": "t1", "objective": "halb \\ud83d", "successCriteria": ["c"], "format": "md"}'
    plan = f'{{"intent": "i", "tasks": [{task}]}}'

    verdict = await work.run(Player(lambda name, _: plan if "understand" in name else None))

    assert verdict.outcome == "passed"
    assert b"1200" in work.outputs["document.json"]


async def test_options_that_cannot_be_followed_are_named_at_once(tmp_path: Path) -> None:
    """Unknown keys, unknown models, paths that are none; no model is asked."""
    player = Player()

    with pytest.raises(BadOptions, match="colour is unknown") as unknown:
        await Work(tmp_path / "a", options={"colour": "red"}).run(player)
    with pytest.raises(BadOptions, match="no model named gpt-9"):
        await Work(tmp_path / "b", options={"models": {"write": "gpt-9"}}).run(player)
    with pytest.raises(BadOptions, match="JSONPath"):
        await Work(tmp_path / "c", options={"kpis": [{**ROWS, "jsonPath": "$["}]}).run(player)

    assert "format" in (unknown.value.fix or "")
    assert not player.asked


async def test_nothing_personal_reaches_a_remote_model_and_all_of_it_is_in_the_result(
    tmp_path: Path,
) -> None:
    """Request, file names and content are replaced before the call, and restored in the outputs."""
    text = "Max Mustermann (max@mustermann.de) wohnt in Köln und zahlt 1200 Euro Miete.\n"
    work = Work(
        tmp_path,
        request="Schreibe einen Bericht über Max Mustermann und seine Miete.",
        options={"neutralize": True, "names": ["Max Mustermann"]},
        files={"Max Mustermann.txt": text.encode()},
        catalogue=REMOTE,
    )
    player = Player()

    verdict = await work.run(player)

    assert verdict.outcome == "passed"
    sent = "\n".join(message.content for one in player.asked for message in one.messages)
    assert "Mustermann" not in sent
    assert "mustermann.de" not in sent
    assert "[[PERSON_1]]" in sent
    assert "context.neutralizeData" in _names(work.state)
    delivered = b"".join(data for name, data in work.outputs.items() if name != "workflow.json")
    assert b"max@mustermann.de" in delivered
    assert b"PERSON_1" not in delivered
    assert (work.folder / "workflow/mapping.json").stat().st_mode & 0o777 == 0o600


async def test_a_name_that_only_a_mail_tells_of_is_known_before_the_first_call(
    tmp_path: Path,
) -> None:
    """What is attached is read before the planner hears of the request."""
    mail = b"From: Erika Brandt <erika@brandt.de>\r\nSubject: Angebot\r\n\r\nGuten Tag.\r\n"
    work = Work(
        tmp_path,
        request="Schreibe einen Bericht über das Angebot von Erika Brandt.",
        options={"neutralize": True, "title": "Akte Erika Brandt"},
        files={"angebot.eml": mail},
        catalogue=REMOTE,
    )
    player = Player()

    await work.run(player)

    assert "Brandt" not in "".join(one.content for call in player.asked for one in call.messages)
    assert _names(work.state)[:2] == ["document.extractContent", "context.neutralizeData"]
    assert "Akte Erika Brandt.md" in work.outputs


async def test_names_that_cannot_be_read_stop_everything_before_the_first_call(
    tmp_path: Path,
) -> None:
    """A list of names that is missing must not mean that nobody is on it."""
    settings = Documents(format="md", neutralize=True, names=Path("names.txt"))
    player = Player()

    with pytest.raises(Exception, match="names to replace cannot be read"):
        await Work(tmp_path, files=FILES, settings=settings, catalogue=REMOTE).run(player)

    assert not player.asked


async def test_a_key_that_is_refused_concerns_every_job(tmp_path: Path) -> None:
    """Within an action too, the error comes out as it is."""
    work = Work(tmp_path, files=FILES)
    script = {"writer/write": NotAuthorised("no key")}

    with pytest.raises(NotAuthorised):
        await work.run(Player(lambda name, _: script.get(name)))


async def test_every_start_has_a_finish_also_on_errors(tmp_path: Path) -> None:
    """Round, tasks and actions are told in pairs, nested, when the models go away midway."""
    work = Work(tmp_path, files=FILES)
    script = {"writer/write": ModelUnavailable("gone")}

    with pytest.raises(ModelUnavailable):
        await work.run(Player(lambda name, _: script.get(name)))
    await work.run(Player())

    open_: list[object] = []
    for kind, where, success, _ in work.heard.lines:
        if kind == "start":
            open_.append(where)
        else:
            assert open_.pop() == where
            assert success is not None
    assert not open_


async def test_documents_are_in_no_message_until_their_task_is_over(tmp_path: Path) -> None:
    """Within the task they are held; then they have a label; the delivery has all of them."""
    work = Work(tmp_path, files=FILES)
    script = {"writer/write": ModelUnavailable("gone")}
    with pytest.raises(ModelUnavailable):
        await work.run(Player(lambda name, _: script.get(name)))
    midway = work.state

    await work.run(Player())

    assert [message.documents_label for message in midway.messages] == ["attachments"]
    assert len(midway.held) == 2
    done = work.state
    assert [message.documents_label for message in done.messages] == [
        "attachments",
        "round1_task1_results",
        "round1_delivery",
    ]
    assert not done.held
    assert {one.id for one in done.messages[1].documents} == set(done.results[0].documents)


async def test_what_no_action_follows_is_refused_by_name(tmp_path: Path) -> None:
    """Extraction takes whole documents, whatever a planner would set; it is told, and goes on."""
    options = {"extractionOptions": {"maxSize": 10, "prompt": "alles"}}
    choice = json.dumps({"action": "document.extractContent", "parameters": options})
    work = Work(tmp_path, files=FILES)
    player = Player(lambda name, n: choice if (name, n) == ("planner/select", 0) else None)

    verdict = await work.run(player)

    told = "".join(one.messages[0].content for one in player.asked)
    assert "maxSize is not supported" in told
    assert verdict.outcome == "passed"


async def test_workflows_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    """Each progress names its own workflow's places, and each job its own results."""
    first = Work(tmp_path / "a", files=FILES)
    second = Work(tmp_path / "b", files=FILES, options={"formats": ["md", "csv"]})

    await asyncio.gather(first.run(Player()), second.run(Player()))
    alone = Work(tmp_path / "c", files=FILES)
    await alone.run(Player())

    assert first.heard.lines == alone.heard.lines
    assert max(where.task for _, where, *_ in second.heard.lines) == 2


async def test_a_deadline_of_the_whole_job_is_kept(tmp_path: Path) -> None:
    """A model that never answers does not hold the worker."""
    work = Work(tmp_path, options={"deadline": 0.2})

    class Endless(Player):
        async def ask(self, request):  # type: ignore[no-untyped-def]
            await asyncio.sleep(3600)

    with pytest.raises(TimeoutError):
        await work.run(Endless())


async def test_a_cost_limit_holds_over_all_calls(tmp_path: Path) -> None:
    """Each call may cost what the earlier ones left; a call over the limit ends the job."""
    work = Work(tmp_path, files=FILES, options={"max_cost": 0.0035})
    player = Player()

    class Priced(Player):
        async def ask(self, request):  # type: ignore[no-untyped-def]
            if request.limits.cost < 0.001:
                raise CostLimitExceeded("too dear")
            return await player.ask(request)

    with pytest.raises(CostLimitExceeded):
        await work.run(Priced())

    left = [one.limits.cost for one in player.asked]
    assert left == pytest.approx([0.0035, 0.0025, 0.0015])


async def test_a_link_among_the_attachments_is_not_followed(tmp_path: Path) -> None:
    """Who made the folder by hand gets nothing of ours into the result."""
    secret = tmp_path / "secret.txt"
    secret.write_text("streng geheim 4711")
    work = Work(tmp_path, files=FILES)
    (work.folder / "attachments" / "link.txt").symlink_to(secret)

    await work.run(Player())

    assert b"4711" not in b"".join(work.outputs.values())


async def test_a_state_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Nothing is written through it."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    work = Work(tmp_path, files=FILES)
    (work.folder / "workflow").symlink_to(elsewhere)

    with pytest.raises(Exception, match="no plain file or folder"):
        await work.run(Player())

    assert not list(elsewhere.iterdir())


async def test_a_judge_has_a_say_where_one_is_configured(tmp_path: Path) -> None:
    """The judge's own chain is asked once a check."""
    models = {"judge": "wise"}
    catalogue = CATALOGUE + "  - {name: wise, context: 32000, max_output: 4096}\n"
    work = Work(tmp_path, files=FILES, options={"models": models}, catalogue=catalogue)
    player = Player()

    await work.run(player)

    judged = [one.model for one in player.asked if "# Role\njudge" in one.messages[0].content]
    assert judged == ["wise"]
