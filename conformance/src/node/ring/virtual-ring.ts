// The table of a ring: who is on it, in the order of positions, and what a right node at each place knows. Positions and names only;
// what is said on the wire, and by whom, is elsewhere.
import { forward, isOwned, isBetween } from "../../golden/index.js";
import type { Identity } from "../identity.js";
import { makeVirtualNode, type VirtualNode } from "./virtual-node.js";

/** A place of the circle that is taken: by a virtual node, or by the testee. */
export interface Place {
  readonly position: bigint;
  /** Undefined for the testee. */
  readonly node: VirtualNode | undefined;
}

/** A place to be taken. */
export interface Seat {
  readonly identity: Identity;
  readonly position: bigint;
}

export interface View {
  readonly predecessor: Place | undefined;
  readonly successors: readonly Place[];
  readonly wraps: boolean;
}

const FINGERS = 256;

/** Places round the testee. */
export class VirtualRing {
  /** In the order of positions, from the testee on. */
  readonly nodes: readonly VirtualNode[];
  readonly #testee: Place;
  readonly #r: number;
  readonly #byId: ReadonlyMap<string, VirtualNode>;
  #places: readonly Place[] | undefined;
  #hasTestee = false;

  /** `r` is the length of lists; `seats` are identities with their positions. */
  constructor(testee: bigint, r: number, seats: readonly Seat[]) {
    const sorted = seats.toSorted((one, other) =>
      forward(testee, one.position) < forward(testee, other.position) ? -1 : 1,
    );
    const half = Math.ceil(sorted.length / 2);
    const name = (index: number): string => (index < half ? `after${index + 1}` : `before${sorted.length - index}`);
    this.nodes = sorted.map(({ identity, position }, index) => makeVirtualNode(name(index), identity, position));
    this.#byId = new Map(this.nodes.map((node) => [Buffer.from(node.identity.nodeId).toString("hex"), node]));
    this.#testee = { position: testee, node: undefined };
    this.#r = r;
  }

  /** The testee is in the lists of the others. */
  get hasTestee(): boolean {
    return this.#hasTestee;
  }

  set hasTestee(value: boolean) {
    this.#hasTestee = value;
    this.#places = undefined;
  }

  get testeePosition(): bigint {
    return this.#testee.position;
  }

  /** Who is before the testee, if it is on the ring. */
  get testeePredecessor(): Place | undefined {
    const others = this.#all().filter(({ node }) => node !== undefined);
    return others.toSorted((one, other) =>
      forward(one.position, this.#testee.position) < forward(other.position, this.#testee.position) ? -1 : 1,
    )[0];
  }

  /** Who owns a position when those that are present are all there are, and the testee with them. */
  ownerOf(position: bigint, withTestee: boolean): Place {
    let [owner, nearest]: [Place | undefined, bigint] = [
      withTestee ? this.#testee : undefined,
      forward(position, this.#testee.position),
    ];
    for (const node of this.nodes) {
      const away = forward(position, node.position);
      if (!node.present || (owner !== undefined && away >= nearest)) continue;
      [owner, nearest] = [{ position: node.position, node }, away];
    }
    return owner ?? this.#testee;
  }

  /** `after1` is next to the testee, `before1` right before it. Undefined for another name. */
  find(name: string): VirtualNode | undefined {
    const match = /^(after|before)([1-9]\d*)$/.exec(name);
    if (match === null) return undefined;
    const count = Number(match[2]);
    return this.nodes[match[1] === "after" ? count - 1 : this.nodes.length - count];
  }

  byNodeId(hex: string): VirtualNode | undefined {
    return this.#byId.get(hex);
  }

  setPresent(node: VirtualNode, present: boolean): void {
    node.present = present;
    this.#places = undefined;
  }

  /** What a right node at this place knows, in a ring that is settled. */
  viewOf(node: VirtualNode): View {
    const places = this.#all();
    const from = this.#next(node.position);
    const others = places.length - (node.present ? 1 : 0);
    const count = Math.min(others, this.#r);
    const at = (index: number): Place | undefined =>
      places[(((from + index) % places.length) + places.length) % places.length];
    const successors = Array.from({ length: count }, (_, index) => at(index)).filter((place) => place !== undefined);
    const back = node.present ? -2 : -1;
    return { successors, wraps: others <= this.#r, predecessor: others === 0 ? undefined : at(back) };
  }

  /** Owners of a target by the list of this node, or those it knows nearest before it: its list and full fingers. */
  stepOf(node: VirtualNode, target: bigint, most: number): { owners?: readonly Place[]; next?: readonly Place[] } {
    const { successors } = this.viewOf(node);
    const [head] = successors;
    if (head === undefined) return { owners: [{ position: node.position, node }] };
    if (isOwned(node.position, target, head.position)) return { owners: successors.slice(0, most) };
    const known = new Map([...successors, ...this.#fingersOf(node.position)].map((place) => [place.position, place]));
    const nearer = [...known.values()].filter((place) => isBetween(node.position, place.position, target));
    const next = nearer.toSorted((one, other) =>
      forward(one.position, target) < forward(other.position, target) ? -1 : 1,
    );
    return { next: next.slice(0, most) };
  }

  /** The node right after this one. */
  afterNode(node: VirtualNode): Place | undefined {
    return this.viewOf(node).successors[0];
  }

  #fingersOf(position: bigint): Place[] {
    const places = this.#all();
    const starts = Array.from({ length: FINGERS }, (_, index) =>
      BigInt.asUintN(256, position + (1n << BigInt(index)) - 1n),
    );
    return starts.map((start) => places[this.#next(start)]).filter((place) => place !== undefined && place.position !== position) as Place[]; // prettier-ignore
  }

  /** Index of the first place after this position. */
  #next(position: bigint): number {
    const places = this.#all();
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle]?.position ?? 0n) > position) high = middle;
      else low = middle + 1;
    }
    return low === places.length ? 0 : low;
  }

  #all(): readonly Place[] {
    if (this.#places !== undefined) return this.#places;
    const taken: Place[] = this.nodes
      .filter(({ present }) => present)
      .map((node) => ({ position: node.position, node }));
    if (this.hasTestee) taken.push(this.#testee);
    this.#places = taken.toSorted((one, other) => (one.position < other.position ? -1 : 1));
    return this.#places;
  }
}
