"""Parts of the ring by themselves: intervals, cleaning, operations, state."""

from __future__ import annotations

import asyncio
import unittest

from motet_voice.ring.operations import Operations
from motet_voice.ring.positions import between, clean, finger_start, owned

_TOP = (1 << 256) - 1


class Positions(unittest.TestCase):
    def test_intervals(self) -> None:
        for a, b, c, inside, belongs in (
            (1, 2, 3, True, True),
            (1, 3, 3, False, True),
            (1, 1, 3, False, False),
            (9, 1, 3, True, True),
            (9, 5, 3, False, False),
            (4, 5, 4, True, True),
            (4, 4, 4, False, True),
        ):
            self.assertEqual((between(a, b, c), owned(a, b, c)), (inside, belongs), (a, b, c))
        self.assertEqual(finger_start(_TOP, 0), 0)

    def test_clean(self) -> None:
        for entries, most, kept, wraps in (
            ([6, 7, 2], 3, [6, 7, 2], False),
            ([6, 7, 2, 5], 3, [6, 7, 2], True),
            ([6, 7, 2, 3], 3, [6, 7, 2], False),
            ([6, 6, 5], 3, [6], False),
            ([5, 6], 3, [], True),
            ([], 3, [], True),
        ):
            self.assertEqual(clean(5, entries, most, lambda entry: entry), (kept, wraps), entries)


class OneAtATime(unittest.IsolatedAsyncioTestCase):
    async def test_queue(self) -> None:
        operations, log, go = Operations(), [], asyncio.Event()

        async def slow() -> None:
            log.append("slow")
            await go.wait()

        async def quick() -> None:
            log.append("quick")

        operations.begin("slow", slow)
        await asyncio.sleep(0)
        operations.begin("quick", quick)
        operations.begin("quick", quick)
        self.assertEqual(log, ["slow"])
        go.set()
        await asyncio.sleep(0.01)
        self.assertEqual(log, ["slow", "quick"])
        operations.begin("quick", quick)
        await asyncio.sleep(0.01)
        self.assertEqual(len(log), 3)
