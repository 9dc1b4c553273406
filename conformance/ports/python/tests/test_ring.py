"""Rings of nodes over loopback: they grow, heal, and find owners."""

from __future__ import annotations

import asyncio
from typing import Any

from motet_voice import address
from motet_voice.node import Node
from motet_voice.ring.member import Member

from .cases import NodeCase
from .raw import network

#: A small list, so that it is full in a small ring.
_R = 2


class RingCase(NodeCase):
    async def member(self, **values: Any) -> tuple[Node, str]:
        """A member that joins nobody yet."""
        return await self.start(network(successors=_R), member=True, **values)

    async def ring(self, count: int) -> list[Node]:
        """A ring that has settled; every node joins through the first."""
        first, begin = await self.member()
        first.ring.member.found([])
        for _ in range(count - 1):
            node, _ = await self.member()
            node.ring.member.join([address.parse(begin)])
        await self.settled(self.nodes)
        return list(self.nodes)

    async def settled(self, nodes: list[Node]) -> None:
        """Waits until lists and predecessors are those of these nodes in their order."""
        for _ in range(300):
            if all(_right(node, nodes) for node in nodes):
                return
            await self.pass_second()
        self.fail(str([_short(node, nodes) for node in _ordered(nodes)]))

    async def owner(self, node: Node, target: int, begin: str = "") -> tuple[str, Any]:
        """What a lookup gives."""
        self.outcomes.clear()
        node.ring.lookup(target, address.parse(begin) if begin else None, self.outcome("lookup"))
        return await self.came("lookup")


def _member(node: Node) -> Member:
    return node.ring.member


def _ordered(nodes: list[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: _member(node).state.position)


def _right(node: Node, nodes: list[Node]) -> bool:
    ring, state = _ordered(nodes), _member(node).state
    at = ring.index(node)
    after = (ring[at + 1 :] + ring[:at])[:_R]
    before = ring[at - 1].identity.node_id if len(ring) > 1 else b""
    known = state.predecessor.node_id if state.predecessor else b""
    listed = [each.node_id for each in state.list] == [each.identity.node_id for each in after]
    return state.placed and listed and (known == before or len(ring) == 1) and state.wraps == (len(ring) <= _R + 1)


def _short(node: Node, nodes: list[Node]) -> str:
    ring, state = _ordered(nodes), _member(node).state
    names = {each.identity.node_id: index for index, each in enumerate(ring)}
    before = names.get(state.predecessor.node_id, "?") if state.predecessor else "-"
    return f"{before}<{ring.index(node)} {state.phase} {[names.get(each.node_id, '?') for each in state.list]} {state.wraps}"


class Growing(RingCase):
    async def test_ring_of_one(self) -> None:
        (node,) = await self.ring(1)
        self.assertEqual(_member(node).state.phase, "FOUNDER")
        code, found = await self.owner(node, 7)
        self.assertEqual((code, found.node_id, found.hops), ("", node.identity.node_id, 0))

    async def test_lookups(self) -> None:
        nodes = await self.ring(6)
        self.assertEqual({_member(node).state.phase for node in nodes}, {"MEMBER"})
        client, _ = await self.start(network(successors=_R), seed=7)
        ring, begin = _ordered(nodes), nodes[2].identity.addresses[0]
        for at, node in enumerate(ring):
            target = _member(node).state.position
            for asker in nodes:
                code, found = await self.owner(asker, target)
                self.assertEqual((code, found.node_id), ("", node.identity.node_id))
            code, found = await self.owner(client, (target + 1) % (1 << 256), begin)
            self.assertEqual((code, found.node_id), ("", ring[(at + 1) % 6].identity.node_id))
            self.assertGreater(found.hops, 0)
        self.assertEqual((await self.owner(client, 1))[0], "UNREACHABLE")

    async def test_nobody_founds_by_accident(self) -> None:
        node, _ = await self.member()
        _member(node).join([address.parse("tcp://127.0.0.1:1")])
        for _ in range(5):
            self.clock.advance(30_000)
            await asyncio.sleep(0.02)
        self.assertEqual(_member(node).state.phase, "JOINING")
        self.assertEqual((await self.owner(node, 1))[0], "UNREACHABLE")
        first, begin = await self.member()
        _member(first).found([])
        _member(node).join([address.parse("tcp://127.0.0.1:1"), address.parse(begin)])
        await self.settled([node, first])


class Healing(RingCase):
    async def test_deaths(self) -> None:
        nodes = await self.ring(6)
        ring = _ordered(nodes)
        await ring[1].stop()
        await ring[2].stop()
        rest = [ring[0], *ring[3:]]
        await self.settled(rest)
        target = _member(ring[2]).state.position
        self.assertEqual((await self.owner(ring[5], target))[1].node_id, ring[3].identity.node_id)

    async def test_restart(self) -> None:
        nodes = await self.ring(4)
        begin, index = nodes[0].identity.addresses[0], 2
        await nodes[index].stop()
        self.clock.advance(1)
        again, _ = await self.member(seed=index)
        _member(again).join([address.parse(begin)])
        nodes[index] = again
        await self.settled(nodes)

    async def test_leave(self) -> None:
        nodes = await self.ring(5)
        ring = _ordered(nodes)
        _member(ring[2]).leave()
        await asyncio.sleep(0.3)  # without any time of the clock
        self.assertEqual(_member(ring[1]).state.list[0].node_id, ring[3].identity.node_id)
        self.assertNotEqual(_member(ring[3]).state.predecessor.node_id, ring[2].identity.node_id)
        await self.settled([each for each in ring if each is not ring[2]])
        self.clock.advance(10_000)
        await self.until(1, "left")
        await self.until(1, "peer.down", nodes.index(ring[2]))
        self.assertEqual(ring[2].peer_ids(), [])

    async def test_two_rings_become_one(self) -> None:
        first, _ = await self.member()
        second, begin = await self.member()
        _member(second).found([])
        third, _ = await self.member()
        _member(third).join([address.parse(begin)])
        await self.settled([second, third])
        _member(first).found([address.parse(begin)])
        await self.settled([first, second, third])
        self.assertEqual({_member(node).state.phase for node in (second, third)}, {"MEMBER"})

    async def test_lone_survivors(self) -> None:
        nodes = await self.ring(3)
        for index in (1, 2):  # each of two loses sight of all others
            _member(nodes[index]).state.predecessor = None
            while _member(nodes[index]).state.list:
                _member(nodes[index])._remembered.add(_member(nodes[index]).state.list[0])
                _member(nodes[index]).state.drop_head()
        await nodes[0].stop()
        await self.settled(nodes[1:])
