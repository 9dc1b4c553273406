"""What the head has shown to hold, by PUT or SYNC, so that it is not sent again: r[keep.forward]."""

from __future__ import annotations

from ..ring.contact import Contact
from .store import Place


class Shown:
    """Forgets everything when the head is another."""

    def __init__(self) -> None:
        self._head: Contact | None = None
        self._shown: dict[tuple[bytes, int], tuple[bytes, Place]] = {}

    def turn_to(self, head: Contact | None) -> None:
        """The head of now."""
        if head != self._head:
            self._head = head
            self._shown.clear()

    def note(self, by: Contact, key_id: bytes, index: int, digest: bytes, place: Place) -> None:
        """It holds this record there."""
        if by == self._head:
            self._shown[key_id, index] = digest, place

    def lacks(self, key_id: bytes, index: int) -> None:
        """It does not."""
        self._shown.pop((key_id, index), None)

    def holds(self, key_id: bytes, index: int, digest: bytes, place: Place) -> bool:
        """Whether it has shown to hold this record at this place."""
        return self._shown.get((key_id, index)) == (digest, place)
