"""The HTTP face of the simulator: the OpenAI API, the calibrator API and its counts."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from random import Random
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from syntx.errors import ConfigError
from syntx.simulator import openai_shapes
from syntx.simulator.counting import Stats
from syntx.simulator.dice import Occurrences, dice
from syntx.simulator.digressing import digress
from syntx.simulator.faults import GARBAGE, HTML_PAGE, FaultPlan, spoil
from syntx.simulator.mind import Mind
from syntx.simulator.options import SimulatorOptions
from syntx.simulator.questions import (
    MalformedQuestion,
    Question,
    read_calibration,
    read_chat,
)
from syntx.simulator.replies import Reply
from syntx.simulator.waiting import at_once, reset, spread, wait

LABEL = {"x-simulated": "true"}
FORCE_HEADER = "x-simulate-fault"
STATUS = {"rate_limit": 429, "error_500": 500, "error_503": 503, "error_504": 504, "timeout": 504}


def build_app(options: SimulatorOptions) -> Starlette:
    """Build the application; its `state.stopping` event ends every pause at once."""
    simulator = Simulator(options)
    routes = [
        Route(prefix + path, handler, methods=methods)
        for prefix in ("", "/v1")
        for path, handler, methods in (
            ("/models", simulator.models, ["GET"]),
            ("/stats", simulator.counts, ["GET"]),
            ("/chat/completions", simulator.chat, ["POST"]),
            ("/api/chat", simulator.calibrate, ["POST"]),
            ("/resonanz/chat", simulator.calibrate, ["POST"]),
        )
    ]
    app = Starlette(routes=routes)
    app.state.stopping = simulator.stopping
    return app


class Simulator:
    """One simulated endpoint with its mind, its faults and its counts."""

    def __init__(self, options: SimulatorOptions) -> None:
        self.stopping = asyncio.Event()
        self._options = options
        self._faults = FaultPlan(options)
        self._mind = Mind(options)
        self._stats = Stats()
        self._occurrences = Occurrences()

    async def models(self, request: Request) -> Response:
        """List the models."""
        self._stats.calls["models"] += 1
        return _json(openai_shapes.models())

    async def counts(self, request: Request) -> Response:
        """Tell how many calls, answers and faults there were."""
        return _json(self._stats.as_json())

    async def chat(self, request: Request) -> Response:
        """Answer a chat completion, whole or as a stream."""
        self._stats.calls["chat"] += 1
        try:
            question = read_chat(await _body(request))
            occurrence = self._occurrences.count(question.whole)
            fault = self._choose_fault(request, question, occurrence)
        except (MalformedQuestion, ConfigError) as error:
            return _json(openai_shapes.error(400, str(error)), 400)
        if (response := await self._broken(request, fault, openai_shapes.error)) is not None:
            return response
        reply = await self._ask(question, occurrence, fault)
        if question.stream:
            return self._streamed(openai_shapes.chunks(question, reply), fault)
        return self._whole(openai_shapes.completion(question, reply), fault)

    async def calibrate(self, request: Request) -> Response:
        """Answer in the manner of the calibrator API."""
        self._stats.calls["calibrator"] += 1
        started = time.monotonic()
        try:
            body = await _body(request)
            question = read_calibration(body, self._options.frames)
            occurrence = self._occurrences.count(question.whole)
            fault = self._choose_fault(request, question, occurrence)
        except (MalformedQuestion, ConfigError) as error:
            return _json({"detail": str(error), "simulated": True}, 422)
        if (response := await self._broken(request, fault, _calibrator_error)) is not None:
            return response
        reply = await self._ask(question, occurrence, fault)
        answer = {"response": reply.text, "simulated": True}
        return self._whole({**answer, "metadata": _metadata(body, started)}, fault)

    def _choose_fault(self, request: Request, question: Question, occurrence: int) -> str | None:
        chance = dice(self._options.seed, "fault", question.whole, occurrence)
        fault = self._faults.choose(request.headers.get(FORCE_HEADER), chance)
        if fault is not None:
            self._stats.faults[fault] += 1
        return fault

    async def _broken(self, request: Request, fault: str | None, shape: Any) -> Response | None:
        match fault:
            case "timeout":
                await wait(request, self._options.timeout_seconds, self.stopping)
            case "hang":
                await wait(request, self._options.hang_seconds, self.stopping)
                return _reset(request)
            case "reset":
                return _reset(request)
            case "html":
                return Response(HTML_PAGE, media_type="text/html", headers=LABEL)
            case "garbage":
                return Response(GARBAGE, media_type="application/json", headers=LABEL)
        status = STATUS.get(fault or "")
        if status is None:
            return None
        pause = {"retry-after": f"{self._options.retry_after:g}"} if status == 429 else {}
        return _json(shape(status, f"simulated fault: {fault}"), status, pause)

    async def _ask(self, question: Question, occurrence: int, fault: str | None) -> Reply:
        chance = dice(self._options.seed, "latency", question.whole, occurrence)
        await self._think(chance)
        kind, reply = self._mind.reply(question, occurrence)
        self._stats.answers[kind] += 1
        return spoil(digress(reply, fault).within(question.max_tokens), fault)

    async def _think(self, chance: Random) -> None:
        latency = self._options.latency
        if latency > 0 and self._options.profile != "instant":
            await asyncio.sleep(min(chance.expovariate(1 / latency), 5 * latency))

    def _whole(self, answer: dict[str, Any], fault: str | None) -> Response:
        if fault != "slow_stream":
            return _json(answer)
        text = json.dumps(answer).encode()
        pieces = [text[start : start + 64] for start in range(0, len(text), 64)]
        return self._slow(pieces, "application/json")

    def _streamed(self, pieces: Any, fault: str | None) -> Response:
        if fault == "slow_stream":
            return self._slow(pieces, "text/event-stream")
        return StreamingResponse(at_once(pieces), media_type="text/event-stream", headers=LABEL)

    def _slow(self, pieces: Any, media_type: str) -> Response:
        slowly = spread(pieces, self._options.slow_seconds, self.stopping)
        return StreamingResponse(slowly, media_type=media_type, headers=LABEL)


async def _body(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise MalformedQuestion("the body is not JSON") from error


def _json(
    content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    return JSONResponse(content, status, headers={**LABEL, **(headers or {})})


def _reset(request: Request) -> Response:
    reset(request.scope)
    return Response(status_code=503, headers=LABEL)


def _calibrator_error(status: int, message: str) -> dict[str, Any]:
    return {"detail": message, "simulated": True}


def _metadata(body: dict[str, Any], started: float) -> dict[str, Any]:
    chain = [str(body["mode"])] if body.get("mode") else []
    if body.get("include_terminology"):
        chain.append("terminology")
    return {
        "request_id": uuid.uuid4().hex,
        "wrapper_chain": chain,
        "latency_ms": round((time.monotonic() - started) * 1000, 1),
    }
