"""Which addresses that the network told may be dialled (section 1.8): ranges, ports, and the failures before."""

from __future__ import annotations

import ipaddress
from collections import deque

from . import address
from .address import Address
from .clock import Clock
from .errors import Refusal
from .limits import FIXED, Limits

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

_MINUTE_MS = 60_000


def _networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(part) for part in text.split())


#: The ranges of the table; an address in one of them may be told from within the same.
_RANGES = tuple(
    _networks(text)
    for text in (
        "127.0.0.0/8 ::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
        "fe80::/10", "fc00::/7",
    )
)
_SPECIAL = _networks(
    "0.0.0.0/8 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 "
    "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
)
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")
_BLOCKED_PORTS = frozenset(
    int(port)
    for port in (
        "1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 "
        "135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 "
        "995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080"
    ).split()
)


def ip_of(host: str) -> Ip | None:
    """The IP address of a host, None for a name; one that is IPv4-mapped counts as IPv4."""
    try:
        value = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return None
    return value.ipv4_mapped or value if isinstance(value, ipaddress.IPv6Address) else value


def range_of(ip: Ip) -> int | None:
    """The row of the table of ranges that holds an address (``fe80::/10`` and its like each for itself), or None."""
    return next((row for row, networks in enumerate(_RANGES) if any(ip in network for network in networks)), None)


def public(ip: Ip) -> bool:
    """Public unicast: in no row, and nothing special."""
    if range_of(ip) is not None or any(ip in network for network in _SPECIAL):
        return False
    return ip.version == 4 or ip in _GLOBAL_IPV6


def prefix_of(host: str) -> str | None:
    """The prefix by which is counted, None for what is exempt: loopback, private ranges, and what has no IP address."""
    ip = ip_of(host)
    if ip is None or range_of(ip) is not None:
        return None
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


def place_of(host: str) -> str | None:
    """What counts as one address: an IPv4 address or a /64 of IPv6; None for what is exempt."""
    ip = ip_of(host)
    if ip is None or range_of(ip) is not None:
        return None
    return str(ipaddress.ip_network((ip, 32 if ip.version == 4 else 64), strict=False))


def parsed(text: str, node_id: bytes) -> Address | None:
    """The address of a text from the record of ``node_id``; None for none, r[dial.told.canonical], or for that of another."""
    try:
        place = address.parse(text)
    except Refusal:
        return None
    return place if place.pin in (b"", node_id) else None


def may_dial(text: str, node_id: bytes, teller: Address) -> Address | None:
    """The address to dial for a text from the record of ``node_id``, or None when a rule of section 1.8 forbids it."""
    told = parsed(text, node_id)
    if told is None:
        return None
    if told.scheme == "memory" or teller.scheme == "memory":
        return told if told.scheme == teller.scheme else None
    ip, from_ip = ip_of(told.host), ip_of(teller.host)
    if ip is None or told.port in _BLOCKED_PORTS:  # r[dial.told.host], r[dial.told.port]
        return None
    if not public(ip):  # r[dial.told.range]
        row = range_of(ip)
        if row is None or from_ip is None or range_of(from_ip) != row:
            return None
    return told


class Failures:
    """Dials to told addresses that failed: r[dial.told.failed], r[dial.told.prefix]."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._in_a_row: dict[tuple[str, int], tuple[int, float]] = {}  # failures, and until when it is left alone
        self._prefixes: dict[str, deque[float]] = {}

    def allow(self, told: Address) -> bool:
        """Whether it is time to dial this address."""
        now = self._clock.monotonic_ms()
        if now < self._in_a_row.get((told.host, told.port), (0, 0.0))[1]:
            return False
        recent = self._prefixes.get(prefix_of(told.host) or "", ())
        return sum(at > now - _MINUTE_MS for at in recent) < self._limits.DIAL_PREFIX_FAILURES

    def note(self, told: Address, failed: bool) -> None:
        """What came of a dial."""
        place, now = (told.host, told.port), self._clock.monotonic_ms()
        count = self._in_a_row.pop(place, (0, 0.0))[0]
        if not failed:
            return
        beyond = count + 1 - self._limits.DIAL_FAILURES
        wait = min(self._limits.DIAL_PENALTY_MS << min(beyond, 32), FIXED.RECORD_LIFETIME_MS) if beyond >= 0 else 0
        self._in_a_row[place] = (count + 1, now + wait)
        if len(self._in_a_row) > self._limits.KNOWN_RECORDS:
            del self._in_a_row[next(iter(self._in_a_row))]
        prefix = prefix_of(told.host)
        if prefix is not None:
            self._prefixes.setdefault(prefix, deque(maxlen=max(1, self._limits.DIAL_PREFIX_FAILURES))).append(now)
