// Places of the circle as scenarios name them.
import { positionBytes, positionNumber, ringPositionOf, type Bytes } from "../../golden/index.js";
import type { PositionSpec } from "../scenario.js";
import type { Stage } from "../stage.js";

/** Position of a node id in the network of a stage. */
export function positionIn(stage: Stage, nodeId: Bytes): bigint {
  return positionNumber(ringPositionOf(stage.networkId, nodeId));
}

/** Where on the circle. `plus` is a number, also a negative one, or `2^n`. */
export function positionOf(stage: Stage, spec: PositionSpec): bigint {
  const { of, plus = "0" } = typeof spec === "string" ? { of: spec } : spec;
  const power = /^(-?)2\^(\d+)$/.exec(plus);
  const moved = power === null ? BigInt(plus) : 2n ** BigInt(power[2] ?? "0") * (power[1] === "-" ? -1n : 1n);
  return positionNumber(positionBytes(positionIn(stage, stage.identity(of).nodeId) + moved));
}
