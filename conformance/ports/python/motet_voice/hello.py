"""HELLO: what a node says of itself, and the checks of section 3.3 in their order."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass

from . import NAME, VERSION, messages, proto3, record
from .channel import Channel
from .errors import Refusal, malformed
from .identity import Identity
from .proof import INITIATOR, RESPONDER
from .record import Record
from .registry import FEATURES
from .terms import Terms

_GREASE = random.SystemRandom()


@dataclass(frozen=True)
class Hello:
    """A HELLO that was accepted; nothing in it is proven before the PROOF."""

    record: Record
    record_bytes: bytes
    terms: Terms
    clock_ms: int
    dial_counter: int
    binding_kinds: tuple[int, ...]


@dataclass(frozen=True)
class Expectation:
    """How this connection came about: our role, the node id that was dialled (or b"") and the count of our dials."""

    role: int
    pinned: bytes = b""
    dial_counter: int = 0


def encode(me: Identity, terms: Terms, clock_ms: int, expected: Expectation, channel: Channel, observed: str) -> bytes:
    """Our HELLO, with fresh random bytes (r[session.hello.nonce]) and numbers that mean nothing (r[session.grease])."""
    known = messages.encode(
        "Hello",
        {
            "networkId": me.network.id,
            "nonce": os.urandom(32),
            "record": me.record(),
            "wanted": expected.pinned,
            "clockMs": clock_ms,
            "dialCounter": expected.dial_counter,
            "compressions": [*terms.compressions, _grease(0x7F0A)],
            "receiveLimit": terms.receive_limit,
            "features": [*me.features, _grease(0x7F0B)],
            "bindingKinds": [*channel.bindings, _grease(0x7F0A)],  # r[binding.list]
            "agent": f"{NAME}/{VERSION} (python)",
            "observedAddress": observed,
        },
    )
    return known + proto3.field(_GREASE.randrange(900, 1_000), proto3.LENGTH, os.urandom(_GREASE.randrange(8)))


def check(data: bytes, me: Identity, expected: Expectation, channel: Channel) -> Hello:
    """The peer's HELLO, or the first refusal in the order of sections 3.2 and 3.3."""
    value = messages.decode("Hello", data)  # r[session.hello.decode]
    if value["networkId"] != me.network.id:  # r[session.hello.network]
        raise Refusal("WRONG_NETWORK")
    if value["receiveLimit"] < me.network.receive_minimum:  # r[session.hello.limit]
        raise malformed("receive limit too low for this network")
    theirs = record.decode(value["record"], me.network)  # r[session.hello.record]
    if theirs.node_id == me.node_id:  # r[session.hello.self]
        raise Refusal("SELF")
    if expected.role == RESPONDER and value["wanted"] not in (b"", me.node_id):  # r[session.hello.wanted]
        raise Refusal("UNEXPECTED_NODE")
    if expected.role == INITIATOR and expected.pinned not in (b"", theirs.node_id):  # r[session.hello.pinned]
        raise Refusal("UNEXPECTED_NODE")
    if any(feature % 2 == 0 and feature not in FEATURES for feature in value["features"]):  # r[session.hello.features]
        raise Refusal("UNKNOWN_FEATURE")
    kinds = tuple(value["bindingKinds"])
    _check_encryption(me, channel, kinds)
    terms = Terms(tuple(value["compressions"]), value["receiveLimit"])
    return Hello(theirs, value["record"], terms, value["clockMs"], value["dialCounter"], kinds)


def _check_encryption(me: Identity, channel: Channel, kinds: tuple[int, ...]) -> None:
    required = me.network.has("ENCRYPTION_REQUIRED")
    if required and not channel.encrypted:  # r[session.encryption]
        raise Refusal("ENCRYPTION_REQUIRED")
    if channel.resumed:  # r[tls.resumed]
        raise Refusal("BINDING", "resumed")
    if required and not channel.kind(kinds):  # r[binding.none]
        raise Refusal("BINDING", "no kind in common")


def _grease(pattern: int) -> int:
    """A number that is never assigned: the pattern with any digit in the place of its third."""
    return pattern | _GREASE.randrange(16) << 4
