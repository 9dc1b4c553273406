"""Messages as link/1 writes them: bytes in hex, u64 as decimal text."""

from __future__ import annotations

from typing import Any

from motet_voice.errors import misuse
from motet_voice.messages import Value
from motet_voice.registry import MESSAGES, Field

from .lines import Members, number


def to_json(name: str, value: Value) -> Members:
    """Every field in order by its JSON name."""
    return {field.json: _each(field, value[field.json], _out) for field in MESSAGES[name]}


def from_json(name: str, value: Members) -> Value:
    """The message of a request; a member that is no field of it is MISUSE."""
    if name not in MESSAGES:
        raise misuse(f"no message {name}")
    fields = {field.json: field for field in MESSAGES[name]}
    if not value.keys() <= fields.keys():
        raise misuse("unknown field")
    return {json: _each(fields[json], content, _in) for json, content in value.items()}


def _each(field: Field, content: Any, convert: Any) -> Any:
    if field.repeated and isinstance(content, list):
        return [convert(field.type, item) for item in content]
    return convert(field.type, content)


def _out(kind: str, item: Any) -> Any:
    if kind == "bytes":
        return item.hex()
    return str(item) if kind == "uint64" else item


def _in(kind: str, item: Any) -> Any:
    if kind == "bytes":
        return bytes.fromhex(item)
    return number(item) if kind in ("uint32", "uint64") else item
