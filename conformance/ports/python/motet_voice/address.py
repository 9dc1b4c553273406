"""Addresses: ``tcp://host:port``, an IPv6 host in brackets."""

from __future__ import annotations

import re

from .errors import misuse

_FORM = re.compile(r"tcp://(?:\[([0-9A-Fa-f:.%]+)\]|([A-Za-z0-9_.-]+)):([0-9]{1,5})", re.ASCII)


def parse(address: str) -> tuple[str, int]:
    """Host and port; anything else is MISUSE."""
    match = _FORM.fullmatch(address)
    if match is None or int(match[3]) > 65_535:
        raise misuse(f"address {address!r}")
    return match[1] or match[2], int(match[3])


def text(host: str, port: int) -> str:
    """The address of a host and a port."""
    return f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
