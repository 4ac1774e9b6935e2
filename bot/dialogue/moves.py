"""How does Rasa run our actions? In this process, with their failures kept, not swallowed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig

#: Runs one action call: the SDK executor's `run`. Takes the call's JSON, answers {"events": [...], "responses": [...]}.
RunAction = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]

_failures: ContextVar[list[Exception]] = ContextVar("haven_failures")


def watch_failures() -> list[Exception]:
    """Begin a turn: the list returned collects what Rasa would have logged and forgotten."""
    failures: list[Exception] = []
    _failures.set(failures)
    return failures


class InProcessActions(EndpointConfig):
    """Stands where Rasa expects the address of an action server, and calls the executor directly."""

    def __init__(self, run_action: RunAction, is_rejection: Callable[[Exception], bool]) -> None:
        super().__init__(url="in-process")
        self._run_action = run_action
        self._is_rejection = is_rejection

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        """Run one action. A rejection becomes the 400 that Rasa knows; any other failure is kept and raised."""
        try:
            return await self._run_action(kwargs["json"])
        except Exception as failure:
            if self._is_rejection(failure):
                body = {"error": str(failure), "action_name": getattr(failure, "action_name", "")}
                raise ClientResponseError(400, "the action declined", json.dumps(body)) from failure
            _failures.get([]).append(failure)
            raise
