"""What the application of a node does for others: channels that it serves, commands that it has defined (5.3, 5.7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .broadcast import channel_bytes
from .errors import misuse
from .registry import APPLICATION_COMMAND, FIRST_APPLICATION_COMMAND, KNOWN_COMMANDS, RING_COMMANDS, TABLE_REQUESTS, Command


@dataclass(frozen=True)
class Reply:
    """What the application gives back, and whether it asks for compression, r[compress.asked]."""

    payload: bytes
    compress: bool = False


#: Gets the node id of the peer and a payload; an exception is APPLICATION.
Handler = Callable[[bytes, bytes], Awaitable[Reply]]


class Services:
    """Handlers by channel and by command; ``None`` takes one away. Says which commands are known to this node."""

    def __init__(self, member: bool = False) -> None:
        self.member = member  # takes part in the ring
        self.channels: dict[str, Handler] = {}
        self.commands: dict[int, Handler] = {}

    def known(self, command: int) -> Command | None:
        """The shape of a command that is known: by the registry, or because the application has defined it."""
        if not self.member and (command in RING_COMMANDS or command in TABLE_REQUESTS):  # section 7.2, chapter 8
            return None
        return KNOWN_COMMANDS.get(command) or (APPLICATION_COMMAND if command in self.commands else None)

    def serve(self, channel: str, handler: Handler | None) -> None:
        """Serves the ASKs of a channel."""
        channel_bytes(channel)
        self.channels.pop(channel, None)
        if handler is not None:
            self.channels[channel] = handler

    def define(self, command: int, handler: Handler | None) -> None:
        """Makes a command known to this node."""
        if not FIRST_APPLICATION_COMMAND <= command <= 0xFFFF:
            raise misuse("no command of applications")
        self.commands.pop(command, None)
        if handler is not None:
            self.commands[command] = handler
