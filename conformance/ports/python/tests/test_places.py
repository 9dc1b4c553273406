"""Places for sessions (sections 3.5 and 4.9), with sessions of which only the role and the address matter."""

from __future__ import annotations

import unittest
from typing import Any, cast

from motet_voice.address import Address
from motet_voice.errors import Refusal
from motet_voice.limits import Limits
from motet_voice.places import Places
from motet_voice.proof import INITIATOR, RESPONDER
from motet_voice.session import Session


class Guest:
    """In the place of a session and of its connection."""

    def __init__(self, serial: int, role: int, host: str) -> None:
        self.serial, self.role, self._host = serial, role, host

    @property
    def wire(self) -> Guest:
        return self

    def remote(self) -> Address:
        return Address("tcp", self._host, 1)


def ready(*hosts: str) -> list[Session]:
    """Sessions that others began, oldest first; with "-" those that the node dialled itself."""
    return [
        cast(Session, Guest(serial, INITIATOR if host[0] == "-" else RESPONDER, host.lstrip("-")))
        for serial, host in enumerate(hosts)
    ]


class Given(unittest.TestCase):
    def victim(self, role: int, host: str, *hosts: str, **limits: int) -> Any:
        """"" when there is a place, FULL when there is none, else the serial of who goes."""
        places = Places(Limits({"SESSIONS": 4, **limits}))
        try:
            gone = places.victim(cast(Session, Guest(9, role, host)), ready(*hosts))
        except Refusal as refusal:
            return refusal.code
        return "" if gone is None else gone.serial

    def test_share(self) -> None:
        others = ("127.0.0.1",) * 3
        self.assertEqual(self.victim(RESPONDER, "127.0.0.1", *others[:2], "-127.0.0.1"), "")
        self.assertEqual(self.victim(RESPONDER, "127.0.0.1", *others), "FULL")
        self.assertEqual(self.victim(INITIATOR, "127.0.0.1", *others), "")
        self.assertEqual(self.victim(INITIATOR, "127.0.0.1", *others, "-127.0.0.1"), "FULL")
        self.assertEqual(self.victim(RESPONDER, "127.0.0.1", SESSIONS=1), "")

    def test_crowded(self) -> None:
        others = ("8.8.8.1", "8.8.8.2", "9.9.9.9")
        self.assertEqual(self.victim(RESPONDER, "1.1.1.1", *others), 1)
        self.assertEqual(self.victim(RESPONDER, "9.9.9.1", *others), 1)
        self.assertEqual(self.victim(RESPONDER, "8.8.8.3", *others), "FULL")
        self.assertEqual(self.victim(RESPONDER, "127.0.0.1", *others), "FULL")
        self.assertEqual(self.victim(RESPONDER, "1.1.1.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"), "FULL")
        self.assertEqual(self.victim(RESPONDER, "1.1.1.1", "-8.8.8.1", "-8.8.8.1", "9.9.9.1", "9.9.9.2"), 3)
