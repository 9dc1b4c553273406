"""Which records are known (section 4.9)."""

import unittest

from motet_voice.address import Address
from motet_voice.clock import Clock
from motet_voice.identity import Identity
from motet_voice.limits import Limits
from motet_voice.records import Records, Teller

from .raw import network


class Shares(unittest.TestCase):
    def test_shares(self) -> None:
        clock = Clock()
        me = Identity(bytes(32), network(), clock)
        peers: set[bytes] = set()
        for per_prefix, known in ((2, [2, 3, 5, 6]), (4, [0, 1, 2, 3, 5, 6])):
            limits = Limits({"KNOWN_PER_PREFIX": per_prefix, "KNOWN_PER_SOURCE": 3})
            records = Records(me, limits, clock, peers.__contains__)
            ids = []
            for number, (host, source) in enumerate(
                (("8.8.8.1", b"a"), ("8.8.8.2", b"b"), ("8.8.8.3", b"c"), ("8.8.8.4", b"d"), *[("127.0.0.1", b"e")] * 3)
            ):
                other = Identity(bytes([number + 1]) * 32, network(), clock)
                other.addresses = [f"tcp://{host}:4000"]
                if number == 4:
                    other.addresses = ["tcp://127.0.0.1:4000"]
                ids.append(other.node_id)
                records.told(other.record(), Teller(source, Address("tcp", "127.0.0.1", 1)))
            more = Identity(bytes([9]) * 32, network(), clock)
            more.addresses = ["tcp://10.0.0.1:4000"]
            records.told(more.record(), Teller(b"e", Address("tcp", "127.0.0.1", 1)))
            held = {each.record.node_id for each in records.others()}
            self.assertIn(more.node_id, held)
            self.assertEqual([number for number, node_id in enumerate(ids) if node_id in held], known)
