"""Lines of link/1 (section 1): JSON in, JSON out, ASCII only."""

from __future__ import annotations

import json
import sys
from typing import Any

LINE_BYTES = 4 * 1024 * 1024

Members = dict[str, Any]


class Unsupported(Exception):
    """An operation that this testee does not know."""


def parse(line: bytes) -> Members:
    """A request; anything else is a ValueError."""
    request = json.loads(line)
    if not isinstance(request, dict):
        raise ValueError("a request is an object")
    return request


def write(members: Members) -> None:
    """One line on stdout, at once."""
    sys.stdout.write(json.dumps(members, ensure_ascii=True, allow_nan=False, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def event(name: str, members: Members) -> None:
    """An event."""
    write({"event": name, **members})


def octets(members: Members, name: str) -> bytes:
    """A member that holds bytes."""
    return bytes.fromhex(members[name])


def number(value: Any) -> int:
    """A number of up to 32 bits, or a u64 as decimal text."""
    if isinstance(value, str) and not value.isascii():
        raise ValueError("digits")
    if isinstance(value, (bool, float)) or value is None:
        raise ValueError("a number")
    return int(value)
