"""Which peers a node looks for (section 4.9), over loopback."""

from __future__ import annotations

import asyncio
import unittest

from motet_voice import frames, messages
from motet_voice.address import Address
from motet_voice.clock import Clock
from motet_voice.identity import Identity
from motet_voice.limits import Limits
from motet_voice.node import Node
from motet_voice.records import Known, Records, Teller
from motet_voice.registry import PEERS
from motet_voice.selection import Selection

from .cases import NodeCase
from .raw import SEEDS, Raw, network


class NoPeers:
    """In the place of peers and of dials: nobody is there, and no dial leads to anything before the test ends."""

    def __init__(self) -> None:
        self.dialled: list[Known] = []

    def links(self) -> list[object]:
        return []

    node_ids = links

    def link(self, _: bytes) -> None:
        return None

    def places(self, known: Known) -> list[str]:
        return list(known.record.body["addresses"])

    async def dial(self, known: Known) -> bool:
        self.dialled.append(known)
        await asyncio.Event().wait()
        return False


class Spread(unittest.IsolatedAsyncioTestCase):
    async def test_prefixes(self) -> None:
        clock, limits, stub = Clock(), Limits(), NoPeers()
        records = Records(Identity(bytes(32), network(), clock), limits, clock, lambda _: False)
        selection = Selection(limits, clock, stub, records, stub, stub.link, lambda _: True)  # type: ignore[arg-type]
        for number in range(6):
            other = Identity(bytes([number + 1]) * 32, network(), clock)
            other.addresses = [f"tcp://8.8.{8 if number < 4 else number}.{number}:4000"]
            records.told(other.record(), Teller(bytes([number]), Address("tcp", "8.8.4.4", 1)))
        await asyncio.sleep(0.01)
        prefixes = sorted(known.prefix or "" for known in stub.dialled)
        self.assertEqual(prefixes, ["8.8.4.0/24", "8.8.5.0/24", "8.8.8.0/24", "8.8.8.0/24"])
        selection.stop()


class Looking(NodeCase):
    async def peers_of(self, node: Node, count: int) -> None:
        """Waits until a node has so many peers."""
        for _ in range(500):
            if len(node.peer_ids()) == count:
                return
            await asyncio.sleep(0.01)
        self.fail(f"{count} peers expected, not {len(node.peer_ids())}")

    async def test_fill(self) -> None:
        """A node that is given one address finds the others through it, and no more than it wants."""
        hub, address = await self.start()
        for _ in range(4):
            other, _ = await self.start()
            other.dial(address)
        await self.peers_of(hub, 4)
        node, _ = await self.start(PEERS_TARGET=3, PEERS_DIALLED=2)
        node.dial(address)
        await self.peers_of(node, 3)
        await asyncio.sleep(0.1)
        self.assertEqual(len(node.peer_ids()), 3)
        self.assertFalse([e for e in self.events if e[1] == "refused"])

    async def test_again_when_gone(self) -> None:
        hub, address = await self.start()
        first, _ = await self.start()
        second, _ = await self.start()
        for other in (first, second):
            other.dial(address)
        await self.peers_of(hub, 2)
        node, _ = await self.start(PEERS_TARGET=2, PEERS_DIALLED=0)
        node.dial(address)
        await self.peers_of(node, 2)
        gone = first if first.identity.node_id in node.peer_ids() else second
        left = second if gone is first else first
        await gone.stop()
        self.clock.advance(1_000)
        self.clock.advance(30_000)
        for _ in range(20):
            await asyncio.sleep(0.02)
            self.clock.advance(2_000)
        self.assertIn(left.identity.node_id, node.peer_ids())

    async def test_heals(self) -> None:
        """Nodes that know one address only are one network without the node that was there."""
        hub, address = await self.start(PEERS_TARGET=3)
        for _ in range(7):
            other, _ = await self.start(PEERS_TARGET=3)
            other.dial(address)
        for node in self.nodes:
            await self.at_least(node, 3)
        await hub.stop()
        left = self.nodes[1:]
        for node in left:
            await self.at_least(node, 3)
        seen, new = set(), {left[0].identity.node_id}
        while new:
            seen |= new
            new = {peer for node in left if node.identity.node_id in new for peer in node.peer_ids()} - seen
        self.assertEqual(len(seen), 7)

    async def at_least(self, node: Node, count: int) -> None:
        """Waits until a node has so many peers, while the time goes on."""
        for _ in range(300):
            if len(node.peer_ids()) >= count:
                return
            await asyncio.sleep(0.02)
            self.clock.advance(200)
        self.fail(f"{count} peers expected, not {len(node.peer_ids())}")

    async def test_asks(self) -> None:
        """PEERS at most once in PEERS_INTERVAL_MS, looks ever more seldom; what is told is dialled, its own record is not."""
        node, address = await self.start(PEERS_TARGET=2, PEERS_DIALLED=0, PEERS_INTERVAL_MS=5_000)
        told, _ = await self.start()
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        for records in ([], [node.identity.record()], [told.identity.record()]):
            while (frame := await raw.frame()) is not None and frame.header.command != PEERS:
                pass
            assert frame is not None
            self.assertEqual(messages.decode("Peers", frame.payload)["limit"], 32)
            answer = messages.encode("PeersAnswer", {"records": records})
            raw.send(frames.encode(PEERS, answer, frames.RESPONSE, frame.header.tag))
            if not told.peer_ids() and told.identity.record() not in records:
                for _ in range(8):
                    await asyncio.sleep(0.02)
                    self.clock.advance(1_000)
        await self.peers_of(node, 2)
        self.assertEqual(told.peer_ids(), [node.identity.node_id])
        raw.close()

    async def test_banned_are_left_alone(self) -> None:
        hub, address = await self.start()
        other, _ = await self.start()
        other.dial(address)
        await self.peers_of(hub, 1)
        node, _ = await self.start(PEERS_TARGET=3)
        node.allow([other.identity.node_id], [])
        node.dial(address)
        await self.peers_of(node, 1)
        for _ in range(5):
            await asyncio.sleep(0.02)
            self.clock.advance(2_000)
        self.assertEqual(node.peer_ids(), [hub.identity.node_id])
        self.assertFalse([e for e in self.events if e[1] == "refused"])

    async def test_dialled(self) -> None:
        """One that came by itself is not enough, and one and a half times as many as are wanted are."""
        other, address = await self.start()
        for _ in range(4):
            hidden, _ = await self.start()
            hidden.dial(address)
        await self.peers_of(other, 4)
        node, at = await self.start(PEERS_TARGET=1, PEERS_DIALLED=3)
        other.dial(at)
        await self.peers_of(node, 2)
        self.clock.advance(5_000)
        await asyncio.sleep(0.1)
        self.assertEqual(len(node.peer_ids()), 2)
