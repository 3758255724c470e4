"""What of a workflow survives a kill: its state, and the bytes of what its actions yielded."""

from __future__ import annotations

import structlog
from pydantic import ValidationError

from consumer.documents.workflow.folder import OUTPUTS, WORKFLOW, JobFolder
from consumer.documents.workflow.models import ActionDocument, ChatDocument, ChatWorkflow
from consumer.documents.workflow.names import safe_name

log = structlog.get_logger()

STATE = f"{WORKFLOW}/state.json"
DOCUMENTS = f"{WORKFLOW}/documents"


class Keeper:
    """Saves and loads; an action that runs again replaces what it had left."""

    def __init__(self, folder: JobFolder) -> None:
        self.folder = folder
        folder.make(WORKFLOW, DOCUMENTS, OUTPUTS)

    def load(self, workflow_id: str) -> ChatWorkflow:
        """Return the state as it was saved last, a new one where there is none.

        A damaged one begins anew: the answers are journaled apart, and are found again.
        """
        try:
            found = ChatWorkflow.model_validate_json(self.folder.read(STATE))
        except FileNotFoundError:
            return ChatWorkflow(id=workflow_id)
        except ValidationError:
            log.warning("workflow_state_damaged", job_id=workflow_id, follows="it begins anew")
            return ChatWorkflow(id=workflow_id)
        if len(found.actions) != len(found.observations):
            log.warning("workflow_state_damaged", job_id=workflow_id, follows="it begins anew")
            return ChatWorkflow(id=workflow_id)
        if found.id != workflow_id:
            log.warning("workflow_state_foreign", job_id=workflow_id, found=found.id)
            return ChatWorkflow(id=workflow_id)
        return found

    def save(self, workflow: ChatWorkflow) -> None:
        """Replace the saved state; when this returns it is on disk."""
        self.folder.write(STATE, workflow.model_dump_json(by_alias=True).encode())

    def keep(self, place: str, documents: tuple[ActionDocument, ...]) -> tuple[ChatDocument, ...]:
        """Write an action's documents under names of their place; returns how to find them."""
        return tuple(self._keep(place, number, one) for number, one in enumerate(documents, 1))

    def tidy(self) -> None:
        """Remove what interrupted writes left in `outputs/`."""
        for found in self.folder.files(OUTPUTS):
            name = found.file.rpartition("/")[2]
            if name.startswith(".") and name.endswith(".tmp"):
                self.folder.remove(found.file)

    def _keep(self, place: str, number: int, document: ActionDocument) -> ChatDocument:
        file = f"{DOCUMENTS}/{place}_{number}_{safe_name(document.document_name)}"
        self.folder.write(file, document.document_data)
        return ChatDocument(
            id=f"doc_{place}_{number}",
            file_name=document.document_name,
            mime_type=document.mime_type,
            size=len(document.document_data),
            file=file,
            validation_metadata=document.validation_metadata,
        )
