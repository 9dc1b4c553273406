"""Nodes over loopback: flooding, refusals, rivals, limits."""

from __future__ import annotations

import asyncio

from motet_voice import broadcast, frames
from motet_voice.registry import BROADCAST, HELLO, PING

from .cases import NodeCase
from .raw import SEEDS, Raw, network


class Flooding(NodeCase):
    async def test_line_of_three(self) -> None:
        for policy in (0, 2):
            first, a = await self.start(network(policy))
            second, b = await self.start(network(policy))
            third, _ = await self.start(network(policy))
            second.dial(a, first.identity.node_id)
            third.dial(b)
            await self.until(4, "peer.up")
            sequence, message_id = first.mesh.publish("news", b"hello")
            first.mesh.publish("news", b"again")
            delivered = await self.until(4, "delivered")
            far = [m for m in delivered if m["from"] == second.identity.node_id.hex()]
            self.assertEqual([(m["hops"], m["payload"]) for m in far], [(1, b"hello".hex()), (1, b"again".hex())])
            self.assertEqual((far[0]["id"], far[0]["sequence"]), (message_id.hex(), str(sequence)))
            self.assertEqual(third.mesh.known(), 2 if policy else 1)
            await self.asyncTearDown()
            down = await self.until(4, "peer.down")
            self.assertEqual({m["code"] for m in down}, {"CLOSED"})
            self.setUp()

    async def test_fence_and_relay(self) -> None:
        node, address = await self.start()
        raw, other = Raw(SEEDS[6], network()), Raw(SEEDS[7], network())
        await raw.open(address)
        await other.open(address)
        now = self.clock.unix_ms()
        payload = broadcast.payload_of(broadcast.encode(raw.me.key, raw.me.network, 9, now, "c", b"x"))
        raw.send(frames.encode(BROADCAST, payload, 0, 41) + frames.encode(PING, b"", frames.REQUEST, 5))
        frame = await raw.frame()
        self.assertEqual((frame.header.flags, frame.header.tag), (frames.RESPONSE, 5))
        self.assertEqual(len(await self.until(1, "delivered")), 1)
        relayed = await other.frame()
        self.assertEqual((relayed.header.tag, relayed.payload), (42, payload))
        raw.send(frames.encode(0x7777, b"?", frames.REQUEST, 6))
        frame = await raw.frame()
        self.assertEqual((frame.header.flags, frame.payload.hex()), (frames.RESPONSE | frames.FAILED, "089103"))

    async def test_penalties(self) -> None:
        node, address = await self.start()
        for twist, count, code in ((64, 1, "BAD_SIGNATURE"), (0, 20, "MISBEHAVED")):
            raw = Raw(SEEDS[6], network())
            await raw.open(address)
            payload = bytearray(
                broadcast.payload_of(broadcast.encode(raw.me.key, raw.me.network, 9, self.clock.unix_ms(), "c", b"x"))
            )
            payload[twist] ^= 1
            raw.send(frames.encode(BROADCAST, bytes(payload)) * count)
            self.assertEqual(await raw.goodbye(), code)
            raw.close()

    async def test_slow(self) -> None:
        node, address = await self.start(QUEUE_BYTES=100_000, QUEUE_FULL_MS=5_000)
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        await self.until(1, "peer.up")
        for _ in range(40):
            node.mesh.publish("", bytes(500_000))
        self.clock.advance(5_000)
        self.assertEqual((await self.until(1, "peer.down"))[0]["code"], "SLOW")
        raw.close()


class Refusals(NodeCase):
    async def test_before_ready(self) -> None:
        node, address = await self.start()
        good = Raw(SEEDS[6], network())
        opening = good.handshake.opening()
        stray = Raw(SEEDS[6], network(freshness=5)).handshake.opening()
        for data, code, silent in (
            (b"GET / HTTP/1.1\r\n", "NOT_MOTET", True),
            (b"MOTET\x02\x09\x00", "NO_VERSION", False),
            (opening[:8] + bytes.fromhex("001001 00 0001 0000"), "TOO_LARGE", False),
            (opening[:8] + frames.encode(PING, b"", frames.REQUEST, 1), "PROTOCOL_ERROR", False),
            (opening[:8] + frames.encode(HELLO, b"\x08"), "MALFORMED", False),
            (stray, "WRONG_NETWORK", False),
            (Raw(SEEDS[0], network()).handshake.opening(), "SELF", False),
        ):
            self.events.clear()
            raw = Raw(SEEDS[6], network())
            await raw.connect(address)
            raw.send(data)
            self.assertEqual(await raw.preface(), b"" if silent else opening[:8])
            if not silent:
                self.assertEqual(await raw.goodbye(), code)
            refused = await self.until(1, "refused")
            self.assertEqual(refused[0], {"role": "responder", "by": "local", "code": code})
            raw.close()

    async def test_dialling(self) -> None:
        first, a = await self.start()
        second, b = await self.start(network(1))
        second.dial(a)
        refused = await self.until(2, "refused")
        self.assertEqual({(m["by"], m["code"]) for m in refused}, {("local", "WRONG_NETWORK"), ("remote", "WRONG_NETWORK")})
        self.events.clear()
        first.dial(a)
        await self.until(2, "refused")
        first.dial("tcp://127.0.0.1:1")
        self.assertEqual((await self.until(3, "refused"))[-1]["code"], "UNREACHABLE")
        third, _ = await self.start()
        third.dial(a, bytes(32))
        self.assertEqual((await self.until(5, "refused"))[-1]["code"], "UNEXPECTED_NODE")
        fourth, _ = await self.start(network(1))
        fourth.dial(b)
        self.assertEqual((await self.until(7, "refused"))[-1]["code"], "ENCRYPTION_REQUIRED")

    async def test_timeout_and_full(self) -> None:
        node, address = await self.start(HANDSHAKES=1, SESSIONS=1)
        first, second = Raw(SEEDS[6], network()), Raw(SEEDS[7], network())
        await first.connect(address)
        first.send(first.handshake.opening())
        await first.preface()
        await second.open(address)
        self.assertEqual(await first.goodbye(), "FULL")
        third = Raw(SEEDS[5], network())
        await third.connect(address)
        third.send(third.handshake.opening()[:20])
        await asyncio.sleep(0.05)
        self.clock.advance(10_000)
        await third.preface()
        self.assertEqual(await third.goodbye(), "TIMEOUT")
        fourth = Raw(SEEDS[5], network())
        with self.assertRaises(AssertionError):
            await fourth.open(address)
        self.assertEqual(self.events[-1][2]["code"], "FULL")
        for raw in (first, second, third, fourth):
            raw.close()


class Rivals(NodeCase):
    async def test_simultaneous_dials(self) -> None:
        first, a = await self.start()
        second, b = await self.start()
        first.dial(b)
        second.dial(a)
        await self.until(2, "peer.up")
        await asyncio.sleep(0.2)
        self.assertEqual(len(first._sessions), 1)
        first.dial(b)
        await asyncio.sleep(0.2)
        self.assertEqual((len(first._sessions), len(second._sessions)), (1, 1))
        self.assertFalse([e for e in self.events if e[1] == "peer.down"])
        first.mesh.publish("", b"x")
        await self.until(1, "delivered")

    async def test_restart(self) -> None:
        first, a = await self.start()
        old, _ = await self.start(incarnation=5)
        old.dial(a)
        await self.until(2, "peer.up")
        new, _ = await self.start(incarnation=6, seed=1)
        new.dial(a)
        await self.until(1, "peer.up", 2)
        self.assertEqual((await self.until(1, "peer.down", 1))[0]["code"], "DUPLICATE")
        self.assertFalse([e for e in self.events if e[:2] == (0, "peer.down")])
