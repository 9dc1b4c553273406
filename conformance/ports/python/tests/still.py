"""A clock that stands, for tests without a loop."""

from __future__ import annotations


class Still:
    """Monotonic time in ms; unix time is the same."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic_ms(self) -> float:
        return self.now

    def unix_us(self) -> int:
        return int(self.now) * 1_000
