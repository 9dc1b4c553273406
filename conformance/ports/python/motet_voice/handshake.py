"""The handshake of one connection (sections 3.1 to 3.4), without input and output: bytes in, bytes to send out."""

from __future__ import annotations

from collections.abc import Callable

from . import digests, frames, hello, messages, preface
from .channel import PLAIN, Channel
from .errors import Refusal
from .hello import Expectation, Hello
from .identity import Identity
from .proof import INITIATOR, RESPONDER, Transcript
from .registry import HELLO, PROOF


class Handshake:
    """Holds the transcript and judges what the other side sends in each step.

    Our HELLO is made when it is sent: a responder knows its connection only then.
    """

    def __init__(self, me: Identity, expected: Expectation, make_hello: Callable[[], bytes]) -> None:
        self._me = me
        self._expected = expected
        self._make_hello = make_hello
        self.role = expected.role
        self.our_preface = preface.encode()
        self.our_hello = b""
        self._their_preface = b""
        self._their_hello = b""
        self._channel = PLAIN
        self.peer: Hello | None = None

    def opening(self) -> bytes:
        """Our preface and HELLO, r[session.open.initiator]."""
        self.our_hello = self._make_hello()
        return self.our_preface + frames.encode(HELLO, self.our_hello)

    def take_preface(self, data: bytes) -> bool:
        """Judges as much of the preface as has come; True when it is whole and shares a version with ours."""
        preface.check_start(data)
        if len(data) < preface.SIZE:
            return False
        preface.common_version(self.our_preface, data)
        self._their_preface = data
        return True

    def take_hello(self, payload: bytes, channel: Channel = PLAIN) -> Hello:
        """Judges the peer's HELLO on a connection as our side sees it."""
        self.peer = hello.check(payload, self._me, self._expected, channel)
        self._their_hello = payload
        self._channel = channel
        return self.peer

    def proof(self) -> bytes:
        """The frame with our PROOF."""
        kind = self._kind()
        signature = digests.sign(digests.PROOF, self._digest(self.role), self._me.key)
        return frames.encode(PROOF, messages.encode("Proof", {"bindingKind": kind, "signature": signature}))

    def take_proof(self, payload: bytes) -> None:
        """r[session.proof.decode], r[session.binding.kind], r[session.proof.verify]."""
        assert self.peer is not None
        value = messages.decode("Proof", payload)
        if value["bindingKind"] != self._kind():
            raise Refusal("BINDING")
        digest = self._digest(RESPONDER if self.role == INITIATOR else INITIATOR)
        if not digests.verify(digests.PROOF, digest, self.peer.record.node_id, value["signature"]):
            raise Refusal("BAD_PROOF")

    def _kind(self) -> int:
        assert self.peer is not None
        return self._channel.kind(self.peer.binding_kinds)

    def _digest(self, role: int) -> bytes:
        kind = self._kind()
        return self._transcript().digest(role, kind, self._channel.binding(kind))

    def _transcript(self) -> Transcript:
        if self.role == INITIATOR:
            return Transcript(self.our_preface, self._their_preface, self.our_hello, self._their_hello)
        return Transcript(self._their_preface, self.our_preface, self._their_hello, self.our_hello)
