"""Derivations (section 3 of LINK.md)."""

from __future__ import annotations

from motet_voice import address, broadcast, digests, ed25519, identifiers, preface, told
from motet_voice.errors import Refusal, misuse
from motet_voice.proof import Transcript

from .codec import Operation, key_of, network_of
from .lines import Members, number, octets


def _work(given: Members) -> Members:
    return {"bits": identifiers.work(octets(given, "nodeId"))}


def _signature(given: Members) -> Members:
    domain = given["domain"]
    if not domain.isascii():
        raise misuse("domain")
    return {"bytes": digests.sign(domain, octets(given, "digest"), key_of(given)).hex()}


def _verify(given: Members) -> Members:
    if not ed25519.verify(octets(given, "nodeId"), octets(given, "message"), octets(given, "signature")):
        raise Refusal("BAD_SIGNATURE")
    return {}


def _proof_digest(given: Members) -> Members:
    transcript = Transcript(
        octets(given, "initiatorPreface"),
        octets(given, "responderPreface"),
        octets(given, "initiatorHello"),
        octets(given, "responderHello"),
    )
    digest = transcript.digest(number(given["role"]), number(given["bindingKind"]), octets(given, "binding"))
    return {"bytes": digest.hex()}


def _tellable(given: Members) -> Members:
    teller = address.parse(given["toldBy"])
    return {"dial": told.may_dial(given["address"], octets(given, "pin"), teller) is not None}


DERIVE: dict[str, Operation] = {
    "nodeId": lambda given: {"bytes": key_of(given).public.hex()},
    "networkId": lambda given: {"bytes": network_of(given).id.hex()},
    "messageId": lambda given: {"bytes": broadcast.message_id(network_of(given), octets(given, "content")).hex()},
    "work": _work,
    "signature": _signature,
    "verify": _verify,
    "proofDigest": _proof_digest,
    "tellable": _tellable,
    "version": lambda given: {"version": preface.common_version(octets(given, "mine"), octets(given, "theirs"))},
}
