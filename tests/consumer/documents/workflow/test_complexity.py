from __future__ import annotations

import pytest

from consumer.documents.generation.models import KpiDefinition
from consumer.documents.workflow.complexity import decide
from consumer.documents.workflow.models import RequestContext

KPI = KpiDefinition(id="rows", json_path="$.x", target_value=3)


@pytest.mark.parametrize(
    ("request_", "formats", "expected"),
    [
        (RequestContext(prompt="Was ist die Hauptstadt von Peru?"), 1, "simple"),
        (RequestContext(prompt="Fasse zusammen.", attachments=("a.pdf",)), 1, "moderate"),
        (RequestContext(prompt="Schreibe einen Bericht über Wale."), 1, "moderate"),
        (RequestContext(prompt="Zahlen bitte.", kpis=(KPI,)), 1, "moderate"),
        (RequestContext(prompt="wort " * 61), 1, "moderate"),
        (RequestContext(prompt="wort " * 251), 1, "complex"),
        (RequestContext(prompt="Kurz.", attachments=("a", "b", "c", "d")), 1, "complex"),
        (RequestContext(prompt="Kurz."), 2, "complex"),
        (RequestContext(prompt="Kurz.", kpis=(KPI, KPI)), 1, "complex"),
    ],
)
def test_requests_are_told_apart_by_what_they_ask_for(
    request_: RequestContext, formats: int, expected: str
) -> None:
    """Length, attachments, measures, formats and words like "report" count; a reason is given."""
    decision = decide(request_, formats)

    assert decision.complexity == expected
    assert decision.reason


def test_the_jobs_own_word_counts_most() -> None:
    """`complexity: simple` in job.yaml takes the short way whatever is attached."""
    request_ = RequestContext(prompt="wort " * 500, attachments=("a.pdf",))

    decision = decide(request_, override="simple")

    assert (decision.complexity, decision.reason) == ("simple", "the job says so")
