"""The state of a workflow as a worker saves it, for those who look at it."""

from __future__ import annotations

from typing import Any


def action(number: int, name: str, *, task: int = 1, **more: Any) -> dict[str, Any]:
    """One action that took two seconds."""
    times = {"started": "2026-11-21T10:00:00Z", "ended": "2026-11-21T10:00:02Z"}
    place = {"round": 1, "task": task, "action": number, "taskId": f"t{task}", "name": name}
    return place | times | {"success": True} | more


def state(**more: Any) -> dict[str, Any]:
    """Two tasks: the first done in two actions, the second at its first."""
    tasks = [
        {"id": "t1", "objective": "Bericht schreiben"},
        {"id": "t2", "objective": "Tabelle schreiben", "dependencies": ["t1"]},
    ]
    found = {"overallSuccess": True, "qualityScore": 0.85}
    known: dict[str, Any] = {
        "id": "x",
        "currentRound": 1,
        "currentTask": 2,
        "currentAction": 1,
        "complexity": "complex",
        "complexityReason": "two attachments",
        "understanding": {"intent": "report", "tasks": tasks},
        "actions": [
            action(1, "document.extractContent"),
            action(2, "ai.generateDocument", qualityScore=0.85),
        ],
        "results": [
            {"taskId": "t1", "success": True, "stopReason": "criteria_met", "validation": found}
        ],
        "kpis": [
            {"id": "rows", "jsonPath": "$..rows", "targetValue": 500, "currentValue": 412},
            {"id": "title", "jsonPath": "$.title", "targetValue": "Bericht"},
        ],
        "finished": False,
    }
    return known | more
