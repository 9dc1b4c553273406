"""Operations of the table (section 4 of LINK.md): write, read, list, watch."""

from __future__ import annotations

from typing import Any

from motet_voice.table.table import Table

from .lines import Members, number, octets
from .messaging import Messaging
from .nodes import Nodes


class TableOperations:
    """The application of all tables."""

    def __init__(self, nodes: Nodes, messaging: Messaging) -> None:
        self._nodes = nodes
        self._messaging = messaging

    async def put(self, given: Members) -> Members:
        """node.put."""
        request, outcome = self._messaging.request(given, _stored)
        kind, key, value = number(given["kind"]), octets(given, "key"), octets(given, "value")
        self._table(given).put(kind, key, value, number(given["ttlMs"]), outcome)
        return {"request": request}

    async def delete(self, given: Members) -> Members:
        """node.delete."""
        request, outcome = self._messaging.request(given, _stored)
        self._table(given).delete(number(given["kind"]), octets(given, "key"), outcome)
        return {"request": request}

    async def get(self, given: Members) -> Members:
        """node.get."""
        request, outcome = self._messaging.request(given, _got)
        self._table(given).get(number(given["kind"]), octets(given, "key"), outcome)
        return {"request": request}

    async def keys(self, given: Members) -> Members:
        """node.keys."""
        request, outcome = self._messaging.request(given, _listed)
        self._table(given).keys(outcome)
        return {"request": request}

    async def watch(self, given: Members) -> Members:
        """node.watch."""
        self._table(given).watch(number(given["kind"]), octets(given, "key"))
        return {}

    def _table(self, given: Members) -> Table:
        return self._nodes.of(given).table


def _stored(stored: Any) -> tuple[str, Members]:
    return "stored", {"groups": len(stored.groups), "nodes": len(stored.nodes), "newer": stored.newer is not None}


def _got(record: Any) -> tuple[str, Members]:
    if record is None:
        return "got", {"found": False, "writer": "", "sequence": "0", "value": ""}
    return "got", {
        "found": True, "writer": record.writer.hex(), "sequence": str(record.sequence), "value": record.value.hex(),
    }


def _listed(keys: Any) -> tuple[str, Members]:
    return "listed", {"keys": [key.hex() for key in keys]}
