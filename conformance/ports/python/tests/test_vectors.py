"""Every vector of ``vectors/<area>/*.json``, straight against the codec operations of the testee."""

from __future__ import annotations

import json
import unittest
from pathlib import Path
from typing import Any

from motet_voice.errors import Refusal
from testee import codec
from testee.derive import DERIVE
from testee.values import from_json

VECTORS = Path(__file__).resolve().parents[4] / "vectors"
OPERATIONS = {"codec.decode": codec.DECODE, "codec.encode": codec.ENCODE, "codec.derive": DERIVE}


def perform(op: str, given: dict[str, Any]) -> dict[str, Any]:
    """The reply of the testee to an operation, without its id."""
    try:
        return {"ok": codec.feed(given) if op == "codec.feed" else OPERATIONS[op][given["type"]](given)}
    except Refusal as refusal:
        return {"reject": refusal.code}


def equivalent(data: str, name: str, value: dict[str, Any]) -> bool:
    """Whether bytes decode to a value: a compressed payload, or a message."""
    if name == "compressed":
        given = {"compression": value["compression"], "bytes": data, "limit": len(value["payload"]) // 2}
        return codec.decode_compressed(given) == {"payload": value["payload"]}
    from_json(name, value)
    return codec.decode_message({"name": name, "bytes": data})["value"] == value


def problem(case: dict[str, Any]) -> str:
    """Why the reply does not meet a case, or ""."""
    reply, expect = perform(case["op"], case["in"]), case["expect"]
    if "observe" in expect:
        return ""
    if "reject" in expect:
        met = reply.get("reject") in expect["reject"]
    elif "ok" in expect:
        met = reply.get("ok") == expect["ok"]
    else:
        met = "ok" in reply and equivalent(reply["ok"]["bytes"], **expect["equivalent"])
    return "" if met else f"{case['id']}: expected {expect}, got {reply}"


class Vectors(unittest.TestCase):
    def test_all(self) -> None:
        files = sorted(path for path in VECTORS.glob("*/*.json") if path.parent.name != "schema")
        problems, count = [], 0
        for path in files:
            for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
                count += 1
                problems.append(problem(case))
        problems = [text for text in problems if text]
        self.assertGreater(count, 0)
        self.assertEqual(problems, [], f"{len(problems)} of {count}")
