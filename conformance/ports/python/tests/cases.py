"""What the tests over nodes share: nodes on loopback with one clock, and the events that they report."""

from __future__ import annotations

import asyncio
import unittest
from typing import Any

from motet_voice.clock import Clock
from motet_voice.descriptor import Network
from motet_voice.limits import Limits
from motet_voice.node import Node

from .raw import SEEDS, network


class NodeCase(unittest.IsolatedAsyncioTestCase):
    """Starts nodes and waits for their events."""

    scheme = "tcp"

    def setUp(self) -> None:
        self.clock = Clock()
        self.nodes: list[Node] = []
        self.events: list[tuple[int, str, dict[str, Any]]] = []
        self.outcomes: dict[str, tuple[str, Any]] = {}

    async def asyncSetUp(self) -> None:
        # What the loop notes about every task in debug mode takes longer than the tasks.
        asyncio.get_running_loop().set_debug(False)

    async def asyncTearDown(self) -> None:
        await asyncio.gather(*(node.stop() for node in self.nodes))

    async def start(
        self, net: Network | None = None, incarnation: int = 0, seed: int | None = None, member: bool = False, **limits: int
    ) -> tuple[Node, str]:
        """A node and its address; it looks for no peers unless the test wants that."""
        index = len(self.nodes)

        def note(name: str, members: dict[str, Any]) -> None:
            self.events.append((index, name, members))

        seed_bytes = SEEDS[index if seed is None else seed]
        node = Node(seed_bytes, net or network(), Limits({"PEERS_TARGET": 0, **limits}), self.clock, note, incarnation, member)
        self.nodes.append(node)
        return node, (await node.listen([f"{self.scheme}://127.0.0.1:0"]))[0]

    async def pass_second(self) -> None:
        """A second of the nodes' clock; what is under way gets several turns meanwhile, however busy the machine is."""
        self.clock.advance(1_000)
        for _ in range(10):
            await asyncio.sleep(0.002)

    def outcome(self, name: str) -> Any:
        """Notes what comes of a request."""
        return lambda code, value: self.outcomes.__setitem__(name, (code, value))

    async def until(self, count: int, name: str, node: int | None = None) -> list[dict[str, Any]]:
        """Waits for so many events of a name."""
        for _ in range(500):
            found = [m for i, n, m in self.events if n == name and node in (None, i)]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.01)
        self.fail(f"{count} {name} expected: {self.events}")

    async def came(self, name: str) -> tuple[str, Any]:
        """Waits for the outcome of a request."""
        for _ in range(500):
            if name in self.outcomes:
                return self.outcomes[name]
            await asyncio.sleep(0.01)
        self.fail(f"no outcome of {name}: {self.outcomes}")
