"""Addresses and told addresses (sections 1.7 and 1.8), beside the vectors: the marks that only a node makes."""

from __future__ import annotations

import unittest

from motet_voice import address, told
from motet_voice.clock import Clock
from motet_voice.limits import Limits


class Addresses(unittest.TestCase):
    def test_round_trip(self) -> None:
        for text in ("tcp://1.2.3.4:5", "tls://[2001:db8::1]:65535", "ws://a-b.c:1/motet", "memory://a-1"):
            self.assertEqual(address.parse(text).text, text)

    def test_listening(self) -> None:
        self.assertEqual(address.parse("tcp://[::1]:0", listening=True).port, 0)

    def test_prefixes(self) -> None:
        prefixes = [told.prefix_of(host) for host in ("8.8.4.4", "2a00:1:2:3::4", "127.0.0.1", "10.1.1.1", "example.org")]
        self.assertEqual(prefixes, ["8.8.4.0/24", "2a00:1:2::/48", None, None, None])


class Failures(unittest.IsolatedAsyncioTestCase):
    async def test_in_a_row(self) -> None:
        clock = Clock()
        failures = told.Failures(Limits({"DIAL_FAILURES": 2, "DIAL_PENALTY_MS": 1_000}), clock)
        place = address.parse("tcp://8.8.8.8:99")
        failures.note(place, True)
        self.assertTrue(failures.allow(place))
        failures.note(place, True)
        self.assertFalse(failures.allow(place))
        clock.advance(1_000)
        self.assertTrue(failures.allow(place))
        failures.note(place, True)
        clock.advance(1_999)
        self.assertFalse(failures.allow(place))
        clock.advance(1)
        self.assertTrue(failures.allow(place))
        failures.note(place, False)
        failures.note(place, True)
        self.assertTrue(failures.allow(place))

    async def test_prefix(self) -> None:
        clock = Clock()
        failures = told.Failures(Limits({"DIAL_PREFIX_FAILURES": 2}), clock)
        for host in ("8.8.8.1", "8.8.8.2"):
            failures.note(address.parse(f"tcp://{host}:99"), True)
        self.assertFalse(failures.allow(address.parse("tcp://8.8.8.3:99")))
        self.assertTrue(failures.allow(address.parse("tcp://8.8.9.3:99")))
        clock.advance(60_000)
        self.assertTrue(failures.allow(address.parse("tcp://8.8.8.3:99")))
