"""What a node remembers of broadcasts."""

import unittest

from motet_voice.copies import Copies
from motet_voice.limits import Limits
from motet_voice.origins import Introduced, Origins
from motet_voice.unsigned import Ids

from .still import Still


class Memory(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = Still()

    def test_window(self) -> None:
        origins = Origins(b"own", 10, Limits(), self.clock)
        origins.accept(b"a", 5_000)
        for sequence, admitted in ((5_000 - 1_024, False), (5_000 - 1_023, True), (4_999, True), (2**62, True)):
            self.assertEqual(origins.admits(b"a", sequence, False, Introduced(self.clock)), admitted)
        origins.accept(b"a", 4_999)
        origins.accept(b"a", 5_001)
        self.assertEqual([origins.has(b"a", s) for s in (4_998, 4_999, 5_000, 5_001, 5_002)], [False, True, True, True, False])
        origins.accept(b"a", 2**62)
        self.assertFalse(origins.has(b"a", 2**62 - 1))
        self.assertFalse(origins.admits(b"a", 5_001, False, Introduced(self.clock)))

    def test_full(self) -> None:
        clock = self.clock
        origins = Origins(b"own", 10, Limits({"ORIGINS": 2, "ORIGINS_DIRECT": 1, "ORIGINS_PER_LINK": 3}), clock)
        origins.accept(b"a", 1)
        self.assertFalse(origins.admits(b"b", 1, False, Introduced(self.clock, 3)))
        self.assertTrue(origins.admits(b"b", 1, True, Introduced(self.clock, 3)))
        origins.accept(b"b", 1)
        self.assertFalse(origins.admits(b"c", 1, False, Introduced(self.clock)))
        self.assertTrue(origins.admits(b"c", 1, True, Introduced(self.clock)))
        origins.accept(b"c", 1)
        self.assertFalse(origins.admits(b"d", 1, True, Introduced(self.clock)))
        clock.now = 80_000.0
        self.assertEqual(len(origins), 3)
        clock.now += 1
        self.assertEqual(len(origins), 0)

    def test_introduced(self) -> None:
        clock, link = self.clock, Introduced(self.clock)
        origins = Origins(b"own", 10, Limits({"ORIGINS_PER_LINK": 1}), clock)
        origins.accept(b"own", 7)
        self.assertEqual((len(origins), origins.has(b"own", 7), origins.admits(b"own", 8, False, link)), (0, True, True))
        origins.accept(b"a", 1, link)
        origins.accept(b"a", 2, link)
        self.assertEqual(link.count, 1)
        self.assertFalse(origins.admits(b"b", 1, False, link))
        clock.now = 80_001.0
        self.assertTrue(origins.admits(b"b", 1, False, link))
        self.assertEqual(link.count, 0)

    def test_rate(self) -> None:
        clock, link = self.clock, Introduced(self.clock)
        origins = Origins(b"own", 10, Limits({"ORIGINS_PER_SECOND": 2}), clock)
        for at, origin in ((0.0, b"a"), (400.0, b"b"), (1_000.0, b"d")):
            clock.now = at
            self.assertTrue(origins.admits(origin, 1, False, link))
            origins.accept(origin, 1, link)
            origins.accept(origin, 2, link)
        self.assertFalse(origins.admits(b"e", 1, False, link))
        self.assertTrue(origins.admits(b"e", 1, True, link))
        self.assertTrue(origins.admits(b"e", 1, False, Introduced(clock)))
        self.assertTrue(origins.admits(b"a", 9, False, link))
        clock.now = 1_400.0
        self.assertTrue(origins.admits(b"e", 1, False, link))

    def test_own_far_below(self) -> None:
        origins = Origins(b"own", 10, Limits(), self.clock)
        origins.accept(b"own", 2**62)
        origins.accept(b"own", 5)
        self.assertEqual((origins.has(b"own", 2**62), origins.has(b"own", 5)), (True, False))

    def test_ids(self) -> None:
        clock = self.clock
        ids = Ids(10, Limits({"UNSIGNED_IDS": 1}), clock)
        ids.accept(b"x")
        self.assertTrue(ids.has(b"x") and ids.full())
        clock.now = 80_001.0
        self.assertFalse(ids.full() or ids.has(b"x"))

    def test_copies(self) -> None:
        copies = Copies(2)
        copies.accepted(b"x", 1)
        copies.accepted(b"y", None)
        self.assertTrue(copies.repeated(b"x", 1))
        self.assertEqual([copies.repeated(b"y", 1), copies.repeated(b"y", 1)], [False, True])
        copies.accepted(b"z", 1)
        self.assertFalse(copies.repeated(b"x", 1))
