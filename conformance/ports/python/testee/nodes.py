"""Node operations (section 4 of LINK.md) but for messaging: start, dial, broadcast, hook, update, snapshot, stop."""

from __future__ import annotations

import asyncio

from motet_voice import carriers
from motet_voice.clock import Clock
from motet_voice.errors import misuse
from motet_voice.limits import Limits
from motet_voice.node import Node
from motet_voice.terms import Terms
from motet_voice.tls import Credentials

from .codec import key_of, network_of
from .lines import Members, Unsupported, event, number, octets

#: Turns of the event loop in which the work of the nodes has its effect.
_TURNS = 8


async def settle() -> None:
    """Lets the nodes do what they have to do now."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


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
        for text in given["listen"]:
            check_scheme(text)
        credentials = Credentials.of(given["certificate"], given["key"]) if given.get("certificate") else None
        node = Node(
            octets(given, "seed"),
            network_of(given),
            limits,
            self._clock,
            lambda kind, members: event(kind, {"node": name, **members}),
            number(given["incarnation"]),
            bool(given.get("member", False)),
        )
        addresses = await node.listen(given["listen"], credentials)
        self._nodes[name] = node
        return {"node": name, "nodeId": node.identity.node_id.hex(), "addresses": addresses}

    async def dial(self, given: Members) -> Members:
        """node.dial."""
        node = self.of(given)
        check_scheme(given["address"])
        node.dial(given["address"], octets(given, "nodeId"))
        return {}

    async def broadcast(self, given: Members) -> Members:
        """node.broadcast."""
        sequence, message_id = self.of(given).mesh.publish(given["channel"], octets(given, "payload"))
        return {"sequence": str(sequence), "id": message_id.hex()}

    async def hook(self, given: Members) -> Members:
        """node.hook."""
        self.of(given).allow([bytes.fromhex(node_id) for node_id in given["deny"]], given["refuse"])
        return {}

    async def update(self, given: Members) -> Members:
        """node.update."""
        compressions = tuple(number(each) for each in given["compressions"])
        self.of(given).update(Terms(compressions, number(given["receiveLimit"])))
        return {}

    async def snapshot(self, given: Members) -> Members:
        """node.snapshot."""
        node = self.of(given)
        return {"peers": [peer.hex() for peer in node.peer_ids()], "known": node.mesh.known()}

    async def stop(self, given: Members) -> Members:
        """node.stop."""
        node = self.of(given)
        await node.stop()
        del self._nodes[given["node"]]
        return {}

    async def advance(self, given: Members) -> Members:
        """clock.advance."""
        self._clock.advance(number(given["ms"]))
        await settle()
        return {}

    async def reset(self, _: Members) -> Members:
        """reset: every node stops, the clock goes back."""
        await asyncio.gather(*(node.stop() for node in self._nodes.values()))
        self._nodes.clear()
        self._clock = Clock()
        return {}

    def of(self, given: Members) -> Node:
        """The node of a request."""
        node = self._nodes.get(given["node"])
        if node is None:
            raise misuse("no such node")
        return node


def check_scheme(text: str) -> None:
    """A transport that is not spoken here is no misuse of it."""
    scheme = text.split("://")[0]
    if scheme in ("ws", "wss", "memory") and scheme not in carriers.SCHEMES:
        raise Unsupported(scheme)
