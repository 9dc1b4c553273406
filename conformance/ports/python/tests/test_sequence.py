"""Sequences of an origin, STALE_SEQUENCE, and the rates of broadcasts (sections 4.1, 4.5, 4.8)."""

import unittest

from motet_voice import broadcast, frames, messages
from motet_voice.corrections import Corrections
from motet_voice.errors import Refusal
from motet_voice.limits import Limits
from motet_voice.registry import BROADCAST, PING, STALE_SEQUENCE
from motet_voice.sequence import Sequence

from .cases import NodeCase
from .raw import SEEDS, Raw, network
from .still import Still

DAY_US = 86_400_000_000


class Sequences(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = Still()
        self.clock.now = 5_000.0
        self.sequence = Sequence(Limits(), self.clock)

    def test_before_the_first(self) -> None:
        self.assertIsNone(self.sequence.stale(0))
        self.assertFalse(self.sequence.stale(4_000_000), "the clock is above it")
        self.assertTrue(self.sequence.stale(6_000_000))
        self.assertEqual(self.sequence.next(), 6_000_001)
        self.clock.now = 7_000.0
        self.assertEqual(self.sequence.next(), 7_000_000)

    def test_after(self) -> None:
        self.sequence.used(self.sequence.next())
        self.assertEqual(self.sequence.next(), 5_000_001)
        self.assertIsNone(self.sequence.stale(5_000_000))
        self.assertFalse(self.sequence.stale(5_000_001 + DAY_US))
        self.assertTrue(self.sequence.stale(5_000_000 + DAY_US))
        self.assertEqual(self.sequence.next(), 5_000_001 + DAY_US)
        self.sequence.used(self.sequence.next())
        self.clock.now += 3_599_999
        self.assertFalse(self.sequence.stale(7_000_000 + DAY_US))
        self.clock.now += 1
        self.assertTrue(self.sequence.stale(7_000_000 + DAY_US))
        self.assertEqual(self.sequence.next(), 7_000_001 + DAY_US)

    def test_corrections(self) -> None:
        told = Corrections()
        self.assertEqual([told.due(b"a", 1), told.due(b"a", 1), told.due(b"a", 2), told.due(b"b", 3)], [True, False, True, True])
        told.accepted(b"a")
        self.assertEqual([told.due(b"a", 1), told.due(b"b", 3)], [True, False])
        told.gone(b"b", 3)
        told.gone(b"b", 3)
        self.assertTrue(told.due(b"b", 3))


class Stale(NodeCase):
    async def test_sent(self) -> None:
        _, address = await self.start()
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        other = Raw(SEEDS[5], network()).me.key

        def made(sequence: int, key: object = None) -> bytes:
            envelope = broadcast.encode(key or raw.me.key, raw.me.network, sequence, self.clock.unix_ms(), "c", b"x")
            return frames.encode(BROADCAST, broadcast.payload_of(envelope))

        async def answers(*sent: bytes) -> list[int]:
            raw.send(b"".join(sent) + frames.encode(PING, b"", frames.REQUEST, 5))
            highest = []
            while (frame := await raw.frame()) is not None and frame.header.command != PING:
                self.assertEqual((frame.header.command, frame.header.tag, frame.header.flags), (STALE_SEQUENCE, 0, 0))
                highest.append(messages.decode("StaleSequence", frame.payload)["highest"])
            return highest

        self.assertEqual(await answers(made(5_000), made(9), made(9), made(8)), [5_000])
        self.assertEqual(await answers(made(5_001), made(5_001), made(8)), [5_001])
        self.assertEqual(await answers(made(5_000, other), made(9, other)), [])
        raw.close()

    async def test_taken(self) -> None:
        node, address = await self.start()
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        first, _ = node.mesh.publish("", b"x")
        for highest in (first, first + 3 * DAY_US, first + 10, first + 20):
            raw.send(frames.encode(STALE_SEQUENCE, messages.encode("StaleSequence", {"highest": highest})))
        came = await self.until(3, "stale")
        self.assertEqual([m["changed"] for m in came], [False, True, False])
        self.assertEqual([int(m["highest"]) - first for m in came], [3 * DAY_US, 10, 20])
        self.assertEqual([node.mesh.publish("", b"x")[0] - first for _ in range(2)], [11, 12])
        raw.close()


class Rates(NodeCase):
    async def test_published(self) -> None:
        node, _ = await self.start(PUBLISHED_PER_SECOND=2)
        first, _ = node.mesh.publish("", b"")
        node.mesh.publish("", b"")
        for size, code in ((0, "QUEUE_FULL"), (600_000, "TOO_LARGE")):
            with self.assertRaises(Refusal) as refused:
                node.mesh.publish("", bytes(size))
            self.assertEqual(refused.exception.code, code)
        self.clock.advance(1_000)
        self.assertEqual(node.mesh.publish("", b"")[0], first + 2)
        free, _ = await self.start(PUBLISHED_PER_SECOND=0)
        for _ in range(50):
            free.mesh.publish("", b"")

    async def test_copies(self) -> None:
        _, address = await self.start(COPIES_PER_SECOND=2)
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        now = self.clock.unix_ms()
        for sequence in (1, 1, 1, 2, 3, 3, 4, 5):
            envelope = broadcast.encode(raw.me.key, raw.me.network, sequence, now, "", b"")
            raw.send(frames.encode(BROADCAST, broadcast.payload_of(envelope)))
        for count in (2, 4, 5):
            await self.until(count, "delivered")
            self.assertEqual(len([e for e in self.events if e[1] == "delivered"]), count)
            self.clock.advance(1_000)
        raw.close()
