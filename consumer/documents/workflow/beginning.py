"""How a round begins, and how one is taken up again that was interrupted."""

from __future__ import annotations

from dataclasses import replace

from consumer.documents.workflow.complexity import decide
from consumer.documents.workflow.models import ChatMessage, ChatWorkflow
from consumer.documents.workflow.office import Office
from consumer.documents.workflow.progress import Where
from consumer.documents.workflow.shelf import ATTACHED
from syntx.job_options import JobOptions


def begin(office: Office, options: JobOptions) -> None:
    """Begin the round with what the user said; one that has begun goes on."""
    now = office.workflow
    if now.current_round:
        _close_interrupted(office)
        return
    now.resting, now.request = False, office.request
    now.increment_round()
    decision = decide(office.request, len(office.wishes.formats), options.complexity)
    now.complexity, now.complexity_reason = decision.complexity, decision.reason
    now.messages = [
        ChatMessage(
            id=f"msg_round{now.current_round}_request",
            role="user",
            message=office.request.prompt,
            documents_label=ATTACHED,
            documents=office.attachments,
        )
    ]
    office.save()


def rest(office: Office) -> None:
    """Note that the run ends in order: all that was told to have started was told to be over."""
    office.workflow.resting = True
    office.save()


def _close_interrupted(office: Office) -> None:
    """Tell the end of what a killed run had told the start of."""
    if not office.workflow.resting:
        for where in _open_places(office.workflow):
            office.progress.finished(where, success=False, message="interrupted")
    office.workflow.resting = False


def _open_places(workflow: ChatWorkflow) -> list[Where]:
    """Return the places that had begun and not ended, the innermost first."""
    now = Where(workflow.id, workflow.current_round, workflow.current_task, workflow.current_action)
    ended = [one for one in workflow.actions if one.task == now.task]
    understanding = workflow.understanding is None
    places = [now] if understanding or now.action > len(ended) else []
    if now.task > len(workflow.results):
        places.append(replace(now, action=0))
    return [*places, replace(now, task=0, action=0)]
