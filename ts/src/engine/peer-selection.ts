// Which nodes a node dials of its own accord, so that it has enough peers and finds others when some go: section 4.9. Looks at
// what is known and who is there whenever something has changed; how a node is dialled is the dialler's business.

import { formatHex } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import type { Limits, Random } from "../ports/index.js";
import { Anchors, type Anchor } from "./anchors.js";
import { countedPlaceOf } from "./counted-place.js";
import type { Dialler, ToldTarget } from "./dialler.js";
import type { KnownRecord, KnownRecords } from "./known-records.js";
import type { Peer, PeerTable } from "./peer-table.js";
import type { RecordExchange } from "./record-exchange.js";
import { RedialWaits } from "./redial-waits.js";
import { shuffled } from "./shuffled.js";

export interface PeerSelectionContext {
  readonly limits: Limits;
  readonly random: Random;
  readonly known: Pick<KnownRecords, "candidates" | "othersCount">;
  readonly peers: PeerTable;
  readonly dialler: Pick<Dialler, "addTold" | "mayDialTold">;
  readonly exchange: Pick<RecordExchange, "askForMore" | "wasAskedLately">;
  /** Of an earlier run: dialled first. */
  readonly anchors?: readonly Anchor[];
  /** Whether a node would be admitted. */
  mayBePeer(nodeId: Uint8Array): boolean;
  /** Unix ms. */
  now(): number;
}

/** Nodes dialled in one look: those known that are all gone are not worth more at once. */
const mostDialsPerLook = 32;

/** A node that was dialled here, as long as the dial is under way or it is a peer. */
interface Chosen {
  readonly nodeId: Uint8Array;
  readonly prefixes: ReadonlySet<string>;
  isUnderWay: boolean;
}

export class PeerSelection {
  readonly #context: PeerSelectionContext;
  readonly #waits: RedialWaits;
  readonly #chosen = new Map<string, Chosen>();
  /** When peers came up, unix ms. */
  readonly #upSince = new Map<string, number>();
  readonly #anchors: Anchors;
  /** Anchors of an earlier run that are not dialled yet. */
  #first: readonly Anchor[];
  /** When to look next, unix ms. */
  #lookAt = Infinity;
  /** When a look that is under way goes on, unix ms. */
  #goOnAt = Infinity;
  #waitMs: number;
  #dialsLeft = 0;
  #isStopped: boolean;

  constructor(context: PeerSelectionContext) {
    this.#context = context;
    this.#waits = new RedialWaits(context.limits);
    this.#anchors = new Anchors(context.limits, context.anchors ?? []);
    this.#first = this.#anchors.current;
    this.#waitMs = context.limits.PEERS_LOOK_MS;
    this.#isStopped = context.limits.PEERS_TARGET === 0;
  }

  /** Nodes to be dialled first after the next start; another list whenever they change. */
  get anchors(): readonly Anchor[] {
    return this.#anchors.current;
  }

  /** The node has begun: what it knows of an earlier run is dialled. */
  start(): void {
    if (this.#first.length > 0) this.#lookBy(this.#context.now());
  }

  /** Something has changed that may lead to peers: looks within a sixteenth of PEERS_LOOK_MS. Two nodes that hear of each other at once shall not both dial at once. */
  lookSoon(): void {
    const { random, limits } = this.#context;
    const [share = 0] = random.bytes(1);
    this.#lookBy(this.#context.now() + Math.floor((limits.PEERS_LOOK_MS * share) / 4096));
  }

  #lookBy(at: number): void {
    if (!this.#isStopped) this.#lookAt = Math.min(this.#lookAt, at);
  }

  stop(): void {
    this.#isStopped = true;
    this.#lookAt = Infinity;
    this.#goOnAt = Infinity;
  }

  /** A peer was reported. */
  peerUp({ nodeId }: Peer): void {
    if (this.#isStopped) return;
    this.#upSince.set(formatHex(nodeId), this.#context.now());
    this.#waitMs = this.#context.limits.PEERS_LOOK_MS;
    this.#anchors.look(this.#context.peers);
    this.lookSoon();
  }

  /** The last session with a peer has ended. @param isUnwanted this node has ended it, for what the peer did */
  peerGone({ nodeId }: Peer, isUnwanted: boolean): void {
    if (this.#isStopped) return;
    const key = formatHex(nodeId);
    const now = this.#context.now();
    const upMs = now - (this.#upSince.get(key) ?? now);
    this.#upSince.delete(key);
    if (this.#chosen.get(key)?.isUnderWay === false) this.#chosen.delete(key);
    this.#anchors.look(this.#context.peers);
    if (isUnwanted) this.#waits.parted(key, now);
    else this.#waits.lost(key, now, upMs >= this.#context.limits.REDIAL_MAX_MS);
    this.#lookBy(now);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return Math.min(this.#lookAt, this.#goOnAt);
  }

  wake(now: number): void {
    if (now < this.deadline) return;
    if (now >= this.#lookAt) {
      this.#lookAt = Infinity;
      this.#dialsLeft = mostDialsPerLook;
    }
    this.#goOnAt = Infinity;
    this.#look(now);
    const { known, peers, limits } = this.#context;
    if (this.#wanted() <= 0) this.#lookAt = Infinity;
    else if (this.#lookAt === Infinity && known.othersCount + peers.size > 0) {
      // r[peers.look] also
      this.#lookAt = now + this.#waitMs;
      this.#waitMs = Math.min(limits.REDIAL_MAX_MS, 2 * this.#waitMs);
    }
  }

  /** How many more nodes are to be dialled. */
  #wanted(): number {
    const { peers, limits } = this.#context;
    const { PEERS_TARGET, PEERS_DIALLED, SESSIONS } = limits;
    let dialled = 0;
    for (const { sessions } of peers) if (sessions.some(({ info }) => info.role === "initiator")) dialled++;
    const most = Math.ceil(1.5 * PEERS_TARGET);
    // r[peers.fill] also
    const missing = Math.max(PEERS_TARGET - peers.size, Math.min(PEERS_DIALLED - dialled, most - peers.size));
    return Math.min(missing, SESSIONS - peers.sessionCount) - this.#underWay();
  }

  /** Nodes that are being dialled here and are no peers yet. */
  #underWay(): number {
    let count = 0;
    for (const { nodeId, isUnderWay } of this.#chosen.values())
      if (isUnderWay && this.#context.peers.find(nodeId) === undefined) count++;
    return count;
  }

  #look(now: number): void {
    let wanted = this.#wanted();
    if (wanted <= 0) return;
    // r[peers.anchors] also
    const first = this.#first.map(({ address, nodeId }) => ({ addresses: [address], nodeId, toldBy: address }));
    this.#first = [];
    // r[peers.spread] also
    for (const target of [...first, ...this.#context.known.candidates(now).map(targetOf)]) {
      if (wanted <= 0 || this.#dialsLeft <= 0) return;
      if (!this.#mayDial(target, now)) continue;
      this.#dial(target, now);
      wanted--;
    }
    if (wanted > 0) this.#ask();
  }

  #mayDial(target: ToldTarget, now: number): boolean {
    const { dialler, peers } = this.#context;
    const { nodeId } = target;
    const key = formatHex(nodeId);
    if (this.#chosen.has(key) || !this.#waits.mayDial(key, now) || peers.find(nodeId) !== undefined) return false;
    return this.#isSpread(target) && dialler.mayDialTold(target, now) && this.#context.mayBePeer(nodeId);
  }

  /** Whether few enough nodes of its prefixes were dialled here. */
  #isSpread(target: ToldTarget): boolean {
    for (const prefix of prefixesOf(target)) {
      let count = 0;
      for (const { prefixes } of this.#chosen.values()) if (prefixes.has(prefix)) count++;
      // r[peers.spread] also
      if (count >= this.#context.limits.PEERS_DIALLED_PER_PREFIX) return false;
    }
    return true;
  }

  #dial(target: ToldTarget, now: number): void {
    const key = formatHex(target.nodeId);
    const chosen: Chosen = { nodeId: target.nodeId, prefixes: prefixesOf(target), isUnderWay: true };
    this.#chosen.set(key, chosen);
    this.#waits.dialled(key, now);
    this.#dialsLeft--;
    this.#context.dialler.addTold(target, now, (isReached) => {
      chosen.isUnderWay = false;
      if (isReached) return this.#reached(key, chosen);
      this.#chosen.delete(key);
      const later = this.#context.now();
      this.#waits.failed(key, later);
      if (!this.#isStopped) this.#goOnAt = later;
    });
  }

  /** A dial has led to a peer, if only since that one has dialled too. */
  #reached(key: string, { nodeId }: Chosen): void {
    const sessions = this.#context.peers.find(nodeId)?.sessions ?? [];
    if (!sessions.some(({ info }) => info.role === "initiator")) this.#chosen.delete(key);
  }

  #ask(): void {
    const { random, peers, exchange } = this.#context;
    const asked = shuffled(random, peers).find(
      ({ nodeId, isReported }) => isReported && !exchange.wasAskedLately(nodeId),
    );
    if (asked === undefined) return;
    try {
      // r[peers.ask] also
      exchange.askForMore(asked.nodeId);
    } catch (error) {
      // Its queue is full: another one is asked the next time.
      if (!(error instanceof ProtocolError)) throw error;
    }
  }
}

const targetOf = ({ record: { addresses, nodeId }, toldBy }: KnownRecord): ToldTarget => ({
  addresses,
  nodeId,
  toldBy,
});

function prefixesOf({ addresses }: ToldTarget): ReadonlySet<string> {
  const prefixes = new Set<string>();
  for (const address of addresses) {
    const prefix = countedPlaceOf(address)?.prefix;
    if (prefix !== undefined) prefixes.add(prefix);
  }
  return prefixes;
}
