"""The loop of the testee: one request, one reply (sections 1 and 2 of LINK.md)."""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable

import motet_voice
from motet_voice.errors import Refusal

from . import codec
from .derive import DERIVE
from .lines import Members, Unsupported, parse, write
from .messaging import Messaging
from .nodes import Nodes, settle
from .ring import RingOperations
from .table import TableOperations

_HELLO: Members = {
    "link": 1,
    "implementation": {"name": motet_voice.NAME, "version": motet_voice.VERSION, "language": "python"},
    "versions": [1],
    "features": ["codec", "node", "clock", "messaging", "tls", "compression", "ring", "member", "table", "store"],
}


class Testee:
    """Answers requests until ``shutdown``."""

    def __init__(self) -> None:
        nodes = Nodes()
        messaging = Messaging(nodes)
        ring = RingOperations(nodes, messaging)
        table = TableOperations(nodes, messaging)
        self._async: dict[str, Callable[[Members], Awaitable[Members]]] = {
            "reset": nodes.reset,
            "shutdown": nodes.reset,
            "node.start": nodes.start,
            "node.dial": nodes.dial,
            "node.broadcast": nodes.broadcast,
            "node.hook": nodes.hook,
            "node.update": nodes.update,
            "node.tell": messaging.tell,
            "node.ask": messaging.ask,
            "node.serve": messaging.serve,
            "node.define": messaging.define,
            "node.command": messaging.command,
            "node.peers": messaging.peers,
            "node.locate": messaging.locate,
            "node.ring": ring.ring,
            "node.lookup": ring.lookup,
            "node.put": table.put,
            "node.delete": table.delete,
            "node.get": table.get,
            "node.keys": table.keys,
            "node.watch": table.watch,
            "node.snapshot": nodes.snapshot,
            "node.stop": nodes.stop,
            "clock.advance": nodes.advance,
        }
        self._by_type = {"codec.decode": codec.DECODE, "codec.encode": codec.ENCODE, "codec.derive": DERIVE}

    async def answer(self, line: bytes) -> bool:
        """Answers one line; False after ``shutdown``."""
        request: Members = {}
        try:
            request = parse(line)
            reply: Members = {"ok": await self._perform(request["op"], request.get("in", {}))}
        except Refusal as refusal:
            print(refusal, file=sys.stderr)
            reply = {"reject": {"code": refusal.code}}
        except Unsupported as unsupported:
            reply = {"unsupported": {"feature": str(unsupported)}}
        except Exception as error:  # a defect, or a request that is none
            traceback.print_exc(file=sys.stderr)
            reply = {"fault": {"message": f"{type(error).__name__}: {error}"}}
        write({"id": request.get("id", 0), **reply})
        return request.get("op") != "shutdown"

    async def _perform(self, op: str, given: Members) -> Members:
        if op == "hello":
            return _HELLO
        if op == "codec.feed":
            return codec.feed(given)
        if op in self._by_type:
            operation = self._by_type[op].get(given["type"])
            if operation is None:
                raise Unsupported(f"{op} {given['type']}")
            return operation(given)
        if op in self._async:
            await settle()  # bytes which came before it have their effect first
            return await self._async[op](given)
        raise Unsupported(op)


async def serve() -> None:
    """Reads stdin in a thread, so that nodes run while it waits."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes] = asyncio.Queue()

    def read() -> None:
        try:
            for line in sys.stdin.buffer:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, b"")
        except RuntimeError:  # the loop is gone
            pass

    threading.Thread(target=read, daemon=True).start()
    testee = Testee()
    while line := await lines.get():
        if line.strip() and not await testee.answer(line):
            return
