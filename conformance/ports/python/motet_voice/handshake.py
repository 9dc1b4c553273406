"""The handshake of one connection (sections 3.1 to 3.4), without input and output: bytes in, bytes to send out."""

from __future__ import annotations

from . import digests, frames, hello, messages, preface
from .errors import Refusal
from .hello import Expectation, Hello
from .identity import Identity
from .proof import INITIATOR, RESPONDER, Transcript, binding_kind
from .registry import HELLO, PROOF

#: Channel bindings that we list: none in this version (section 3.4).
_OUR_KINDS: tuple[int, ...] = ()


class Handshake:
    """Holds the transcript and judges what the other side sends in each step."""

    def __init__(self, me: Identity, expected: Expectation, our_hello: bytes) -> None:
        self._me = me
        self._expected = expected
        self.role = expected.role
        self.our_preface = preface.encode()
        self.our_hello = our_hello
        self._their_preface = b""
        self._their_hello = b""
        self.peer: Hello | None = None

    def opening(self) -> bytes:
        """Our preface and HELLO, r[session.open.initiator]."""
        return self.our_preface + frames.encode(HELLO, self.our_hello)

    def take_preface(self, data: bytes) -> bool:
        """Judges as much of the preface as has come; True when it is whole and shares a version with ours."""
        preface.check_start(data)
        if len(data) < preface.SIZE:
            return False
        preface.common_version(self.our_preface, data)
        self._their_preface = data
        return True

    def take_hello(self, payload: bytes) -> Hello:
        """Judges the peer's HELLO."""
        self.peer = hello.check(payload, self._me, self._expected)
        self._their_hello = payload
        return self.peer

    def proof(self) -> bytes:
        """The frame with our PROOF."""
        assert self.peer is not None
        kind = binding_kind(_OUR_KINDS, self.peer.binding_kinds)
        signature = digests.sign(digests.PROOF, self._transcript().digest(self.role, kind), self._me.key)
        return frames.encode(PROOF, messages.encode("Proof", {"bindingKind": kind, "signature": signature}))

    def take_proof(self, payload: bytes) -> None:
        """r[session.proof.decode], r[session.binding.kind], r[session.proof.verify]."""
        assert self.peer is not None
        value = messages.decode("Proof", payload)
        kind = binding_kind(_OUR_KINDS, self.peer.binding_kinds)
        if value["bindingKind"] != kind:
            raise Refusal("BINDING")
        their_role = RESPONDER if self.role == INITIATOR else INITIATOR
        digest = self._transcript().digest(their_role, kind)
        if not digests.verify(digests.PROOF, digest, self.peer.record.node_id, value["signature"]):
            raise Refusal("BAD_PROOF")

    def _transcript(self) -> Transcript:
        if self.role == INITIATOR:
            return Transcript(self.our_preface, self._their_preface, self.our_hello, self._their_hello)
        return Transcript(self._their_preface, self.our_preface, self._their_hello, self.our_hello)
