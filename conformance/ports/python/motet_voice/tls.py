"""TLS under a session (section 6.1): TLS 1.3 with ALPN ``motet``, directions that end one by one, no resumption.

The exporter of section 6.4 is not to be had from Python's ``ssl``: the one kind of binding is that of the certificate.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from . import certificate, digests
from .address import is_name
from .channel import Channel
from .connection import Connection
from .errors import Refusal, misuse

_ALPN = "motet"
_CERTIFICATE = 1
_CHUNK_BYTES = 65_536


@dataclass(frozen=True)
class Credentials:
    """What a responder shows: the context with its certificate, and that in DER."""

    context: ssl.SSLContext
    der: bytes

    @property
    def hash(self) -> bytes:
        """The binding of kind 1."""
        return digests.hash_of(self.der)

    def check_key(self, node_id: bytes) -> None:
        """MISUSE for a certificate of the identity key, r[tls.key]."""
        if certificate.public_key_info(node_id) in self.der:
            raise misuse("the certificate is of the identity key")

    @classmethod
    def of(cls, certificate_pem: str, key_pem: str) -> Credentials:
        """A certificate (the first of the text) and its key; texts that are none are MISUSE."""
        context = _context(ssl.PROTOCOL_TLS_SERVER)
        context.num_tickets = 0
        try:
            with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:  # ``ssl`` reads files only
                file.write(certificate_pem.rstrip() + "\n" + key_pem)
                file.flush()
                context.load_cert_chain(file.name)
            end = "-----END CERTIFICATE-----"
            der = ssl.PEM_cert_to_DER_cert(certificate_pem[: certificate_pem.index(end) + len(end)].strip())
        except (ssl.SSLError, ValueError) as error:
            raise misuse(f"certificate: {error}") from None
        return cls(context, der)


@functools.cache
def own_credentials() -> Credentials:
    """The certificate of this process."""
    return Credentials.of(*certificate.self_signed())


@functools.cache
def _initiator_context() -> ssl.SSLContext:
    context = _context(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # r[tls.certificate.any]
    return context


def _context(protocol: int) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_3  # r[tls.version]
    context.set_alpn_protocols([_ALPN])  # r[tls.alpn.initiator]
    return context


class TlsConnection(Connection):
    """A connection over TLS. ``ssl`` works on buffers, so that an end of one direction leaves the other open."""

    scheme = "tls"

    def __init__(self, opened: Callable[[Connection], None], credentials: Credentials | None = None, host: str = "") -> None:
        super().__init__(opened)
        self.carrying = False
        self.settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()  # the TLS handshake is over
        self._credentials = credentials  # None: we are the initiator
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = credentials.context if credentials else _initiator_context()
        name = host if not credentials and host and is_name(host) else None
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=credentials is not None, server_hostname=name)
        self._channel = Channel(True, False, {_CERTIFICATE: credentials.hash} if credentials else {})

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TCP is there: the TLS handshake begins."""
        super().connection_made(transport)
        self._work()

    def data_received(self, data: bytes) -> None:
        """Records came."""
        self._incoming.write(data)
        self._work()

    def eof_received(self) -> bool:
        """FIN; before close_notify it is an end as well."""
        if not self.carrying:
            self._fail()
        self._take_end()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        super().connection_lost(exc)
        if not self.settled.done():
            self.settled.set_result(None)

    def channel(self) -> Channel:
        """The encryption as our own side sees it."""
        return self._channel

    def _work(self) -> None:
        """Goes on with the handshake, then decrypts what has come."""
        try:
            if not self.carrying:
                self._tls.do_handshake()
                self._established()
            while data := self._tls.read(_CHUNK_BYTES):
                self._take(data)
            self._take_end()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:  # close_notify
            self._take_end()
        except ssl.SSLError:
            self._fail()
        self._flush()

    def _established(self) -> None:
        if self._tls.selected_alpn_protocol() != _ALPN:  # r[tls.alpn]
            if self._credentials is not None:  # a responder reports nothing
                raise ssl.SSLError("ALPN")
            self.refusal = Refusal("NOT_MOTET", "ALPN")
        shown = self._tls.getpeercert(binary_form=True) if self._credentials is None else None
        bindings = {_CERTIFICATE: digests.hash_of(shown)} if shown else self._channel.bindings
        self._channel = Channel(True, bool(self._tls.session_reused), bindings)
        self.carrying = True
        self._readable.set()
        if not self.settled.done():
            self.settled.set_result(None)
        self._flush()
        self._pump()

    def _flush(self) -> None:
        if self._outgoing.pending and self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._outgoing.read())

    def _fail(self) -> None:
        """TLS is broken: its alert, if there is one, and the end."""
        self._flush()
        if self._transport is not None:
            self._transport.close()

    def _write(self, part: bytes) -> None:
        if part:
            self._tls.write(part)
            self._flush()

    def _end_direction(self) -> None:
        """close_notify, then FIN."""
        try:
            self._tls.unwrap()
        except ssl.SSLError:  # the other side's close_notify is not there yet: ours is written
            pass
        self._flush()
        super()._end_direction()
