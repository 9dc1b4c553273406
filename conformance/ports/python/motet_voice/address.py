"""Addresses (section 1.7): one text for each, and nothing that two parsers could read in two ways."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

from . import identifiers
from .errors import Refusal

_HIGHEST_PORT = 65_535
_ADDRESS_BYTES = 256
_NAME_BYTES = 253

_PARTS = re.compile(r"(tcp|tls|wss?)://(?:([^@]*)@)?(?:\[([^\]]*)\]|([^\[\]:/@]*)):(0|[1-9][0-9]{0,4})(/motet)?", re.ASCII)
_MEMORY = re.compile(r"memory://(?:([^@]*)@)?([a-z0-9-]{1,64})", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NUMBER_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_BYTE = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)


@dataclass(frozen=True)
class Address:
    """An address by its parts; ``host`` is without brackets, or the name of ``memory:``, whose port is 0."""

    scheme: str
    host: str
    port: int
    pin: bytes = b""

    @property
    def text(self) -> str:
        """The one text of these parts."""
        pin = identifiers.node_id_text(self.pin) + "@" if self.pin else ""
        if self.scheme == "memory":
            return f"memory://{pin}{self.host}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        path = "/motet" if self.scheme in ("ws", "wss") else ""
        return f"{self.scheme}://{pin}{host}:{self.port}{path}"


def parse(text: str, listening: bool = False) -> Address:
    """The parts of an address, or BAD_TEXT or BAD_KEY; port 0 is for whoever listens."""
    if len(text) > _ADDRESS_BYTES or not text.isascii() or not text.isprintable():  # r[address.length]
        raise _bad("length or characters")
    memory = _MEMORY.fullmatch(text)  # r[address.scheme], r[address.memory]
    if memory:
        return Address("memory", memory[2], 0, _pin(memory[1]))
    match = _PARTS.fullmatch(text)  # r[address.scheme], r[address.port], r[address.path]
    if match is None:
        raise _bad(text)
    scheme, pin, ipv6, host, digits, path = match.groups()
    port = int(digits)
    if not (0 if listening else 1) <= port <= _HIGHEST_PORT or bool(path) != (scheme in ("ws", "wss")):
        raise _bad("port or path")
    if ipv6 is not None:
        _check_ipv6(ipv6)
    elif _NUMBER_LABEL.fullmatch(host.rsplit(".", 1)[-1]):
        _check_ipv4(host)
    else:
        _check_name(host)
    return Address(scheme, ipv6 if ipv6 is not None else host, port, _pin(pin))


def is_name(host: str) -> bool:
    """Whether the host of a parsed address is a name and no IP address."""
    return ":" not in host and not _NUMBER_LABEL.fullmatch(host.rsplit(".", 1)[-1])


def _check_ipv4(host: str) -> None:
    """r[address.ipv4]."""
    numbers = host.split(".")
    if len(numbers) != 4 or not all(_BYTE.fullmatch(number) and int(number) < 256 for number in numbers):
        raise _bad("IPv4 address")


def _check_ipv6(host: str) -> None:
    """r[address.ipv6], r[address.mapped]."""
    try:
        value = ipaddress.IPv6Address(host)
    except ValueError:
        raise _bad("IPv6 address") from None
    if "%" in host or str(value) != host or value.ipv4_mapped is not None:
        raise _bad("IPv6 address")


def _check_name(host: str) -> None:
    """r[address.name]."""
    if len(host) > _NAME_BYTES or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise _bad("name")


def _pin(text: str | None) -> bytes:
    """r[address.pin]: looked at when everything else is right."""
    return b"" if text is None else identifiers.node_id_of_text(text)


def _bad(what: str) -> Refusal:
    return Refusal("BAD_TEXT", f"address: {what}")
