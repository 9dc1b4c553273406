// Which honest node held which for its peer from when to when, as their events told it, and when each process lived. Times in µs.

/** A stretch of time; `toUs` is Infinity while it lasts. */
export interface Stretch {
  readonly fromUs: number;
  toUs: number;
}

/** Links and nodes that hang together. */
export interface Reach {
  readonly links: number;
  readonly nodes: number;
}

/** A node's view of a peer, from peer.up to peer.down. */
export interface Peering extends Stretch {
  readonly node: number;
  readonly peer: number;
  /** When broadcasts for the peer were dropped at a full queue. */
  readonly droppedUs: number[];
}

export class Peerings {
  readonly #nodes: number;
  readonly #current = new Map<number, Peering>();
  readonly #all: Peering[][];
  readonly #lives: Stretch[][];
  readonly #slow: Stretch[][];
  #pairs: ReadonlyMap<number, Pair> | undefined;
  readonly #reaches = new Map<number, Reach>();
  /** How many changes there had been when these two were worked out. */
  #reachesAt = -1;
  /** When anything of this changed last, µs; and each time before. */
  readonly changesUs: number[] = [];

  constructor(nodes: number) {
    this.#nodes = nodes;
    this.#all = Array.from({ length: nodes }, () => []);
    this.#lives = Array.from({ length: nodes }, () => []);
    this.#slow = Array.from({ length: nodes }, () => []);
  }

  born(node: number, nowUs: number): void {
    (this.#lives[node] as Stretch[]).push({ fromUs: nowUs, toUs: Infinity });
    this.changesUs.push(nowUs);
  }

  died(node: number, nowUs: number): void {
    const life = this.#lives[node]?.at(-1);
    if (life !== undefined) life.toUs = nowUs;
    for (let peer = 0; peer < this.#nodes; peer++) this.#end(node, peer, nowUs);
    this.changesUs.push(nowUs);
  }

  up(node: number, peer: number, nowUs: number): void {
    this.#end(node, peer, nowUs);
    const peering = { node, peer, fromUs: nowUs, toUs: Infinity, droppedUs: [] };
    this.#current.set(node * this.#nodes + peer, peering);
    (this.#all[node] as Peering[]).push(peering);
    this.changesUs.push(nowUs);
  }

  down(node: number, peer: number, nowUs: number): void {
    this.#end(node, peer, nowUs);
    this.changesUs.push(nowUs);
  }

  #end(node: number, peer: number, nowUs: number): void {
    const key = node * this.#nodes + peer;
    const peering = this.#current.get(key);
    if (peering !== undefined) peering.toUs = nowUs;
    this.#current.delete(key);
  }

  dropped(node: number, peer: number, nowUs: number): void {
    this.#current.get(node * this.#nodes + peer)?.droppedUs.push(nowUs);
    this.changesUs.push(nowUs);
  }

  slow(node: number, fromUs: number, toUs: number): void {
    (this.#slow[node] as Stretch[]).push({ fromUs, toUs });
  }

  /** Whether a node has ever read slowly up to a time. */
  wasSlow(node: number, untilUs: number): boolean {
    return (this.#slow[node] as Stretch[]).some(({ fromUs }) => fromUs <= untilUs);
  }

  /** Whether a node reads slowly at some time of a stretch. */
  isSlowWithin(node: number, fromUs: number, toUs: number): boolean {
    return (this.#slow[node] as Stretch[]).some((slow) => slow.fromUs <= toUs && slow.toUs >= fromUs);
  }

  /** Everything that a node has had for a peer. */
  of(node: number): readonly Peering[] {
    return this.#all[node] as Peering[];
  }

  /** When the last process of a node began, µs. */
  bornUs(node: number): number {
    return this.#lives[node]?.at(-1)?.fromUs ?? 0;
  }

  /** The life of a process that spans a time. */
  lifeAt(node: number, atUs: number): Stretch | undefined {
    return this.#lives[node]?.find(({ fromUs, toUs }) => fromUs <= atUs && atUs < toUs);
  }

  /** Links and nodes that can be reached from a node now, if all connections among nodes are links: `open` is how many there are. */
  reachOf(origin: number, open: number): Reach | undefined {
    if (this.#reachesAt !== this.changesUs.length) {
      this.#reachesAt = this.changesUs.length;
      this.#reaches.clear();
      this.#pairs = pairsOf(this.#current.values());
    }
    // One end may know of a link before the other does, and of a connection neither.
    if (this.#pairs?.size !== open) return undefined;
    const known = this.#reaches.get(origin);
    if (known !== undefined) return known;
    return this.#explore(origin, this.#pairs);
  }

  #explore(origin: number, pairs: ReadonlyMap<number, Pair>): Reach {
    const reached = new Set([origin]);
    const neighbours = Array.from({ length: this.#nodes }, (): number[] => []);
    for (const [a, b] of pairs.values()) {
      neighbours[a]?.push(b);
      neighbours[b]?.push(a);
    }
    let ends = 0;
    for (const node of reached) {
      for (const peer of neighbours[node] ?? []) reached.add(peer);
      ends += neighbours[node]?.length ?? 0;
    }
    const reach = { links: ends / 2, nodes: reached.size };
    for (const node of reached) this.#reaches.set(node, reach);
    return reach;
  }
}

type Pair = readonly [number, number];

/** The pairs of nodes that hold each other for peers; nothing where only one holds the other. */
function pairsOf(peerings: Iterable<Peering>): ReadonlyMap<number, Pair> | undefined {
  const once = new Map<number, Pair>();
  const twice = new Map<number, Pair>();
  for (const { node, peer } of peerings) {
    const pair = [Math.min(node, peer), Math.max(node, peer)] as const;
    const key = pair[0] * 4096 + pair[1];
    (once.has(key) ? twice : once).set(key, pair);
  }
  return twice.size === once.size ? twice : undefined;
}
