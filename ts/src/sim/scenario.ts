// A simulated run as data: who there is, who is linked with whom, and everything that is done to them. Together with the code it
// determines the run to the last bit; leaving actions or nodes out leaves another valid run.

import type { Link } from "./topology.js";

export const attackNames = [
  "repeat",
  "bad-signature",
  "squat",
  "equivocate",
  "stale",
  "garbage",
  "forged-records",
  "fresh-keys",
] as const;
/** What an attacker does; chapter 4 says why none of it helps. */
export type AttackName = (typeof attackNames)[number];

/** Something that is done to the network at a time, µs since the start. */
export type Action =
  | { readonly type: "broadcast"; readonly atUs: number; readonly node: number; readonly bytes: number }
  /** A link breaks; its dialler dials again. */
  | { readonly type: "cut"; readonly atUs: number; readonly link: number }
  /** What is sent over a link takes longer for a while. */
  | {
      readonly type: "delay";
      readonly atUs: number;
      readonly untilUs: number;
      readonly link: number;
      readonly us: number;
    }
  /** Nothing passes between these nodes and the others for a while. */
  | { readonly type: "partition"; readonly atUs: number; readonly untilUs: number; readonly side: readonly number[] }
  /** A process dies; its node begins anew later. */
  | { readonly type: "kill"; readonly atUs: number; readonly untilUs: number; readonly node: number }
  /** A node reads slowly for a while; with 0 it does not read. */
  | {
      readonly type: "slow";
      readonly atUs: number;
      readonly untilUs: number;
      readonly node: number;
      readonly bytesPerSecond: number;
    }
  | {
      readonly type: "attack";
      readonly atUs: number;
      readonly untilUs: number;
      readonly attacker: number;
      readonly name: AttackName;
    };

export interface Scenario {
  readonly seed: number;
  /** Honest nodes, numbered from 0. */
  readonly nodes: number;
  /** Attackers are numbered behind the nodes. */
  readonly attackers: number;
  /** Those among nodes and attackers that do not take part. */
  readonly absent: readonly number[];
  /** Attackers only dial. */
  readonly links: readonly Link[];
  /** How long a signature takes to verify, µs. */
  readonly verifyUs: number;
  /** Bytes a second of one direction of a link; 0 for no bound. */
  readonly bytesPerSecond: number;
  readonly endUs: number;
  readonly actions: readonly Action[];
}

/** What a fault is called in summaries; nothing for a broadcast. */
export function faultOf(action: Action): string | undefined {
  if (action.type === "broadcast") return undefined;
  return action.type === "attack" ? action.name : action.type;
}

/** The nodes and attackers that an action needs. */
export function actorsOf(action: Action, links: readonly Link[]): readonly number[] {
  switch (action.type) {
    case "broadcast":
    case "kill":
    case "slow":
      return [action.node];
    case "cut":
    case "delay":
      return links[action.link] ?? [];
    case "partition":
      return [];
    case "attack":
      return [action.attacker];
    default:
      return action satisfies never;
  }
}
