"""What a member answers to STATE and STEP (sections 7.3 and 7.9): snapshots of its state, encoded."""

from __future__ import annotations

from collections.abc import Iterable

from .. import messages
from ..identity import Identity
from ..limits import FIXED
from ..registry import PHASES
from . import positions
from .contact import Contact, Contacts
from .state import JOINING, State

#: An answer to STATE takes at most so many bytes beside the records, and an entry beside its own.
_FRAME_BYTES = 8
_ENTRY_BYTES = 3


class Sayings:
    """Encodes; changes nothing."""

    def __init__(self, me: Identity, contacts: Contacts, state: State) -> None:
        self._me = me
        self._contacts = contacts
        self._state = state

    def state(self, most_bytes: int) -> bytes:
        """r[ring.state.answer]; a list that is too long for the asker is cut, and does not wrap then."""
        state = self._state
        before = self._contacts.newest_data(state.predecessor) if state.predecessor else b""
        own = self._me.record()
        room = most_bytes - len(own) - len(before) - 2 * _ENTRY_BYTES - _FRAME_BYTES
        successors: list[bytes] = []
        for data in map(self._contacts.newest_data, state.list):
            room -= len(data) + _ENTRY_BYTES
            if room < 0:
                break
            successors.append(data)
        wraps = state.wraps and len(successors) == len(state.list)
        value = {
            "self": own, "phase": PHASES[state.phase], "predecessor": before, "successors": successors, "wraps": int(wraps),
        }
        return messages.encode("StateAnswer", value)

    def step(self, target: int, fingers: Iterable[Contact]) -> bytes | None:
        """r[step.owners], r[step.next]; None for r[step.joining]."""
        if self._state.phase == JOINING:
            return None
        owners, following = self.step_contacts(target, fingers)
        if not owners and not following:
            owners_data = [self._me.record()]
        else:
            owners_data = [self._contacts.newest_data(each) for each in owners]
        return messages.encode(
            "StepAnswer", {"owners": owners_data, "next": [self._contacts.newest_data(each) for each in following]}
        )

    def step_contacts(self, target: int, fingers: Iterable[Contact]) -> tuple[list[Contact], list[Contact]]:
        """Owners and next; both empty when the head is the node itself, which owns everything."""
        state, most = self._state, FIXED.STEP_RECORDS
        if state.head is None:
            return [], []
        if positions.owned(state.position, target, state.head.position):
            return state.list[:most], []
        nearer = {
            each.node_id: each
            for each in (*fingers, *state.list)
            if positions.between(state.position, each.position, target)
        }
        return [], sorted(nearer.values(), key=lambda each: positions.forward(each.position, target))[:most]
