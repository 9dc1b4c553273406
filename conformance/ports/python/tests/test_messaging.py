"""Messaging over loopback: TELL, ASK, commands, PEERS, locating, UPDATE, silence."""

from __future__ import annotations

import asyncio

from motet_voice import frames, messages
from motet_voice.errors import Refusal
from motet_voice.node import Node
from motet_voice.registry import ASK, PING, TELL, UPDATE
from motet_voice.services import Reply
from motet_voice.terms import Terms

from .cases import NodeCase
from .raw import SEEDS, Raw, network


async def upper(_: bytes, payload: bytes) -> Reply:
    return Reply(payload.upper(), True)


async def broken(_: bytes, __: bytes) -> Reply:
    raise RuntimeError


async def silent(_: bytes, __: bytes) -> Reply:
    await asyncio.Event().wait()
    raise AssertionError


class Pairs(NodeCase):
    async def pair(self, **limits: int) -> tuple[Node, Node, bytes]:
        first, _ = await self.start(**limits)
        second, address = await self.start(**limits)
        first.dial(address)
        await self.until(2, "peer.up")
        return first, second, second.identity.node_id

    async def test_tell_and_ask(self) -> None:
        first, second, peer = await self.pair()
        second.services.serve("up", upper)
        second.services.serve("broken", broken)
        second.services.serve("silent", silent)
        say = first.messaging
        say.tell(peer, "c", b"x" * 5_000, self.outcome("tell"), True)
        for name, payload in (("up", b"abc" * 1_000), ("broken", b""), ("silent", b""), ("nobody", b"")):
            say.ask(peer, name, payload, 2_000, self.outcome(name), True)
        self.assertEqual((await self.until(1, "told"))[0]["payload"], (b"x" * 5_000).hex())
        self.assertEqual(await self.came("tell"), ("", None))
        self.assertEqual(await self.came("up"), ("", b"ABC" * 1_000))
        self.assertEqual((await self.came("broken"))[0], "APPLICATION")
        self.assertEqual((await self.came("nobody"))[0], "NOT_SERVED")
        self.assertNotIn("silent", self.outcomes)
        self.clock.advance(2_000)
        self.assertEqual((await self.came("silent"))[0], "TIMEOUT")
        for call, code in (
            (lambda: say.tell(first.identity.node_id, "", b"", self.outcome("self")), "MISUSE"),
            (lambda: say.tell(peer, "c" * 65, b"", self.outcome("long")), "MISUSE"),
            (lambda: say.tell(peer, "", bytes(1_048_576), self.outcome("large")), "TOO_LARGE"),
            (lambda: say.command(peer, 0x7FFF, b"", self.outcome("command"), None), "MISUSE"),
        ):
            with self.assertRaises(Refusal) as caught:
                call()
            self.assertEqual(caught.exception.code, code)

    async def test_commands(self) -> None:
        first, second, peer = await self.pair()
        first.messaging.command(peer, 0x8001, b"?", self.outcome("unknown"), 1_000)
        self.assertEqual((await self.came("unknown"))[0], "UNKNOWN_COMMAND")
        second.services.define(0x8001, upper)
        first.messaging.command(peer, 0x8001, b"a", self.outcome("request"), 1_000)
        first.messaging.command(peer, 0x8001, b"b", self.outcome("one-way"), None)
        self.assertEqual(await self.came("request"), ("", b"A"))
        self.assertEqual(
            await self.until(1, "commanded"), [{"peer": first.identity.node_id.hex(), "command": 0x8001, "payload": "62"}]
        )

    async def test_in_flight_and_end(self) -> None:
        first, second, peer = await self.pair(REQUESTS=2)
        second.services.serve("silent", silent)
        for name in ("a", "b"):
            first.messaging.ask(peer, "silent", b"", 9_000, self.outcome(name))
        with self.assertRaises(Refusal):
            first.messaging.ask(peer, "silent", b"", 9_000, self.outcome("c"))
        await second.stop()
        self.assertEqual((await self.came("a"), await self.came("b")), (("CLOSED", None), ("CLOSED", None)))

    async def test_banned_and_hook(self) -> None:
        first, second, peer = await self.pair()
        second.allow([], ["secret"])
        first.mesh.publish("secret", b"x")
        first.mesh.publish("open", b"y")
        self.assertEqual((await self.until(1, "delivered"))[0]["channel"], "open")
        first.allow([peer], [])
        self.assertEqual({m["code"] for m in await self.until(2, "peer.down")}, {"BANNED"})

    async def test_compressed_broadcasts(self) -> None:
        first, _ = await self.start(network(4))
        _, address = await self.start(network(4))
        first.dial(address)
        await self.until(2, "peer.up")
        first.mesh.publish("c", b"abc" * 10_000)
        self.assertEqual((await self.until(1, "delivered"))[0]["payload"], (b"abc" * 10_000).hex())


class Reaching(NodeCase):
    async def test_line(self) -> None:
        """Ends of a line of four find each other; the middle ones pass on who is where."""
        nodes = [await self.start() for _ in range(4)]
        for (node, _), (_, address) in zip(nodes, nodes[1:]):
            node.dial(address)
        await self.until(6, "peer.up")
        first, last = nodes[0][0], nodes[3][0]
        first.messaging.locate(last.identity.node_id, self.outcome("locate"))
        self.assertEqual(await self.came("locate"), ("", [last.identity.node_id]))
        last.services.serve("up", upper)
        first.messaging.ask(last.identity.node_id, "up", b"far", 5_000, self.outcome("ask"))
        self.assertEqual(await self.came("ask"), ("", b"FAR"))
        first.messaging.ask_peers(nodes[1][0].identity.node_id, 8, self.outcome("peers"))
        told = sorted(node.identity.node_id for node, _ in nodes[2:])  # a FOUND on its way tells as well
        self.assertEqual(await self.came("peers"), ("", told))
        first.messaging.ask_peers(nodes[1][0].identity.node_id, 8, self.outcome("again"))
        self.assertEqual((await self.came("again"))[0], "BUSY")

    async def test_unreachable(self) -> None:
        first, _ = await self.start()
        _, address = await self.start()
        first.dial(address)
        await self.until(2, "peer.up")
        unknown = Raw(SEEDS[7], network()).me.node_id
        first.messaging.tell(unknown, "", b"", self.outcome("tell"))
        for _ in range(3):
            await asyncio.sleep(0.02)
            self.assertNotIn("tell", self.outcomes)
            self.clock.advance(1_000)
        self.assertEqual((await self.came("tell"))[0], "UNREACHABLE")


class ByHand(NodeCase):
    async def test_silence(self) -> None:
        node, address = await self.start()
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        await self.until(1, "peer.up")
        for milliseconds in (20_000, 5_000, 5_000):
            await asyncio.sleep(0.02)
            self.clock.advance(milliseconds)
            frame = await raw.frame()
            assert frame is not None
            self.assertEqual((frame.header.command, frame.header.flags), (PING, frames.REQUEST))
        self.clock.advance(5_000)
        self.assertEqual(await raw.goodbye(), "TIMEOUT")
        raw.close()

    async def test_stalled(self) -> None:
        node, address = await self.start(KEEPALIVE_MS=10_000_000)
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        raw.send(frames.encode(TELL, bytes(16_384 * 2))[:-1])
        await asyncio.sleep(0.05)
        self.clock.advance(31_000)
        await asyncio.sleep(0.05)
        self.assertEqual(len(node.peer_ids()), 1)
        self.clock.advance(1_000)
        self.assertEqual(await raw.goodbye(), "TIMEOUT")
        raw.close()

    async def test_update(self) -> None:
        node, address = await self.start()
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        await self.until(1, "peer.up")
        node.update(Terms((), 900_000))
        frame = await raw.frame()
        assert frame is not None
        self.assertEqual(frame.header.command, UPDATE)
        value = messages.decode("Update", frame.payload)
        self.assertEqual((value["compressions"], value["receiveLimit"]), ([], 900_000))
        node.update(Terms((1,), 900_001))
        raw.send(frames.encode(UPDATE, b"", frames.RESPONSE, frame.header.tag))
        frame = await raw.frame()
        assert frame is not None
        self.assertEqual(messages.decode("Update", frame.payload)["receiveLimit"], 900_001)
        again = {"record": raw.me.record(), "receiveLimit": 1_000, "compressions": []}
        raw.send(frames.encode(UPDATE, messages.encode("Update", {**again, "receiveLimit": 600_000}), frames.REQUEST, 9))
        frame = await raw.frame()
        assert frame is not None
        self.assertEqual((frame.header.flags, frame.payload), (frames.RESPONSE, b""))
        with self.assertRaises(Refusal):
            node.messaging.tell(raw.me.node_id, "", bytes(600_000), self.outcome("tell"))
        raw.send(frames.encode(UPDATE, messages.encode("Update", {**again, "receiveLimit": 4_097}), frames.REQUEST, 10))
        self.assertEqual(await raw.goodbye(), "MALFORMED")
        raw.close()

    async def test_busy_and_undecodable(self) -> None:
        node, address = await self.start(REQUESTS=1)
        node.services.serve("", silent)
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        ask = messages.encode("Ask", {"timeoutMs": 60_000})
        raw.send(frames.encode(ASK, ask, frames.REQUEST, 1) + frames.encode(ASK, ask, frames.REQUEST, 2))
        frame = await raw.frame()
        assert frame is not None
        self.assertEqual((frame.header.tag, messages.decode("Error", frame.payload)["code"]), (2, 500))
        raw.send(frames.encode(TELL, bytes(4), 4))
        self.assertEqual(await raw.goodbye(), "UNDECODABLE")
        raw.close()
