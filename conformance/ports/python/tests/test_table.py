"""A table on small rings over loopback: written, read, listed, watched; nothing is lost when nodes come and go."""

from __future__ import annotations

import asyncio
from typing import Any

from motet_voice import address
from motet_voice.node import Node
from motet_voice.table import keys

from .raw import network
from .test_ring import RingCase, _member, _ordered

_DAY_MS = 86_400_000
_SUCCESSORS = 4


class TableCase(RingCase):
    """A ring, and operations that wait for what comes of them."""

    async def member(self, **values: Any) -> tuple[Node, str]:
        return await self.start(network(successors=_SUCCESSORS), member=True, **values)

    async def settled(self, nodes: list[Node]) -> None:
        for _ in range(300):
            if all(_placed(node, nodes) for node in nodes):
                return
            await self.pass_second()
        self.fail("the ring does not settle")

    async def client(self) -> Node:
        """A client with a session to the first node."""
        node, _ = await self.start(network(successors=_SUCCESSORS), seed=7)
        node.dial(self.nodes[0].identity.addresses[0])
        await self.until(1, "peer.up", self.nodes.index(node))
        return node

    async def put(self, node: Node, key: bytes, value: bytes, kind: int = keys.SHARED) -> Any:
        self.outcomes.clear()
        node.table.put(kind, key, value, _DAY_MS, self.outcome("put"))
        return await self.came("put")

    async def get(self, node: Node, key: bytes, kind: int = keys.SHARED) -> Any:
        """The value, None, or a code."""
        self.outcomes.clear()
        node.table.get(kind, key, self.outcome("get"))
        code, record = await self.came("get")
        return code or (record.value if record else None)

    async def listed(self, node: Node) -> list[bytes]:
        self.outcomes.clear()
        node.table.keys(self.outcome("keys"))
        code, found = await self.came("keys")
        self.assertEqual(code, "")
        return found


def _placed(node: Node, nodes: list[Node]) -> bool:
    ring, state = _ordered(nodes), _member(node).state
    at = ring.index(node)
    after = (ring[at + 1 :] + ring[:at])[:_SUCCESSORS]
    known = state.predecessor.node_id if state.predecessor else b""
    listed = [each.node_id for each in state.list] == [each.identity.node_id for each in after]
    return state.placed and listed and (len(ring) == 1 or known == ring[at - 1].identity.node_id)


class Using(TableCase):
    async def test_alone(self) -> None:
        (node,) = await self.ring(1)
        code, stored = await self.put(node, b"k", b"v")
        self.assertEqual((code, len(stored.groups), len(stored.nodes), stored.whole), ("", 5, 1, True))
        self.assertEqual(await self.get(node, b"k"), b"v")
        self.assertIsNone(await self.get(node, b"other"))
        self.assertEqual(await self.listed(node), [b"\1k"])

    async def test_everybody_reads(self) -> None:
        nodes = await self.ring(6)
        client = await self.client()
        for at, writer in enumerate((*nodes, client)):
            code, stored = await self.put(writer, b"key %d" % at, b"value %d" % at)
            self.assertEqual(code, "")
            self.assertTrue(len(stored.nodes) >= 5 and len(stored.groups) >= 3, stored)
        for reader in (*nodes, client):
            for at in range(7):
                self.assertEqual(await self.get(reader, b"key %d" % at), b"value %d" % at)
            self.assertIsNone(await self.get(reader, b"nothing"))
            self.assertEqual(await self.listed(reader), [b"\1key %d" % at for at in range(7)])

    async def test_kinds(self) -> None:
        nodes = await self.ring(3)
        client = await self.client()
        await self.put(client, b"name", b"mine", keys.OWNED)
        owned = client.identity.node_id + b"name"
        self.assertEqual(await self.get(nodes[1], owned, keys.OWNED), b"mine")
        _, stored = await self.put(client, b"", b"for ever", keys.IMMUTABLE)
        self.assertEqual(await self.get(nodes[2], stored.record.key, keys.IMMUTABLE), b"for ever")
        self.assertEqual(len(await self.listed(client)), 2)

    async def test_deleted_and_watched(self) -> None:
        nodes = await self.ring(3)
        client = await self.client()
        client.table.watch(keys.SHARED, b"k")
        await self.watched(nodes, b"k")
        await self.put(nodes[1], b"k", b"one")
        await self.put(nodes[2], b"k", b"two")
        self.outcomes.clear()
        nodes[0].table.delete(keys.SHARED, b"k", self.outcome("delete"))
        self.assertEqual((await self.came("delete"))[0], "")
        self.assertIsNone(await self.get(client, b"k"))
        self.assertEqual(await self.listed(client), [])
        changes = await self.until(3, "changed")
        self.assertEqual([(each["value"], each["deleted"]) for each in changes], [
            (b"one".hex(), False), (b"two".hex(), False), ("", True),
        ])

    async def watched(self, nodes: list[Node], key: bytes) -> None:
        """Until there are leases at all who own a position of a key."""
        key_id = keys.key_id(nodes[0].identity.network, keys.SHARED, key)
        places = [keys.position(key_id, index) for index in range(5)]
        owners = [node.table.member for node in nodes if any(map(node.table.member.arcs.owns, places))]
        for _ in range(500):
            if all(member._leases._until for member in owners):
                return
            await asyncio.sleep(0.01)
        self.fail("no leases")

    async def test_expiry(self) -> None:
        nodes = await self.ring(2)
        await self.put(nodes[0], b"k", b"v")
        self.clock.advance(_DAY_MS)
        await self.settled(nodes)
        self.assertIsNone(await self.get(nodes[1], b"k"))
        self.assertEqual(sum(1 for node in nodes for _ in node.table.member.store.all()), 0)


class Changing(TableCase):
    async def fill(self, count: int) -> None:
        for at in range(count):
            code, _ = await self.put(self.nodes[at % len(self.nodes)], b"key %d" % at, b"value %d" % at)
            self.assertEqual(code, "")

    async def check(self, nodes: list[Node], count: int) -> None:
        for reader in nodes:
            for at in range(count):
                self.assertEqual(await self.get(reader, b"key %d" % at), b"value %d" % at)

    async def test_join(self) -> None:
        nodes = await self.ring(3)
        await self.fill(8)
        node, _ = await self.member()
        _member(node).join([address.parse(nodes[0].identity.addresses[0])])
        await self.settled(self.nodes)
        await self.quiet(self.nodes)
        self.assertTrue(node.table.member.keeper.complete)
        await self.check(self.nodes, 8)

    async def test_deaths(self) -> None:
        nodes = await self.ring(6)
        await self.fill(8)
        ring = _ordered(nodes)
        await asyncio.gather(ring[1].stop(), ring[2].stop(), ring[4].stop())
        rest = [ring[0], ring[3], ring[5]]
        await self.settled(rest)
        await self.check(rest, 8)
        await self.quiet(rest)
        await rest[1].stop()
        await self.settled([rest[0], rest[2]])
        await self.check([rest[0], rest[2]], 8)

    async def test_leaves(self) -> None:
        nodes = await self.ring(4)
        await self.fill(6)
        ring = _ordered(nodes)
        for count in range(3):
            _member(ring[count]).leave()
            for _ in range(6):
                await asyncio.sleep(0.02)
                await self.check([ring[3]], 6)
            self.clock.advance(10_000)
            await self.until(count + 1, "left")
            await self.settled(ring[count + 1 :])

    async def quiet(self, nodes: list[Node]) -> None:
        """Until every arc is at its owner and at the next member."""
        for _ in range(100):
            if all(_in_place(node, nodes) for node in nodes):
                return
            await self.pass_second()
        self.fail("records do not come to their places")


def _in_place(node: Node, nodes: list[Node]) -> bool:
    ring = _ordered(nodes)
    behind = ring[(ring.index(node) + 1) % len(ring)]
    if not node.table.member.keeper.complete:
        return False
    for other in nodes:
        for held in other.table.member.store.all():
            for index, position in enumerate(held.positions):
                if node.table.member.arcs.owns(position):
                    copy = behind.table.member.store.get(held.record.key_id)
                    if node.table.member.store.get(held.record.key_id) is None or copy is None or index not in copy.places:
                        return False
    return True
