// What an engine is told, from the options of a node.

import type { EngineConfig } from "../engine/index.js";
import { hasher, random } from "./crypto.js";
import { compressionsOf, type NodeOptions } from "./options.js";

const version = "motet/0.1.0";

/** What was worked out of the options before. */
type Known = Pick<EngineConfig, "network" | "nodeId" | "limits"> & Required<Pick<EngineConfig, "anchors">>;

/** @param now unix ms. @throws {ProtocolError} MISUSE */
export function engineConfigOf(options: NodeOptions, known: Known, now: number): EngineConfig {
  return {
    ...known,
    hasher,
    random,
    incarnation: options.incarnation ?? BigInt(now),
    lastSequence: options.lastSequence ?? 0n,
    agent: options.agent ?? version,
    compressions: compressionsOf(options),
    isMember: options.ring !== undefined,
  };
}
