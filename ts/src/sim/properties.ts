// What must hold in every run, each property under its name. Those that can be seen at once are checked as things happen, the
// others when the run is over.

import type { Code } from "../gen/registry.js";
import type { Flood, Floods } from "./floods.js";
import type { Peering, Peerings } from "./peerings.js";

export const properties = {
  "exactly-once": "a process delivers a broadcast once",
  coverage:
    "what a node has accepted reaches every peer that it keeps, over a link that lives and whose queue never fills",
  "frame-bound": "a flood over links that do not change costs at most 2E − n + 1 frames",
  "frame-count": "it costs exactly as many where validation takes no time",
  "forwarded-bytes": "a node forwards at most what it admits times its peers but one",
  caps: "queues, memory and verifications stay below their limits",
  blame: "no honest link is ended for an honest node's frames",
  rest: "the network comes to rest",
} as const;
export type PropertyName = keyof typeof properties;

export interface Violation {
  readonly property: PropertyName;
  /** Who, what and when. */
  readonly detail: string;
}

/** Ends of sessions that blame nobody. */
const blameless: readonly Code[] = ["LOST", "CLOSED", "DUPLICATE", "UNREACHABLE"];
/** Ends of sessions with somebody who does not read. */
const slowness: readonly Code[] = ["SLOW", "TIMEOUT"];
/** Longest way of a frame from accepting it to its receiver, if nobody is slow: latency, burst and handshake, with room. */
const transitUs = 6_000_000;

/** Longest time that a frame is under way, µs. */
const flightUs = 2_500_000;

export interface Evidence {
  readonly floods: Floods;
  readonly peerings: Peerings;
  readonly verifyUs: number;
  readonly endUs: number;
}

/** Whether an end of a link between two honest nodes may be. */
export function isBlameless(code: Code, ends: readonly number[], peerings: Peerings, nowUs: number): boolean {
  if (blameless.includes(code)) return true;
  return slowness.includes(code) && ends.some((node) => peerings.wasSlow(node, nowUs));
}

const seconds = (us: number): string => `${(us / 1e6).toFixed(3)} s`;

/** What of a finished run is not as it must be. */
export function* judge(evidence: Evidence): Iterable<Violation> {
  for (const flood of evidence.floods.all) {
    if (flood.origin === undefined || flood.atUs < 0) continue;
    yield* coverage(flood, evidence);
    yield* frames(flood, evidence);
  }
  yield* forwarding(evidence.floods);
}

/** Hop by hop, which says more than the whole: what one node has, its peers get. */
function* coverage(flood: Flood, evidence: Evidence): Iterable<Violation> {
  const { peerings } = evidence;
  for (const [node, atUs] of flood.acceptedUs.entries()) {
    if (atUs < 0) continue;
    for (const peering of peerings.of(node)) {
      const { peer } = peering;
      const reachedUs = flood.acceptedUs[peer] as number;
      // A node that made it in an earlier run takes it in silence.
      if (peer === flood.origin || (reachedUs >= 0 && reachedUs >= peerings.bornUs(peer))) continue;
      if (!mustCarry(peering, atUs, evidence)) continue;
      // An acceptance by an earlier process counts for that one only.
      const life = peerings.lifeAt(peer, Math.max(atUs, peering.fromUs));
      if (reachedUs >= 0 && (life === undefined || reachedUs >= life.fromUs)) continue;
      const made = `broadcast ${flood.label} of node ${flood.origin} at ${seconds(flood.atUs)}`;
      yield {
        property: "coverage",
        detail: `${made}: node ${node} had it at ${seconds(atUs)}, its peer ${peer} never`,
      };
    }
  }
}

/** Whether what a node accepts now must come to a peer. */
function mustCarry({ node, peer, fromUs, toUs, droppedUs }: Peering, atUs: number, evidence: Evidence): boolean {
  const { peerings, endUs } = evidence;
  if (fromUs >= atUs || toUs <= atUs) return false;
  const back = peerings.of(peer).find((other) => other.peer === node && other.toUs > atUs && other.fromUs < toUs);
  const lives = [node, peer].map((one) => peerings.lifeAt(one, atUs)?.toUs ?? 0);
  // A responder may be told of its peer later than the other way round: then its first stretch is the one.
  const untilUs = Math.min(toUs, back?.toUs ?? endUs, ...lives, endUs);
  if (untilUs < atUs + transitUs) return false;
  // What a node accepts it relays at once, or drops at once.
  if (droppedUs.includes(atUs)) return false;
  const lasts = untilUs >= endUs;
  return lasts || ![node, peer].some((one) => peerings.isSlowWithin(one, atUs - transitUs, untilUs));
}

function* frames(flood: Flood, { peerings, verifyUs }: Evidence): Iterable<Violation> {
  const { links, nodes } = flood.reach;
  if (links === 0 || flood.isTouched) return;
  // What was lost on the way was not relayed either.
  const lastUs = Math.max(flood.atUs, flood.lastUs) + flightUs;
  if (peerings.changesUs.some((us) => us >= flood.atUs && us <= lastUs)) return;
  const most = 2 * links - nodes + 1;
  const what = `broadcast ${flood.label} of node ${flood.origin} at ${seconds(flood.atUs)}: ${flood.frames} frames over ${links} links of ${nodes} nodes, 2E − n + 1 is ${most}`;
  if (flood.frames > most) yield { property: "frame-bound", detail: what };
  else if (flood.frames < most && verifyUs === 0) yield { property: "frame-count", detail: what };
}

function* forwarding({ forwarded, allowed }: Floods): Iterable<Violation> {
  for (const [node, bytes] of forwarded.entries()) {
    const most = allowed[node] as number;
    if (bytes > most)
      yield { property: "forwarded-bytes", detail: `node ${node}: ${bytes} bytes, allowed are ${most}` };
  }
}
