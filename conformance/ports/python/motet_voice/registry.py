"""The registry (chapter 9), read from ``proto/fields.json``: every number of the protocol."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Command:
    """One command of section 9.1. ``answer`` and ``payload`` name messages of section 9.8."""

    name: str
    number: int
    payload: str
    answer: str
    one_way: bool
    request: bool
    tag_has_meaning: bool
    compressible: bool


@dataclass(frozen=True)
class Bounds:
    """Bounds of a field, r[payload.bounds]; a zero is no bound, as in ``proto/motet/v1/options.proto``."""

    min_bytes: int
    max_bytes: int
    exact_or_empty: int
    min: int
    max: int
    max_items: int
    printable: bool


@dataclass(frozen=True)
class Field:
    """One field of a message; ``type`` is bytes, string, uint32 or uint64."""

    name: str
    json: str
    number: int
    type: str
    repeated: bool
    bounds: Bounds


def _path() -> Path:
    given = os.environ.get("MOTET_FIELDS")
    return Path(given) if given else Path(__file__).resolve().parents[4] / "proto" / "fields.json"


_DATA: dict[str, Any] = json.loads(_path().read_text(encoding="utf-8"))


def _numbers(enum: str) -> dict[str, int]:
    return {entry["name"]: int(entry["number"]) for entry in _DATA["enums"][enum]}


def _command(entry: dict[str, Any]) -> Command:
    shape = entry["command"]
    return Command(
        entry["name"], entry["number"], shape["payload"], shape["answer"], shape["oneWay"], shape["request"],
        shape["tag"] != "ZERO", shape["compressible"],
    )


def _field(entry: dict[str, Any]) -> Field:
    bounds = entry["bounds"]
    return Field(
        entry["name"], entry["json"], entry["number"], entry["type"], entry["repeated"],
        Bounds(
            bounds.get("minBytes", 0), bounds.get("maxBytes", 0), bounds.get("exactOrEmpty", 0),
            int(bounds.get("min", 0)), int(bounds.get("max", 0)), bounds.get("maxItems", 0), bounds.get("printable", False),
        ),
    )


#: The commands that are *known* (section 2.2): named by the registry and not reserved.
KNOWN_COMMANDS: dict[int, Command] = {
    entry["number"]: _command(entry)
    for entry in _DATA["enums"]["Command"]
    if "command" in entry and not entry["command"]["reserved"]
}
ERROR_NUMBERS: dict[str, int] = {name: number for name, number in _numbers("ErrorCode").items() if number}
ERROR_NAMES: dict[int, str] = {number: name for name, number in ERROR_NUMBERS.items()}
FEATURES: frozenset[int] = frozenset(number for number in _numbers("Feature").values() if number)
#: The feature of a node that takes part in the ring (section 7.2).
MEMBER: int = _numbers("Feature")["MEMBER"]
PHASES: dict[str, int] = {name: number for name, number in _numbers("Phase").items() if number}
POLICY: dict[str, int] = _numbers("Policy")
LIMIT_DEFAULTS: dict[str, int] = _numbers("Limit")
#: Limits that cannot be configured (section 0.4).
FIXED_LIMITS: frozenset[str] = frozenset(e["name"] for e in _DATA["enums"]["Limit"] if e["fixed"])
MESSAGES: dict[str, tuple[Field, ...]] = {
    name: tuple(_field(entry) for entry in message["fields"]) for name, message in _DATA["messages"].items()
}

_BY_NAME = {command.name: command.number for command in KNOWN_COMMANDS.values()}
HELLO = _BY_NAME["HELLO"]
PROOF = _BY_NAME["PROOF"]
PING = _BY_NAME["PING"]
GOODBYE = _BY_NAME["GOODBYE"]
UPDATE = _BY_NAME["UPDATE"]
TELL = _BY_NAME["TELL"]
ASK = _BY_NAME["ASK"]
PEERS = _BY_NAME["PEERS"]
BROADCAST = _BY_NAME["BROADCAST"]
LOCATE = _BY_NAME["LOCATE"]
FOUND = _BY_NAME["FOUND"]
STALE_SEQUENCE = _BY_NAME["STALE_SEQUENCE"]
STATE = _BY_NAME["STATE"]
NOTIFY = _BY_NAME["NOTIFY"]
HINT = _BY_NAME["HINT"]
LEAVE = _BY_NAME["LEAVE"]
STEP = _BY_NAME["STEP"]
PUT = _BY_NAME["PUT"]
GET = _BY_NAME["GET"]
SCAN = _BY_NAME["SCAN"]
SYNC = _BY_NAME["SYNC"]
WATCH = _BY_NAME["WATCH"]
CHANGED = _BY_NAME["CHANGED"]
#: The commands of chapter 7, unknown to a node that takes no part in the ring.
RING_COMMANDS = frozenset((STATE, NOTIFY, HINT, LEAVE, STEP))
#: The requests of chapter 8, unknown to such a node as well.
TABLE_REQUESTS = frozenset((PUT, GET, SCAN, SYNC, WATCH))

#: The first command of applications; they end at ffff (section 5.7).
FIRST_APPLICATION_COMMAND = 0x8000
#: What a receiver makes of a command that its application has defined, r[app.command.shape].
APPLICATION_COMMAND = Command("application", 0, "", "", True, True, False, False)


def error_name(number: int) -> str | None:
    """The name of an error code; an unknown one is the x00 code of its hundred, r[error.unknown]. None: no hundred of ours."""
    return ERROR_NAMES.get(number) or ERROR_NAMES.get(number // 100 * 100)
