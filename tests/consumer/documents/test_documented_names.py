"""The records have the names and fields in JSON that their documentation gives them."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from consumer.documents.calls.models import AiCallOptions, AiResponse
from consumer.documents.extraction.models import ContentExtracted, ContentPart, ExtractionOptions
from consumer.documents.generation.models import (
    DocumentStructure,
    JsonAccumulationState,
    KpiDefinition,
    SectionStructure,
    UnifiedJsonDocument,
)
from consumer.documents.validation.models import ValidationResult
from consumer.documents.workflow.models import (
    ActionDefinition,
    ActionDocument,
    ChatWorkflow,
    TaskContext,
)

FIELDS: dict[type[BaseModel], str] = {
    ChatWorkflow: "currentRound currentTask currentAction",
    TaskContext: "actionObjective parametersContext learnings stage1Selection",
    ActionDefinition: "action actionObjective parametersContext learnings documentList "
    "connectionReference parameters",
    ActionDocument: "documentName documentData mimeType validationMetadata",
    ContentPart: "id parentId label typeGroup mimeType data metadata",
    ContentExtracted: "id parts summary",
    ExtractionOptions: "prompt processDocumentsIndividually imageMaxPixels imageQuality "
    "mergeStrategy chunkAllowed maxSize textChunkSize imageChunkSize",
    UnifiedJsonDocument: "metadata documents statistics",
    DocumentStructure: "sections",
    SectionStructure: "id content_type title order elements",
    AiResponse: "content metadata documents",
    AiCallOptions: "operationType priority compressPrompt compressContext "
    "processDocumentsIndividually maxCost maxProcessingTime processingMode resultFormat "
    "safetyMargin temperature maxParts",
    KpiDefinition: "id description jsonPath targetValue currentValue tolerance",
    JsonAccumulationState: "accumulatedJsonString isAccumulationMode lastParsedResult allSections "
    "kpis",
    ValidationResult: "overallSuccess qualityScore dataTypeMatch formatMatch documentCount "
    "criteriaMapping gapAnalysis gapType structureComparison improvementSuggestions "
    "validationDetails",
}


@pytest.mark.parametrize("record", FIELDS, ids=lambda record: record.__name__)
def test_every_documented_field_is_there(record: type[BaseModel]) -> None:
    """Under its own name; records may hold more, a verdict may not."""
    names = {field.alias or name for name, field in record.model_fields.items()}

    assert names >= set(FIELDS[record].split())
    assert record is not ValidationResult or names == set(FIELDS[record].split())
