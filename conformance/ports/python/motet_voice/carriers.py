"""Listening and connecting by scheme (chapter 6): ``tcp`` and ``tls``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .address import Address
from .clock import Clock
from .connection import Connection
from .errors import Refusal
from .tls import Credentials, TlsConnection

SCHEMES = ("tcp", "tls")


async def listen(place: Address, credentials: Callable[[], Credentials], opened: Callable[[Connection], None]) -> asyncio.Server:
    """Accepts connections at an address; one that cannot be bound is TRANSPORT."""

    def accept() -> Connection:
        return Connection(opened) if place.scheme == "tcp" else TlsConnection(opened, credentials())

    try:
        return await asyncio.get_running_loop().create_server(accept, place.host, place.port)
    except OSError as error:
        raise Refusal("TRANSPORT", str(error)) from None


def bound(place: Address, server: asyncio.Server) -> list[str]:
    """The addresses at which a server listens."""
    return [Address(place.scheme, *socket.getsockname()[:2]).text for socket in server.sockets]


async def connect(place: Address, clock: Clock, within_ms: float) -> Connection:
    """A connection that can carry a session, or UNREACHABLE; NOT_MOTET where the other side does not speak it."""
    if place.scheme not in SCHEMES:
        raise Refusal("UNREACHABLE", f"{place.scheme} is not spoken here")
    opening = asyncio.ensure_future(_open(place))
    late = clock.after(within_ms, opening.cancel)
    try:
        await asyncio.wait([opening])
    finally:
        late.cancel()
        opening.cancel()
    try:
        return opening.result()
    except (OSError, UnicodeError) as error:
        raise Refusal("UNREACHABLE", str(error)) from None
    except asyncio.CancelledError:
        raise Refusal("UNREACHABLE", "not in time") from None


async def _open(place: Address) -> Connection:
    def make() -> Connection:
        return Connection(_ignore) if place.scheme == "tcp" else TlsConnection(_ignore, None, place.host)

    _, wire = await asyncio.get_running_loop().create_connection(make, place.host, place.port)
    try:
        if isinstance(wire, TlsConnection):
            await wire.settled
        if not wire.carrying:
            raise Refusal("UNREACHABLE", "TLS handshake")
        if wire.refusal is not None:
            raise wire.refusal
    except (Refusal, asyncio.CancelledError):
        wire.abort()
        raise
    return wire


def _ignore(_: Connection) -> None:
    """An initiator waits for the connection, and needs no call."""
