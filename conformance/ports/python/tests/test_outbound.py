"""The queue of a session: dropped when full, SLOW when it stays full."""

import asyncio
import unittest

from motet_voice.clock import Clock
from motet_voice.limits import Limits
from motet_voice.outbound import Outbound
from motet_voice.registry import BROADCAST


class Wire:
    """A connection that nobody reads."""

    def __init__(self) -> None:
        self.bytes = 0

    def queued(self) -> int:
        return self.bytes

    held = queued

    def send(self, *frame: bytes) -> None:
        self.bytes += sum(map(len, frame))

    async def drained(self, below: int) -> None:
        while self.bytes >= below:
            await asyncio.sleep(0)


class Queue(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        self.wire, self.clock, self.ends = Wire(), Clock(), []
        limits = Limits({"QUEUE_BYTES": 1_000, "QUEUE_FULL_MS": 5_000})
        self.outbound = Outbound(self.wire, limits, self.clock, lambda: self.ends.append("SLOW"))

    async def test_broadcasts(self) -> None:
        for _ in range(3):
            self.outbound.droppable(BROADCAST, bytes(600), 0)
        self.assertEqual((self.wire.bytes, self.outbound.dropped), (1_216, 1))
        self.clock.advance(4_999)
        self.assertEqual(self.ends, [])
        self.wire.bytes = 0
        self.outbound.droppable(BROADCAST, bytes(2_000), 0)
        self.clock.advance(4_999)
        self.assertEqual(self.ends, [])
        self.clock.advance(1)
        self.assertEqual(self.ends, ["SLOW"])

    async def test_answers(self) -> None:
        self.wire.bytes = 1_000
        waiting = asyncio.create_task(self.outbound.room())
        await asyncio.sleep(0)
        self.clock.advance(5_000)
        self.assertEqual(self.ends, ["SLOW"])
        self.wire.bytes = 0
        await waiting
