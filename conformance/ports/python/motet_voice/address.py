"""Addresses (section 1.7): ``tcp://`` host ``:`` port."""

from __future__ import annotations

import ipaddress
import re

from .errors import misuse

_FORM = re.compile(r"tcp://(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):(0|[1-9][0-9]{0,4})", re.ASCII)


def parse(address: str, any_port: bool = False) -> tuple[str, int]:
    """Host and port, 0 only for ``any_port``; anything else is MISUSE."""
    match = _FORM.fullmatch(address)
    if match is None or not (0 if any_port else 1) <= int(match[3]) <= 65_535:
        raise misuse(f"address {address!r}")
    try:
        host = ipaddress.IPv6Address(match[1]) if match[1] else ipaddress.IPv4Address(match[2])
    except ValueError:
        raise misuse(f"address {address!r}") from None
    return str(host), int(match[3])


def text(host: str, port: int) -> str:
    """The address of a host and a port."""
    return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
