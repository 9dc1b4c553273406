"""Penalties of nodes (section 4.6)."""

import unittest

from motet_voice import broadcast, frames
from motet_voice.limits import Limits
from motet_voice.penalties import Penalties
from motet_voice.registry import BROADCAST, PING

from .cases import NodeCase
from .raw import SEEDS, Raw, network
from .still import Still

HALVE_MS = Limits().PENALTY_HALVE_MS


class Counts(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = Still()

    def test_halve(self) -> None:
        penalties = Penalties(Limits(), self.clock)
        self.assertEqual(penalties.add(b"a", 0), 0)
        self.clock.now = 1_000.0
        self.assertEqual(penalties.add(b"a", 19), 19)
        self.clock.now = 999.0 + HALVE_MS
        self.assertEqual(penalties.add(b"a", 0), 19)
        self.clock.now += 1
        self.assertEqual(penalties.add(b"a", 0), 9)
        self.clock.now += 2 * HALVE_MS + 5
        self.assertEqual(penalties.add(b"a", 1), 3)
        self.clock.now += HALVE_MS - 5
        self.assertEqual(penalties.add(b"a", 0), 1)
        self.clock.now += 3 * HALVE_MS - 1
        self.assertEqual(penalties.add(b"a", 4), 4)
        self.clock.now += HALVE_MS - 1
        self.assertEqual(penalties.add(b"a", 0), 4, "it has begun anew")

    def test_ban(self) -> None:
        penalties = Penalties(Limits({"BAN_MS": 1_000}), self.clock)
        penalties.add(b"a", 99)
        self.assertFalse(penalties.banned(b"a"))
        penalties.add(b"a", 1)
        self.clock.now = 999.0
        self.assertEqual((penalties.banned(b"a"), penalties.banned(b"b")), (True, False))
        penalties.add(b"a", 1)
        self.clock.now = 1_000.0
        self.assertFalse(penalties.banned(b"a"))
        penalties.add(b"a", 1)
        self.assertTrue(penalties.banned(b"a"))

    def test_memory(self) -> None:
        penalties = Penalties(Limits({"PENALISED": 3}), self.clock)
        for node_id, count in ((b"a", 5), (b"b", 100), (b"c", 2), (b"d", 3)):
            penalties.add(node_id, count)
        self.clock.now = 7.0 * HALVE_MS / 2
        self.assertEqual([penalties.add(each, 0) for each in (b"c", b"b", b"d")], [0, 12, 0])
        penalties.add(b"e", 1)
        penalties.add(b"f", 1)
        self.assertTrue(penalties.banned(b"b"))


class OverSessions(NodeCase):
    async def session(self, address: str, twist: int, count: int) -> str:
        """The code with which a session of one peer ends that sends so many broken broadcasts; "" when it stays."""
        raw = Raw(SEEDS[6], network())
        await raw.open(address)
        good = broadcast.encode(raw.me.key, raw.me.network, 9, self.clock.unix_ms(), "c", b"x")
        payload = bytearray(broadcast.payload_of(good))
        payload[twist] ^= 1
        raw.send(frames.encode(BROADCAST, bytes(payload)) * count + frames.encode(PING, b"", frames.REQUEST, 5))
        frame = await raw.frame()
        code = "" if frame and frame.header.command == PING else await raw.code_of(frame)
        raw.close()
        return code

    async def test_kept(self) -> None:
        _, address = await self.start()
        self.assertEqual(await self.session(address, 0, 19), "")
        self.assertEqual(await self.session(address, 0, 1), "MISBEHAVED")
        self.clock.advance(HALVE_MS)
        self.assertEqual(await self.session(address, 0, 9), "")
        self.assertEqual(await self.session(address, 0, 1), "MISBEHAVED")

    async def test_banned(self) -> None:
        _, address = await self.start()
        for _ in range(5):
            self.assertEqual(await self.session(address, 64, 1), "BAD_SIGNATURE")
        raw = Raw(SEEDS[6], network())
        with self.assertRaises(AssertionError):
            await raw.open(address)
        raw.close()
        self.assertEqual((await self.until(1, "refused"))[-1]["code"], "BANNED")
        self.clock.advance(Limits().BAN_MS)
        self.assertEqual(await self.session(address, 0, 1), "")
