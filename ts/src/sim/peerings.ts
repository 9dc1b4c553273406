// Which honest node held which for its peer from when to when, as their events told it, and when each process lived. Times in µs.

/** A stretch of time; `toUs` is Infinity while it lasts. */
export interface Stretch {
  readonly fromUs: number;
  toUs: number;
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

  /** The life of a process that spans a time. */
  lifeAt(node: number, atUs: number): Stretch | undefined {
    return this.#lives[node]?.find(({ fromUs, toUs }) => fromUs <= atUs && atUs < toUs);
  }

  /** Pairs of nodes that hold each other, or one the other, for a peer. */
  get pairs(): number {
    const pairs = new Set<number>();
    for (const { node, peer } of this.#current.values())
      pairs.add(Math.min(node, peer) * this.#nodes + Math.max(node, peer));
    return pairs.size;
  }

  /** Nodes and links that can be reached from a node now; nothing where the two ends of a link disagree about it. */
  reachOf(origin: number): { readonly links: number; readonly nodes: number } | undefined {
    const seen = new Set([origin]);
    let ends = 0;
    for (const node of seen) {
      for (let peer = 0; peer < this.#nodes; peer++) {
        const [there, back] = [
          this.#current.has(node * this.#nodes + peer),
          this.#current.has(peer * this.#nodes + node),
        ];
        if (there !== back) return undefined;
        if (!there) continue;
        ends++;
        seen.add(peer);
      }
    }
    return { links: ends / 2, nodes: seen.size };
  }
}
