"""Operations of messaging (section 4 of LINK.md): each names a request, and an event tells what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from motet_voice.errors import misuse
from motet_voice.registry import LIMIT_DEFAULTS
from motet_voice.requests import Outcome
from motet_voice.services import Handler, Reply

from .lines import Members, event, number, octets
from .nodes import Nodes

_BLOWN_BYTES = LIMIT_DEFAULTS["RECEIVE_MAX_BYTES"] + 1


async def _echo(_: bytes, payload: bytes) -> Reply:
    return Reply(payload)


async def _compress(_: bytes, payload: bytes) -> Reply:
    return Reply(payload, True)


async def _fail(_: bytes, __: bytes) -> Reply:
    raise RuntimeError("told to fail")


async def _hang(_: bytes, __: bytes) -> Reply:
    await asyncio.Event().wait()
    raise AssertionError


async def _blow(_: bytes, __: bytes) -> Reply:
    return Reply(bytes(_BLOWN_BYTES))


_HANDLERS: dict[str, Handler | None] = {
    "echo": _echo, "compress": _compress, "fail": _fail, "hang": _hang, "blow": _blow, "none": None,
}


def _handler(given: Members) -> Handler | None:
    if given["how"] not in _HANDLERS:
        raise misuse("how")
    return _HANDLERS[given["how"]]


class Messaging:
    """The application of all nodes."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._next = 1

    async def serve(self, given: Members) -> Members:
        """node.serve."""
        self._nodes.of(given).services.serve(given["channel"], _handler(given))
        return {}

    async def define(self, given: Members) -> Members:
        """node.define."""
        self._nodes.of(given).services.define(number(given["command"]), _handler(given))
        return {}

    async def tell(self, given: Members) -> Members:
        """node.tell."""
        request, outcome = self.request(given, lambda _: ("sent", {}))
        messaging, peer = self._nodes.of(given).messaging, octets(given, "peer")
        messaging.tell(peer, given["channel"], octets(given, "payload"), outcome, given["compress"])
        return {"request": request}

    async def ask(self, given: Members) -> Members:
        """node.ask."""
        request, outcome = self.request(given, _answered)
        messaging, peer = self._nodes.of(given).messaging, octets(given, "peer")
        timeout_ms, payload = number(given["timeoutMs"]), octets(given, "payload")
        messaging.ask(peer, given["channel"], payload, timeout_ms, outcome, given["compress"])
        return {"request": request}

    async def command(self, given: Members) -> Members:
        """node.command."""
        one_way = given["kind"] == "one-way"
        request, outcome = self.request(given, (lambda _: ("sent", {})) if one_way else _answered)
        messaging, peer = self._nodes.of(given).messaging, octets(given, "peer")
        timeout_ms = None if one_way else number(given["timeoutMs"])
        messaging.command(peer, number(given["command"]), octets(given, "payload"), outcome, timeout_ms)
        return {"request": request}

    async def peers(self, given: Members) -> Members:
        """node.peers."""
        request, outcome = self.request(given, _records)
        self._nodes.of(given).messaging.ask_peers(octets(given, "peer"), number(given["limit"]), outcome)
        return {"request": request}

    async def locate(self, given: Members) -> Members:
        """node.locate."""
        request, outcome = self.request(given, _records)
        self._nodes.of(given).messaging.locate(octets(given, "wanted"), outcome)
        return {"request": request}

    def request(self, given: Members, success: Callable[[Any], tuple[str, Members]]) -> tuple[int, Outcome]:
        """Number of a request, and what reports its outcome: always after the reply that names it."""
        request, self._next = self._next, self._next + 1
        head = {"node": given["node"], "request": request}

        def outcome(code: str, value: Any) -> None:
            name, members = ("failed", {"code": code}) if code else success(value)
            if replied:
                event(name, {**head, **members})
            else:
                asyncio.get_running_loop().call_soon(event, name, {**head, **members})

        replied: list[bool] = []
        asyncio.get_running_loop().call_soon(replied.append, True)
        return request, outcome


def _answered(payload: Any) -> tuple[str, Members]:
    return "answered", {"payload": payload.hex()}


def _records(node_ids: Any) -> tuple[str, Members]:
    return "records", {"peers": [node_id.hex() for node_id in node_ids]}
