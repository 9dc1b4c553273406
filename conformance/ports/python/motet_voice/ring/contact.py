"""Contacts (section 7.2): nodes as their own signed records name them, and which records make contacts."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from .. import record
from ..clock import Clock
from ..errors import Refusal
from ..identity import Identity
from ..record import Record
from ..records import Known, Records, Teller
from ..registry import MEMBER
from ..session import Session
from . import positions

_REMEMBERED_CHECKS = 4_096


@dataclass(frozen=True)
class Contact:
    """One run of a node: two contacts are the same when node id and incarnation are."""

    node_id: bytes
    incarnation: int
    position: int = field(compare=False)
    known: Known = field(compare=False)

    @property
    def data(self) -> bytes:
        """Its record."""
        return self.known.data


class Contacts:
    """Makes contacts of sessions and of the records in answers."""

    def __init__(self, me: Identity, clock: Clock, records: Records) -> None:
        self._me = me
        self._clock = clock
        self._records = records
        self._checked: OrderedDict[bytes, Record | None] = OrderedDict()  # a signature is verified once

    def of_session(self, session: Session) -> Contact:
        """The peer of a session, with the newest record of the same run."""
        said = Known.of(session.peer.record, session.peer.record_bytes, Teller(session.peer_id, session.wire.remote()))
        return self._of(self._newest(said))

    def listed(self, data: bytes, teller: Teller) -> Contact | None:
        """A record in an answer, or None for one that is dropped: r[ring.entry.record], r[ring.entry.member]."""
        value = self._decode(data)
        if value is None or MEMBER not in value.body["features"]:
            return None
        if value.node_id != teller.node_id and not record.timely(value, self._clock.unix_ms()):
            return None
        return self._of(Known.of(value, data, teller))

    def all_listed(self, entries: Iterable[bytes], teller: Teller) -> list[Contact]:
        """The records of a list in their order, but for those that are dropped."""
        contacts = (self.listed(data, teller) for data in entries)
        return [contact for contact in contacts if contact is not None]

    def newest_data(self, contact: Contact) -> bytes:
        """The newest record of a contact that this node has."""
        return self._newest(contact.known).data

    def _newest(self, said: Known) -> Known:
        known = self._records.get(said.record.node_id)
        if known is None or known.record.issued <= said.record.issued or known.record.incarnation != said.record.incarnation:
            return said
        return known

    def _of(self, known: Known) -> Contact:
        value = known.record
        position = positions.position_of(self._me.network, value.node_id)
        return Contact(value.node_id, value.incarnation, position, known)

    def _decode(self, data: bytes) -> Record | None:
        if data not in self._checked:
            try:
                self._checked[data] = record.decode(data, self._me.network)
            except Refusal:
                self._checked[data] = None
            if len(self._checked) > _REMEMBERED_CHECKS:
                self._checked.popitem(last=False)
        return self._checked[data]
