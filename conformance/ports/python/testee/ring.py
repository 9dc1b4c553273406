"""Operations of the ring (section 4 of LINK.md): what a member is told to do, and lookups."""

from __future__ import annotations

from typing import Any

from motet_voice import address
from motet_voice.address import Address
from motet_voice.errors import Refusal, misuse

from .derive import position
from .lines import Members
from .messaging import Messaging
from .nodes import Nodes, check_scheme


class RingOperations:
    """The operator of all rings."""

    def __init__(self, nodes: Nodes, messaging: Messaging) -> None:
        self._nodes = nodes
        self._messaging = messaging

    async def ring(self, given: Members) -> Members:
        """node.ring."""
        member, how = self._nodes.of(given).ring.member, given["how"]
        places = [_place(text) for text in given["contacts"]]
        if how == "found":
            member.found(places)
        elif how == "join":
            member.join(places)
        elif how in ("leave", "stabilize", "audit") and not places:
            {"leave": member.leave, "stabilize": member.stabilize, "audit": member.audit}[how]()
        else:
            raise misuse("how")
        return {}

    async def lookup(self, given: Members) -> Members:
        """node.lookup."""
        target, place = position(given, "target"), _place(given["contact"]) if given["contact"] else None
        request, outcome = self._messaging.request(given, _owner)
        self._nodes.of(given).ring.lookup(target, place, outcome)
        return {"request": request}


def _place(text: str) -> Address:
    check_scheme(text)
    try:
        return address.parse(text)
    except Refusal as refusal:
        raise misuse(refusal.text) from None


def _owner(found: Any) -> tuple[str, Members]:
    return "owner", {"peer": found.node_id.hex(), "hops": found.hops}
