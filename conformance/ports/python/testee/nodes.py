"""Node operations (section 4 of LINK.md)."""

from __future__ import annotations

import asyncio

from motet_voice.clock import Clock
from motet_voice.errors import misuse
from motet_voice.limits import Limits
from motet_voice.node import Node

from .codec import key_of, network_of
from .lines import Members, event, number, octets


class Nodes:
    """The nodes of this process, by number."""

    def __init__(self) -> None:
        self._nodes: dict[int, Node] = {}
        self._next = 1
        self._clock = Clock()

    async def start(self, given: Members) -> Members:
        """node.start."""
        name, self._next = self._next, self._next + 1
        limits = Limits({limit: number(value) for limit, value in given.get("limits", {}).items()})
        key_of(given)
        node = Node(
            octets(given, "seed"),
            network_of(given),
            limits,
            self._clock,
            lambda kind, members: event(kind, {"node": name, **members}),
            number(given["incarnation"]),
        )
        addresses = await node.listen(given["listen"])
        self._nodes[name] = node
        return {"node": name, "nodeId": node.identity.node_id.hex(), "addresses": addresses}

    async def dial(self, given: Members) -> Members:
        """node.dial."""
        self._node(given).dial(given["address"], octets(given, "nodeId"))
        return {}

    async def broadcast(self, given: Members) -> Members:
        """node.broadcast."""
        sequence, message_id = self._node(given).mesh.publish(given["channel"], octets(given, "payload"))
        return {"sequence": str(sequence), "id": message_id.hex()}

    async def snapshot(self, given: Members) -> Members:
        """node.snapshot."""
        node = self._node(given)
        return {"peers": [peer.hex() for peer in node.peer_ids()], "known": node.mesh.known()}

    async def stop(self, given: Members) -> Members:
        """node.stop."""
        node = self._node(given)
        await node.stop()
        del self._nodes[given["node"]]
        return {}

    async def advance(self, given: Members) -> Members:
        """clock.advance."""
        self._clock.advance(number(given["ms"]))
        await asyncio.sleep(0)
        return {}

    async def reset(self, _: Members) -> Members:
        """reset: every node stops, the clock goes back."""
        await asyncio.gather(*(node.stop() for node in self._nodes.values()))
        self._nodes.clear()
        self._clock = Clock()
        return {}

    def _node(self, given: Members) -> Node:
        node = self._nodes.get(given["node"])
        if node is None:
            raise misuse("no such node")
        return node
