"""Limits of section 9.7 with the configured values of one node (section 0.4)."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import misuse
from .registry import FIXED_LIMITS, LIMIT_DEFAULTS


class Limits:
    """The limits of one node, read as attributes: ``limits.HANDSHAKE_MS``."""

    def __init__(self, given: Mapping[str, int] | None = None) -> None:
        self._values = dict(LIMIT_DEFAULTS)
        for name, value in (given or {}).items():
            if name not in LIMIT_DEFAULTS:
                raise misuse(f"no limit {name}")
            if name in FIXED_LIMITS:
                raise misuse(f"{name} is fixed")
            if value < 0:
                raise misuse(f"{name} is negative")
            self._values[name] = value

    def __getattr__(self, name: str) -> int:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(name) from None


#: The defaults, for everything that is fixed.
FIXED = Limits()
