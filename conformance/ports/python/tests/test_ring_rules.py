"""Rules of the ring against nodes that exist only as answers: positions are small numbers, the node itself is at 0."""

from __future__ import annotations

import unittest
import unittest.mock
from dataclasses import dataclass, field
from typing import Any

from motet_voice.address import Address
from motet_voice.clock import Clock
from motet_voice.errors import Refusal
from motet_voice.identity import Identity
from motet_voice.limits import FIXED, Limits
from motet_voice.record import Record
from motet_voice.records import Known, Teller
from motet_voice.registry import NOTIFY
from motet_voice.ring.audits import Audits
from motet_voice.ring.calls import Failed, Named, Snapshot
from motet_voice.ring.contact import Contact
from motet_voice.ring.finder import Finder
from motet_voice.ring.joining import Joining
from motet_voice.ring.predecessors import Predecessors
from motet_voice.ring.remembered import Remembered
from motet_voice.ring.stabilizing import Stabilizing
from motet_voice.ring.state import State

from .raw import SEEDS, network

_TOP = 1 << 256


def at(position: int, features: list[int] | None = None) -> Contact:
    """The contact at a position."""
    node_id = (position % _TOP).to_bytes(32, "big")
    body = {"addresses": ["tcp://127.0.0.1:1"], "features": [3] if features is None else features}
    known = Known(Record(node_id, 0, 1, 1, body), b"", Teller(node_id, Address("tcp", "127.0.0.1", 1)), None)
    return Contact(node_id, 1, position % _TOP, known)


@dataclass
class Fake:
    """What a node answers."""

    list: list[int] = field(default_factory=lambda: [])
    before: int | None = None
    phase: str = "MEMBER"
    wraps: bool = False
    owners: list[int] = field(default_factory=lambda: [])
    next: list[int] = field(default_factory=lambda: [])


class Calls:
    """Answers for the nodes of a test; all others have failed."""

    def __init__(self) -> None:
        self.nodes: dict[int, Fake] = {}
        self.asked: list[tuple[str, int]] = []
        self.left: set[int] = set()
        self.failed: set[Contact] = set()

    def gone(self, contact: Contact) -> bool:
        return contact.position in self.left

    def take_failed(self) -> set[Contact]:
        failed, self.failed = self.failed, set()
        return failed

    def _of(self, what: str, contact: Contact) -> Fake:
        self.asked.append((what, contact.position))
        if contact.position not in self.nodes or contact.position in self.left:
            raise Failed
        return self.nodes[contact.position]

    async def state(self, contact: Contact) -> Snapshot:
        fake = self._of("STATE", contact)
        before = None if fake.before is None else at(fake.before)
        return Snapshot(contact, fake.phase, before, [at(each) for each in fake.list], fake.wraps)

    async def step(self, contact: Contact, target: int) -> Named:
        fake = self._of("STEP", contact)
        return Named([at(each) for each in fake.owners], [at(each) for each in fake.next])

    async def tell(self, contact: Contact, command: int) -> None:
        self.asked.append(("NOTIFY" if command == NOTIFY else "HINT", contact.position))


class RuleCase(unittest.IsolatedAsyncioTestCase):
    def setUp(self) -> None:
        self.calls: Any = Calls()
        self.nodes = self.calls.nodes
        self.state = State(0, 3, self.calls.gone)
        self.state.phase = "MEMBER"
        self.limits, self.clock = Limits({"LOOKUP_PARALLEL": 1}), Clock()
        self.me = Identity(SEEDS[0], network(successors=3), self.clock)
        self.remembered = Remembered(self.limits, self.clock)
        self.stabilizing = Stabilizing(self.state, self.calls, self.remembered)
        self.finder = Finder(self.limits, self.clock, self.me, self.calls, lambda: self.state.phase, lambda contact: None)

    def lists(self, *positions: int) -> None:
        self.state.take([at(each) for each in positions])

    def positions(self) -> list[int]:
        return [each.position for each in self.state.list]

    def count(self, what: str) -> list[int]:
        return [position for each, position in self.calls.asked if each == what]


class Rounds(RuleCase):
    async def test_head_and_walk(self) -> None:
        self.lists(40, 50)
        self.nodes.update({40: Fake([50, 60, 70], before=30), 30: Fake([40, 50], before=20), 20: Fake([30], phase="LEAVING")})
        await self.stabilizing.round()
        self.assertEqual((self.positions(), self.state.wraps), ([30, 40, 50], False))
        self.assertEqual(self.calls.asked, [("STATE", 40), ("STATE", 30), ("STATE", 20), ("NOTIFY", 30)])

    async def test_walk_ends(self) -> None:
        self.lists(100)
        self.nodes.update({n: Fake([n + 1], before=n - 1) for n in range(1, 101)})
        await self.stabilizing.round()
        self.assertEqual(len(self.count("STATE")), 1 + FIXED.RING_WALK)
        self.assertEqual(self.positions()[0], 100 - FIXED.RING_WALK)

    async def test_failures(self) -> None:
        self.lists(10, 20, 30)
        self.nodes.update({20: Fake([25], phase="JOINING"), 30: Fake([40, 0], before=20)})
        await self.stabilizing.round()
        self.assertEqual((self.positions(), self.state.wraps), ([30, 40], True))
        self.assertEqual([each.position for each in self.remembered.all()], [10, 20])
        self.nodes.clear()
        await self.stabilizing.round()
        self.assertEqual((self.positions(), self.state.wraps), ([], True))

    async def test_known_failures(self) -> None:
        self.lists(10, 20, 30)
        self.calls.failed = {at(10), at(30)}
        self.nodes.update({10: Fake(), 20: Fake([30, 40, 15])})
        await self.stabilizing.round()
        self.assertEqual((self.positions(), self.count("STATE")), ([20, 30, 40], [20]))
        self.assertEqual([each.position for each in self.remembered.all()], [10, 30])
        self.nodes[20] = Fake([15])
        await self.stabilizing.round()
        self.assertEqual((self.positions(), self.state.cut), ([20], at(15)))
        self.calls.left = {20}
        self.lists(10, 20, 30)
        self.assertEqual(self.positions(), [10, 30])

    async def test_leaving(self) -> None:
        for others, expected in (
            ({20: Fake([30])}, [20, 30]),
            ({30: Fake([35])}, [30, 35]),
            ({20: Fake([30], phase="LEAVING"), 30: Fake([31])}, [30, 31]),
            ({20: Fake([30], phase="LEAVING")}, [20, 30]),
            ({}, [10, 20, 30]),
        ):
            self.nodes.clear()
            self.lists(10, 20, 30)
            self.nodes.update({10: Fake([20, 30], phase="LEAVING"), **others})
            await self.stabilizing.round()
            self.assertEqual(self.positions(), expected)

    async def test_alone(self) -> None:
        self.state.found()
        await self.stabilizing.round()
        self.state.predecessor = at(90)
        self.nodes[90] = Fake([0])
        await self.stabilizing.round()
        self.assertEqual((self.positions(), self.state.wraps, self.state.phase), ([90], True, "FOUNDER"))
        self.nodes[90] = Fake([91, 92])
        await self.stabilizing.round()
        self.assertEqual(self.state.phase, "MEMBER")


class Lookups(RuleCase):
    async def test_lies_are_dropped(self) -> None:
        self.nodes.update({10: Fake(next=[5, 95, 60, 0, 70]), 70: Fake(owners=[75]), 60: Fake(owners=[85, 99]), 99: Fake()})
        found = await self.finder.through(at(10), 80)
        self.assertEqual((found.contact.position, found.hops), (99, 2))
        self.assertEqual(self.count("STEP"), [10, 70, 60])
        self.assertEqual(self.count("STATE"), [85, 99])

    async def test_ring_of_one_and_self(self) -> None:
        self.nodes[10] = Fake(owners=[10], list=[])
        self.assertEqual((await self.finder.through(at(10), 80)).hops, 1)
        self.nodes[10] = Fake(owners=[10, 20], list=[])
        with self.assertRaises(Refusal):
            await self.finder.through(at(10), 80)

    async def test_ends(self) -> None:
        self.nodes.update({n: Fake(next=[n, n - 1, n + 1]) for n in range(10, 200)})
        with self.assertRaises(Refusal) as raised:
            await self.finder.through(at(10), 1_000)
        self.assertEqual(raised.exception.code, "UNREACHABLE")
        self.assertEqual(self.count("STEP"), list(range(10, 10 + FIXED.LOOKUP_HOPS)))

    async def test_lists(self) -> None:
        self.nodes.update({10: Fake([60, 70, 90], next=[60]), 95: Fake()})
        self.nodes[70] = Fake([75, 80, 95], owners=[85, 90])  # 85 and 90 are dead
        found = await self.finder.through(at(10), 80)
        self.assertEqual((found.contact.position, found.hops), (95, 2))
        expected = [("STEP", 10), ("STEP", 60), ("STATE", 10), ("STEP", 70), ("STATE", 85), ("STATE", 90), ("STATE", 70)]
        self.assertEqual(self.calls.asked, [*expected, ("STEP", 75), ("STATE", 80), ("STATE", 95)])

    async def test_lists_that_lead_nowhere(self) -> None:
        self.nodes.update({10: Fake([60, 85], next=[20, 60]), 20: Fake([60, 70, 5, 90], next=[60]), 90: Fake()})
        with self.assertRaises(Refusal) as raised:
            await self.finder.through(at(10), 80)
        self.assertEqual(raised.exception.code, "UNREACHABLE")
        self.assertEqual((self.count("STEP"), self.count("STATE")), ([10, 60, 20, 70], [20, 5, 10, 85]))

    async def test_own_list(self) -> None:
        self.nodes[85] = Fake()
        named, entries = Named([], [at(60), at(50)]), [at(40), at(50), at(85)]
        found = await self.finder.own(0, named, entries, 80)
        self.assertEqual((found.contact.position, found.hops, self.count("STEP")), (85, 0, [60, 50, 40]))


class Joins(RuleCase):
    async def join(self) -> bool:
        self.state.phase, self.state.list, self.state.wraps = "JOINING", [], False
        return await Joining(self.me.node_id, self.state, self.calls, self.finder).through(at(10)) is not None

    async def test_place(self) -> None:
        self.nodes.update({10: Fake(next=[90]), 90: Fake([10, 20, 30, 40], owners=[10], wraps=True), 20: Fake()})
        self.assertFalse(await Joining(self.me.node_id, self.state, self.calls, self.finder).through(at(50)))
        self.nodes[10] = Fake(next=[90], phase="LEAVING")
        self.assertTrue(await self.join())
        self.assertEqual((self.positions(), self.state.wraps, self.state.predecessor), ([20, 30, 40], False, at(90)))
        self.nodes[90].wraps, self.nodes[90].list = True, [10]
        self.assertTrue(await self.join())
        self.assertEqual(self.positions(), [90])
        self.nodes[90].wraps = False
        self.assertFalse(await self.join())

    async def test_confirmed(self) -> None:
        for answer, joins in (
            (Fake([20], owners=[10]), True),
            (Fake([95, 20], owners=[10]), False),  # the answer to STATE is another
            (Fake([0, 20], owners=[10]), False),  # an earlier run
            (Fake([20], owners=[10], phase="LEAVING"), False),
            (Fake([], owners=[10]), False),
            (Fake([], owners=[90], wraps=True), True),
        ):
            self.nodes.clear()
            self.nodes.update({10: Fake(next=[90]), 20: Fake(), 90: answer})
            self.assertEqual(await self.join(), joins, answer)


class Neighbours(RuleCase):
    async def test_notify(self) -> None:
        predecessors = Predecessors(self.state, self.calls)
        for peer, alive, expected in ((50, [], 50), (40, [50], 50), (60, [50], 60), (70, [60], 70), (30, [], 30)):
            self.nodes.clear()
            self.nodes.update({each: Fake() for each in alive})
            predecessors.notified(at(peer))
            if predecessors._task is not None:
                await predecessors._task
            self.assertEqual(self.state.predecessor.position, expected)
        predecessors.notified(at(80, features=[]))
        self.assertEqual(self.state.predecessor.position, 30)

    async def test_audit(self) -> None:
        beginnings: Any = unittest.mock.Mock(elsewhere=lambda holds: [])
        audits = Audits(
            self.me.node_id, self.state, self.calls, self.finder, self.stabilizing, self.remembered, beginnings, list
        )
        self.lists(40, 50)
        self.assertFalse(audits.due())
        self.remembered.add(at(50))
        self.assertFalse(audits.due())
        self.remembered.add(at(60))
        self.assertTrue(audits.due())
        self.nodes.update({60: Fake(owners=[20]), 20: Fake([45, 60]), 40: Fake()})
        await audits.meet(await audits.look())
        self.assertEqual((self.positions(), self.count("NOTIFY")), ([20, 45, 60], [20]))
        self.assertIn(at(40), self.remembered.all())
        await self.stabilizing.round()
        self.assertEqual(self.count("NOTIFY"), [20, 40, 20])
        self.nodes[40].owners = [10]
        self.assertIsNone(await audits.look())
        self.assertEqual(self.count("STEP"), [60, 40])
