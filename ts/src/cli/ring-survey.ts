// What one node of the ring, and those around it, say of the ring: the data behind its drawings.

import { equalBytes, formatHex } from "../bytes/index.js";
import { owned, Position } from "../chord/index.js";
import type { RingPlace, RingView } from "../engine/index.js";
import { ProtocolError } from "../errors/index.js";
import type { Node } from "../runtime/index.js";

/** A node near the one that is looked at. */
export interface Neighbour {
  readonly place: RingPlace;
  /** 1 for the first on its list; 0 for its predecessor. */
  readonly rank: number;
  /** What it says of itself; nothing when it did not answer. */
  readonly phase?: RingView["phase"];
  /** Whether it has the node before it on the list as its predecessor; of the predecessor, whether it has the node as its head. */
  readonly agrees: boolean;
}

/** A node farther away that it would go to first. */
export interface FingerPlace {
  /** Start of the finger: the own position + 2^index. */
  readonly index: number;
  readonly place: RingPlace;
}

export interface RingSurvey {
  readonly view: RingView;
  readonly neighbours: readonly Neighbour[];
  /** The farthest first; of those that lead to one node the nearest start. */
  readonly fingers: readonly FingerPlace[];
}

/** Asks the node at an address, and those it names. @throws {ProtocolError} UNREACHABLE, MISUSE */
export async function surveyRing(node: Node, address: string, signal: AbortSignal): Promise<RingSurvey> {
  const view = await node.ring.stateOf(address, { signal });
  const neighbours = await Promise.all([
    ...(view.predecessor === undefined ? [] : [askPredecessor(node, view, view.predecessor, signal)]),
    ...view.successors.map((place, i) => askSuccessor(node, view, { place, rank: i + 1 }, signal)),
  ]);
  return { view, neighbours, fingers: await fingersOf(node, address, view, signal) };
}

const isSame = (a: RingPlace | undefined, b: RingPlace | undefined): boolean =>
  a !== undefined && b !== undefined && equalBytes(a.nodeId, b.nodeId);

async function stateOf(node: Node, place: RingPlace, signal: AbortSignal): Promise<RingView | undefined> {
  for (const address of place.addresses) {
    try {
      return await node.ring.stateOf(address, { signal });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }
  return undefined;
}

async function askPredecessor(node: Node, view: RingView, place: RingPlace, signal: AbortSignal): Promise<Neighbour> {
  const told = await stateOf(node, place, signal);
  const agrees = isSame(told?.successors[0], view.self);
  return { place, rank: 0, agrees, ...(told === undefined ? {} : { phase: told.phase }) };
}

async function askSuccessor(
  node: Node,
  view: RingView,
  { place, rank }: Pick<Neighbour, "place" | "rank">,
  signal: AbortSignal,
): Promise<Neighbour> {
  const told = await stateOf(node, place, signal);
  const before = rank === 1 ? view.self : view.successors[rank - 2];
  const agrees = isSame(told?.predecessor, before);
  return { place, rank, agrees, ...(told === undefined ? {} : { phase: told.phase }) };
}

const highestFinger = 255;

/** Where the node would go first for the start of each finger that its list does not cover. */
async function fingersOf(
  node: Node,
  address: string,
  { self, successors, wraps }: RingView,
  signal: AbortSignal,
): Promise<FingerPlace[]> {
  const last = successors.at(-1);
  const byNode = new Map<string, FingerPlace>();
  if (wraps || last === undefined) return [];
  const [own, end] = [Position.fromBytes(self.position), Position.fromBytes(last.position)];
  for (let index = highestFinger; index >= 0; index--) {
    const start = own.plusPowerOfTwo(index);
    if (owned(own, start, end)) break;
    const { owners, next } = await node.ring.stepOf(address, start.bytes, { signal });
    const [place] = [...owners, ...next];
    if (place !== undefined) byNode.set(formatHex(place.nodeId), { index, place });
  }
  return [...byNode.values()];
}
