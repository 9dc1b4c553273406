"""The messages of section 9.8: decoded, encoded and held to their bounds, r[payload.bounds].

A value is a dict by JSON name with every field of the message: int, bytes, str, or a list of them.
"""

from __future__ import annotations

from typing import Any

from . import proto3
from .errors import Refusal, malformed, misuse
from .registry import MESSAGES, Field

Value = dict[str, Any]

_WIDTH = {"uint32": 32, "uint64": 64}
_EMPTY: dict[str, Any] = {"uint32": 0, "uint64": 0, "bytes": b"", "string": ""}


def empty(name: str) -> Value:
    """The message with every field absent."""
    return {field.json: [] if field.repeated else _EMPTY[field.type] for field in _layout(name)}


def decode(name: str, data: bytes) -> Value:
    """A payload by the rules of section 2.4; what breaks one is MALFORMED."""
    layout = _layout(name)
    known = {field.number: field for field in layout}
    value = empty(name)
    for number, wire, raw in proto3.fields(data):
        field = known.get(number)
        if field is None:  # r[payload.unknown]
            continue
        items = _items(field, wire, raw)
        if field.repeated:
            value[field.json].extend(items)
        else:
            value[field.json] = items[-1]  # r[payload.last]
    for field in layout:
        _check(field, value[field.json], "MALFORMED")
    return value


def encode(name: str, value: Value) -> bytes:
    """The payload of a message; absent members count as empty, a value that does not fit its field is MISUSE."""
    out = bytearray()
    for field in _layout(name):
        content = value.get(field.json, [] if field.repeated else _EMPTY[field.type])
        _check_type(field, content)
        _check(field, content, "MISUSE")
        if field.repeated and field.type in _WIDTH:
            if content:
                out += proto3.field(field.number, proto3.LENGTH, b"".join(map(proto3.varint, content)))
            continue
        for item in content if field.repeated else [content]:
            if item or field.repeated:
                wire = proto3.VARINT if field.type in _WIDTH else proto3.LENGTH
                out += proto3.field(field.number, wire, item.encode() if isinstance(item, str) else item)
    return bytes(out)


def _layout(name: str) -> tuple[Field, ...]:
    if name not in MESSAGES:
        raise misuse(f"no message {name}")
    return MESSAGES[name]


def _items(field: Field, wire: int, raw: int | bytes) -> list[Any]:
    """The values in one occurrence of a known field; r[payload.wire.type], r[payload.utf8]."""
    if field.type in _WIDTH:
        mask = (1 << _WIDTH[field.type]) - 1
        if wire == proto3.VARINT and isinstance(raw, int):
            return [raw & mask]
        if wire == proto3.LENGTH and field.repeated and isinstance(raw, bytes):
            return [item & mask for item in proto3.packed(raw)]
    elif wire == proto3.LENGTH and isinstance(raw, bytes):
        return [_text(raw)] if field.type == "string" else [raw]
    raise malformed(f"wire type of {field.name}")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise malformed("UTF-8") from None


def _check_type(field: Field, content: Any) -> None:
    if field.repeated and not isinstance(content, (list, tuple)):
        raise misuse(field.name)
    for item in content if field.repeated else [content]:
        if field.type in _WIDTH:
            if not isinstance(item, int) or isinstance(item, bool) or not 0 <= item < 1 << _WIDTH[field.type]:
                raise misuse(field.name)
        elif not isinstance(item, bytes if field.type == "bytes" else str):
            raise misuse(field.name)
        elif isinstance(item, str):
            try:
                item.encode()
            except UnicodeEncodeError:
                raise misuse(field.name) from None


def _check(field: Field, content: Any, code: str) -> None:
    bounds = field.bounds
    if field.repeated and bounds.max_items and len(content) > bounds.max_items:
        raise Refusal(code, field.name)
    for item in content if field.repeated else [content]:
        if not _within(field, item):
            raise Refusal(code, field.name)


def _within(field: Field, item: int | bytes | str) -> bool:
    bounds = field.bounds
    if isinstance(item, int):
        if field.type == "uint64" and item > 2**63 - 1:  # r[int.u64.range]
            return False
        return item >= bounds.min and (bounds.max == 0 or item <= bounds.max)
    data = item.encode() if isinstance(item, str) else item
    if bounds.exact_or_empty and len(data) not in (0, bounds.exact_or_empty):
        return False
    if len(data) < bounds.min_bytes or (bounds.max_bytes and len(data) > bounds.max_bytes):
        return False
    return not bounds.printable or all(0x20 <= byte <= 0x7E for byte in data)
