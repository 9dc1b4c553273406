"""Rules of a member of the table, asked directly: a ring of two over loopback, requests without sessions."""

from __future__ import annotations

from typing import Any

from motet_voice.ed25519 import SigningKey
from motet_voice.errors import Refusal
from motet_voice.limits import FIXED
from motet_voice.node import Node
from motet_voice.registry import GET, PUT, SCAN, SYNC, WATCH
from motet_voice.ring import positions
from motet_voice.table import keys, records
from motet_voice.table.arcs import Entry
from motet_voice.table.records import TableRecord
from motet_voice.table.store import Bringer, Place, Store

from .raw import SEEDS
from .test_ring import _member, _ordered
from .test_table import TableCase

_STRANGER = SigningKey(SEEDS[6])
_MOST = 1 << 20
_HOUR_MS = 3_600_000


class Rules(TableCase):
    async def asyncSetUp(self) -> None:
        await super().asyncSetUp()
        await self.ring(2)
        self.node, self.other = _ordered(self.nodes)
        self.before = self.other.identity.node_id

    def record(
        self, key: bytes, sequence: int = 1, value: bytes = b"v", flags: int = 0, signer: SigningKey = _STRANGER
    ) -> TableRecord:
        now, network = self.clock.unix_ms(), self.node.identity.network
        return records.encode(signer, network, keys.SHARED, key, sequence, now, now + _HOUR_MS, flags, value)

    def owned(self, begin: int = 0) -> tuple[bytes, int]:
        """A key and one of its positions that the node owns."""
        for at in range(begin, 1_000):
            key = b"key %d" % at
            for index in range(5):
                if self.position_owned(self.node, key, index):
                    return key, index
        raise AssertionError

    def position_owned(self, node: Node, key: bytes, index: int) -> bool:
        key_id = keys.key_id(node.identity.network, keys.SHARED, key)
        return node.table.member.arcs.owns(keys.position(key_id, index))

    async def ask(self, command: int, value: Any, peer: bytes = b"", most: int = _MOST) -> Any:
        """The answer of the node, or a code."""
        try:
            return await self.node.table.member.answer(peer or _STRANGER.public, command, value, most)
        except Refusal as refusal:
            return refusal.code

    async def put(self, record: TableRecord, index: int, place: int = 0, copies: int = 2, peer: bytes = b"") -> Any:
        value = {"record": record.data, "position": index, "place": place, "copies": copies}
        return await self.ask(PUT, value, peer)

    async def test_put_is_checked(self) -> None:
        key, index = self.owned()
        others = next(each for each in range(5_000) if self.position_owned(self.other, b"key %d" % each, index))
        other = self.record(b"key %d" % others)
        record = self.record(key)
        self.assertEqual(await self.put(self.record(key, 1 << 62), 9), "FUTURE")
        self.assertEqual(await self.put(record, 5), "MISUSE")
        self.assertEqual(await self.put(other, index, copies=1), "NOT_OWNER")
        self.assertEqual(await self.put(record, index, place=1), "NOT_OWNER")
        for place, copies in ((0, 1), (0, 6), (2, 2)):
            self.assertEqual(await self.put(record, index, place, copies, self.before), "MISUSE")
        self.assertEqual(list(self.node.table.member.store.all()), [])
        answer = await self.put(other, index, peer=self.before)
        self.assertEqual((answer["holders"][0], answer["whole"]), (self.node.identity.node_id, 1))
        answer = await self.put(record, index)
        self.assertEqual((len(answer["holders"]), answer["whole"], answer["newer"]), (2, 1, b""))

    async def test_newer_stays(self) -> None:
        key, index = self.owned()
        newer, older = self.record(key, 5, b"", records.TOMBSTONE), self.record(key, 4)
        await self.put(newer, index)
        answer = await self.put(older, index)
        self.assertEqual((answer["newer"], len(answer["holders"])), (newer.data, 2))
        key_id = newer.key_id
        self.assertEqual((await self.ask(GET, {"keyId": key_id, "position": 0}))["record"], newer.data)
        self.clock.advance(_HOUR_MS + 1)
        self.assertEqual((await self.ask(GET, {"keyId": key_id, "position": 0}))["record"], newer.data)
        again = records.encode(
            _STRANGER, self.node.identity.network, keys.SHARED, key, 3, newer.issued, newer.issued + 1, records.TOMBSTONE, b""
        )
        self.assertEqual((await self.put(again, index))["newer"], newer.data)
        self.clock.advance(records.longest_ms(self.node.identity.network) + FIXED.TOMBSTONE_EXTRA_MS)
        self.assertEqual((await self.ask(GET, {"keyId": key_id, "position": index}))["record"], b"")
        self.assertEqual(await self.put(newer, index), "EXPIRED")

    async def test_get_without_record(self) -> None:
        key, index = self.owned()
        value = {"keyId": keys.key_id(self.node.identity.network, keys.SHARED, key), "position": index}
        self.assertEqual(await self.ask(GET, value), {"record": b""})
        others = next(b"key %d" % at for at in range(5_000) if not self.position_owned(self.node, b"key %d" % at, 0))
        value = {"keyId": keys.key_id(self.node.identity.network, keys.SHARED, others), "position": 0}
        self.assertEqual(await self.ask(GET, value), "NOT_OWNER")
        self.assertEqual(await self.ask(GET, {**value, "position": 5}), "MISUSE")

    async def test_room(self) -> None:
        key, index = self.owned()
        first = self.record(key, 1, bytes(100))
        self.node.limits._values["STORE_BYTES"] = len(first.data) + 50
        self.assertEqual(len((await self.put(first, index))["holders"]), 2)
        second, at = self.owned(int(key.split()[1]) + 1)
        self.assertEqual(await self.put(self.record(second), at), "STORE_FULL")
        self.assertEqual(await self.put(self.record(key, 2, bytes(200)), index), "STORE_FULL")
        self.assertEqual((await self.ask(GET, {"keyId": first.key_id, "position": index}))["record"], first.data)
        self.assertEqual(len((await self.put(self.record(key, 2, bytes(101)), index))["holders"]), 2)

    async def test_shares(self) -> None:
        limits = self.node.limits
        limits._values["STORE_BYTES"] = 16_384
        store = Store(self.node.identity.network, limits, self.clock)

        def take(name: str, prefix: str | None, seed: int = 0) -> bool:
            record = self.record(name.encode(), 1, bytes(1_500), signer=SigningKey(seed.to_bytes(32, "big")))
            try:
                return store.take(record, Bringer(prefix) if prefix != "before" else None)
            except Refusal:
                return False

        self.assertEqual([take(f"a {at}", "192.0.2.0/24", at) for at in range(5)], [True] * 5)  # less than half
        self.assertTrue(take("b", "198.51.100.0/24", 10))
        self.assertFalse(take("c", "192.0.2.0/24", 11))  # that prefix has an eighth
        self.assertFalse(take("d", "203.0.113.0/24", 1))  # that writer has one record: two are more than an eighth
        self.assertTrue(take("e", None, 12))
        self.assertTrue(take("f", None, 13))  # an exempt address is no prefix
        self.assertTrue(take("g", "before", 1))  # a neighbour hands on what others have taken
        self.assertTrue(take("h", None, 14))
        self.assertFalse(take("i", None, 15))  # full

    async def test_incomplete(self) -> None:
        keeper, own = self.node.table.member.keeper, _member(self.node).state.position
        self.assertFalse(keeper.misses(own, own))
        keeper.complete, keeper.joined_behind = False, (own - 10) % (1 << 256)
        near = [(at + own) % (1 << 256) for at in range(-12, 3)]
        missed = [at - 12 for at in range(len(near)) if keeper.misses(near[at], near[at])]
        self.assertEqual(missed, list(range(-9, 1)))
        self.assertTrue(keeper.misses(near[0], near[14]))
        self.assertTrue(keeper.misses(near[0], near[3]))
        self.assertFalse(keeper.misses(near[0], near[2]))
        self.assertFalse(keeper.misses(near[13], near[0]))
        arc = {"from": bytes(32), "to": bytes(32), "cursor": b"", "count": 0, "sum": b"", "keyIds": []}
        self.assertEqual(await self.ask(SYNC, arc, self.before), "BUSY")

    async def test_scan(self) -> None:
        names = [b"key %d" % at for at in range(600) if self.position_owned(self.node, b"key %d" % at, 0)]
        names = names[: FIXED.SCAN_KEYS + 1]
        self.assertEqual(len(names), FIXED.SCAN_KEYS + 1)
        accept, network = self.node.table.member.keeper.accept, self.node.identity.network
        for name in names:
            accept(self.record(name), 0, Place(0, 2))
        begin = _member(self.node).state.predecessor.position
        answer = await self.ask(SCAN, {"after": begin.to_bytes(32, "big")})
        found = [keys.position(keys.key_id(network, each[0], each[1:]), 0) for each in answer["keys"]]
        self.assertEqual((len(found), answer["more"]), (FIXED.SCAN_KEYS, 1))
        self.assertEqual(found, sorted(found, key=lambda each: positions.forward(begin, each)))
        answer = await self.ask(SCAN, {"after": found[-1].to_bytes(32, "big")})
        self.assertEqual((len(answer["keys"]), answer["more"]), (1, 0))
        self.assertEqual((await self.ask(SCAN, {"after": begin.to_bytes(32, "big")}, most=100))["more"], 1)

    async def test_sync(self) -> None:
        key, index = self.owned()
        record = self.record(key)
        await self.put(record, index)
        arc = {"from": bytes(32), "to": bytes(32), "cursor": b"", "count": 0, "sum": b"", "keyIds": []}
        self.assertEqual(await self.ask(SYNC, arc), "NOT_OWNER")
        answer = await self.ask(SYNC, arc, self.before)
        entries = [Entry.decode(each) for each in answer["entries"]]
        self.assertIn((index, record.key_id, record.digest), [(each.index, each.key_id, each.digest) for each in entries])
        places = [keys.position(each.key_id, each.index) for each in entries]
        self.assertEqual(places, sorted(places))
        added = sum(int.from_bytes(each.digest, "big") for each in entries) % (1 << 256)
        arc.update(count=len(entries), sum=added.to_bytes(32, "big"))
        self.assertEqual(await self.ask(SYNC, arc, self.before), {"same": 1})
        arc.update(count=0, cursor=places[0].to_bytes(32, "big"))
        self.assertEqual(len((await self.ask(SYNC, arc, self.before))["entries"]), len(entries) - 1)
        arc.update(keyIds=[bytes(32), record.key_id])
        self.assertEqual(await self.ask(SYNC, arc, self.before), {"records": [record.data]})

    async def test_watch(self) -> None:
        key, index = self.owned()
        self.node.limits._values["WATCHES"] = 1
        value = {"keyId": self.record(key).key_id, "position": index, "leaseMs": 1 << 26}
        self.assertEqual(await self.ask(WATCH, value), {"leaseMs": self.node.limits.WATCH_MS})
        second, at = self.owned(int(key.split()[1]) + 1)
        more = {"keyId": self.record(second).key_id, "position": at, "leaseMs": 5}
        self.assertEqual(await self.ask(WATCH, more), "BUSY")
        self.assertEqual(await self.ask(WATCH, {**value, "leaseMs": 0}), {"leaseMs": 0})
        self.assertEqual(await self.ask(WATCH, more), {"leaseMs": 5})
        self.clock.advance(5)
        self.assertEqual(await self.ask(WATCH, value), {"leaseMs": self.node.limits.WATCH_MS})

