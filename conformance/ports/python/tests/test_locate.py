"""LOCATE and FOUND without connections (section 5.5)."""

from __future__ import annotations

import unittest

from motet_voice import messages
from motet_voice.address import Address
from motet_voice.clock import Clock
from motet_voice.identity import Identity
from motet_voice.limits import Limits
from motet_voice.locate import Locate
from motet_voice.records import Known, Records, Teller
from motet_voice.registry import FOUND, LOCATE

from .raw import SEEDS, network

QUERY = bytes(16)
TELLER = Teller(b"t", Address("tcp", "127.0.0.1", 9))


class Located(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        self.clock = Clock()
        self.me, self.wanted = (Identity(seed, network(), self.clock) for seed in SEEDS[:2])
        self.peers = [b"a", b"b", b"c"]
        limits = Limits()
        self.records = Records(self.me, limits, self.clock, lambda _: False)
        self.sent: list[tuple[bytes, int, int]] = []
        self.locate = Locate(self.me, limits, self.clock, self.records, lambda: self.peers, self.note)

    def note(self, peer: bytes, command: int, payload: bytes, tag: int) -> None:
        messages.decode("Found" if command == FOUND else "Locate", payload)
        self.sent.append((peer, command, tag))

    def came(self, peer: bytes, hops: int, wanted: bytes = b"") -> list[tuple[bytes, int, int]]:
        self.sent.clear()
        self.locate.locate(ord(peer), peer, hops, QUERY, wanted or self.wanted.node_id)
        return list(self.sent)

    async def test_way_there(self) -> None:
        self.assertEqual(self.came(b"a", 1), [])
        self.clock.advance(30_000)
        self.assertEqual(self.came(b"a", 200), [(b"b", LOCATE, 31), (b"c", LOCATE, 31)])
        self.assertEqual(self.came(b"b", 32), [])
        self.clock.advance(30_000)
        self.assertEqual(self.came(b"a", 3), [(b"b", LOCATE, 2), (b"c", LOCATE, 2)])
        self.assertEqual(self.came(b"b", 5), [(b"a", LOCATE, 4), (b"c", LOCATE, 4)])
        self.assertEqual(self.came(b"c", 9), [])
        self.assertEqual(self.came(b"c", 9, self.me.node_id), [(b"c", FOUND, 0)])
        self.assertEqual(self.came(b"c", 9, bytes(32)), [], "a third one within a second")

    async def test_way_back(self) -> None:
        self.came(b"a", 5)
        self.came(b"b", 5)
        self.came(b"c", 5)
        self.sent.clear()
        first = self.wanted.record()
        self.locate.found(TELLER, QUERY, first)
        self.assertEqual(self.sent, [(b"a", FOUND, 0), (b"b", FOUND, 0)])
        self.locate.found(TELLER, QUERY, first)
        self.locate.found(TELLER, bytes([1]) * 16, first)
        self.assertEqual(len(self.sent), 2)
        for _ in range(3):
            self.clock.advance(1)
            self.locate.found(TELLER, QUERY, self.wanted.renew())
        self.assertEqual(len(self.sent), 6, "three of one query")

    async def test_known(self) -> None:
        known = self.records.told(self.wanted.record(), TELLER)
        assert isinstance(known, Known)
        self.assertEqual(self.came(b"a", 1), [(b"a", FOUND, 0)])
        self.clock.advance(86_400_000)
        self.assertEqual(self.came(b"b", 1), [])
        self.assertIsNone(self.records.told(self.wanted.record(), TELLER), "expired")
