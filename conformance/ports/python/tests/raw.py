"""A peer by hand: speaks the handshake over a plain socket, to send what a node would not."""

from __future__ import annotations

import asyncio

from motet_voice import frames, hello, preface
from motet_voice.channel import PLAIN
from motet_voice.clock import Clock
from motet_voice.descriptor import Descriptor, Network
from motet_voice.frame_reader import FrameReader
from motet_voice.frames import Frame
from motet_voice.handshake import Handshake
from motet_voice.hello import Expectation
from motet_voice.identity import Identity
from motet_voice.messages import decode
from motet_voice.proof import INITIATOR
from motet_voice.registry import GOODBYE, PING, error_name
from motet_voice.terms import Terms

SEEDS = [bytes([n]) * 32 for n in range(1, 9)]


def network(policy: int = 0, **values: int) -> Network:
    """A network for tests."""
    return Network.of(Descriptor(b"test", policy=policy, **values).encode())


class Raw:
    """An initiator of the test's own."""

    def __init__(self, seed: bytes, net: Network, **values: object) -> None:
        self.me = Identity(seed, net, Clock())
        expected, terms = Expectation(INITIATOR, b"", 1), Terms((), net.receive_minimum)
        self.hello = hello.encode(self.me, terms, Clock().unix_ms(), expected, PLAIN, "")
        self.handshake = Handshake(self.me, expected, lambda: self.hello)
        self._frames = FrameReader(lambda header: None)

    async def connect(self, address: str) -> None:
        """Opens the connection; sends nothing."""
        host, port = address.removeprefix("tcp://").rsplit(":", 1)
        self.reader, self.writer = await asyncio.open_connection(host, int(port))

    def send(self, data: bytes) -> None:
        """Sends bytes."""
        self.writer.write(data)

    async def frame(self) -> Frame | None:
        """The next frame, or None at the end."""
        while (frame := self._frames.next()) is None:
            data = await asyncio.wait_for(self.reader.read(65_536), 5)
            if not data:
                return None
            self._frames.feed(data)
        return frame

    async def preface(self) -> bytes:
        """The responder's preface, or what came of it before the end."""
        try:
            return await asyncio.wait_for(self.reader.readexactly(preface.SIZE), 5)
        except asyncio.IncompleteReadError as error:
            return error.partial

    async def open(self, address: str) -> None:
        """The whole handshake, up to the answer of the first PING."""
        await self.connect(address)
        self.send(self.handshake.opening())
        self.handshake.take_preface(await self.preface())
        for take in (self.handshake.take_hello, self.handshake.take_proof):
            frame = await self.frame()
            assert frame is not None
            take(frame.payload)
        self.send(self.handshake.proof())
        frame = await self.frame()
        assert frame is not None and frame.header.command == PING, frame
        self.send(frames.encode(PING, b"", frames.RESPONSE, frame.header.tag))

    async def goodbye(self) -> str:
        """The code of the GOODBYE that comes next but for other frames, or "" at the end without one."""
        return await self.code_of(await self.frame())

    async def code_of(self, frame: Frame | None) -> str:
        """The same, beginning with a frame that has come."""
        while frame is not None:
            if frame.header.command == GOODBYE:
                return error_name(decode("Goodbye", frame.payload)["code"]) or "?"
            frame = await self.frame()
        return ""

    def close(self) -> None:
        """Closes the connection."""
        self.writer.close()
