// Locating nodes: section 5.5. LOCATE and FOUND of the peers in, answers and copies out through the owner; searches of this
// node, which widen until something is found. Records are verified before they come here, and dialled elsewhere.

import { equalBytes, formatHex } from "../bytes/index.js";
import type { PeerRecord } from "../identity/index.js";
import { LocateQueries, type LocateQuery } from "./locate-queries.js";
import type { LocateContext, LocateOwner, LocatePeer } from "./locate-types.js";
import { SlidingRate } from "./sliding-rate.js";

const queryBytes = 16;
/** Peers to which the answers of a query go back. */
const mostFrom = 2;
/** Hops left of the LOCATEs of one search, one after the other. */
// r[locate.widen] mutate: `[2, 6, 32]` => `[32, 6, 2]`
const widths: readonly number[] = [2, 6, 32];

/** A search of this node. */
interface Search {
  readonly wanted: Uint8Array;
  /** LOCATEs sent so far. */
  sent: number;
  /** When the next one is sent, or the search given up, unix ms. */
  dueAt: number;
}

export class Locator {
  readonly #context: LocateContext;
  readonly #owner: LocateOwner;
  readonly #peers = new Map<number, LocatePeer>();
  readonly #passing: LocateQueries;
  /** Queries of this node, apart from those of others, which can be many. */
  readonly #own: LocateQueries;
  readonly #searches = new Map<string, Search>();
  /** This node's own LOCATEs: what comes quicker, the peers drop. */
  readonly #asked: SlidingRate;

  constructor(context: LocateContext, owner: LocateOwner) {
    const { LOCATES, LOCATE_KEEP_MS, LOCATES_PER_SECOND } = context.limits;
    this.#context = context;
    this.#owner = owner;
    this.#passing = new LocateQueries(LOCATES, LOCATE_KEEP_MS);
    this.#own = new LocateQueries(LOCATES, LOCATE_KEEP_MS);
    this.#asked = new SlidingRate(LOCATES_PER_SECOND);
  }

  /** A peer has come up in a slot. */
  join(slot: number): void {
    const processed = new SlidingRate(this.#context.limits.LOCATES_PER_SECOND);
    this.#peers.set(slot, { slot, processed, isHere: true });
  }

  leave(slot: number): void {
    const peer = this.#peers.get(slot);
    if (peer !== undefined) peer.isHere = false;
    this.#peers.delete(slot);
  }

  /** A LOCATE came. The arrays are not kept. */
  receiveLocate(slot: number, query: Uint8Array, wanted: Uint8Array, hopsLeft: number, now: number): void {
    const peer = this.#peers.get(slot);
    if (peer === undefined) return;
    // r[locate.rate]
    if (peer.processed.isFull(now)) return;
    peer.processed.note(now);
    // r[locate.cap] mutate: `Math.min(hopsLeft, this.#context.limits.LOCATE_HOPS)` => `hopsLeft`
    const hops = Math.min(hopsLeft, this.#context.limits.LOCATE_HOPS);
    if (this.#own.find(query, wanted, now) !== undefined) return;
    const known = this.#passing.find(query, wanted, now);
    // r[locate.once]
    if (known !== undefined) return this.#receiveFurther(known, peer, query, wanted, hops);
    const pair = this.#passing.add(query, wanted, now);
    pair.hops = hops;
    pair.from.push(peer);
    const record = this.#recordOf(wanted);
    pair.isAnswered = record !== undefined;
    if (record !== undefined) return this.#owner.sendFound(slot, query, record);
    this.#sendOn(pair, peer, query, wanted);
  }

  /** A further copy: its peer may hear the answer too, and more hops reach nodes that the first copy did not. */
  #receiveFurther(pair: LocateQuery, peer: LocatePeer, query: Uint8Array, wanted: Uint8Array, hops: number): void {
    if (pair.from.length < mostFrom && !pair.from.includes(peer)) pair.from.push(peer);
    if (hops <= pair.hops) return;
    pair.hops = hops;
    if (pair.isAnswered || pair.isSentOnAgain || hops < 2) return;
    pair.isSentOnAgain = true;
    // r[locate.more]
    this.#sendOn(pair, peer, query, wanted);
  }

  #recordOf(wanted: Uint8Array): Uint8Array | undefined {
    // r[locate.own]
    if (equalBytes(wanted, this.#context.nodeId)) return this.#owner.ownRecord();
    // r[locate.known] mutate: `this.#owner.knownRecord(wanted)` => `undefined`
    return this.#owner.knownRecord(wanted);
  }

  /** Sends a LOCATE on to all peers but the one that it came from. */
  #sendOn(pair: LocateQuery, from: LocatePeer, query: Uint8Array, wanted: Uint8Array): void {
    // r[locate.stop]
    if (pair.hops < 2) return;
    pair.isSentOn = true;
    for (const { slot } of this.#peers.values()) {
      // r[locate.relay]
      if (slot !== from.slot) this.#owner.sendLocate(slot, query, wanted, pair.hops - 1);
    }
  }

  /** Whether a FOUND with such a record is of use: asked before its signature is verified. */
  isExpected(query: Uint8Array, record: Pick<PeerRecord, "nodeId" | "issued">, now: number): boolean {
    return this.#awaiting(query, record, now) !== undefined;
  }

  /** Whether a query is this node's own. */
  isOwn(query: Uint8Array, wanted: Uint8Array, now: number): boolean {
    return this.#own.find(query, wanted, now) !== undefined;
  }

  /** A FOUND came, and its record is valid. @param toldBy address of the peer that sent it. */
  receiveFound(query: Uint8Array, record: PeerRecord, toldBy: string, now: number): void {
    const pair = this.#awaiting(query, record, now);
    if (pair === undefined) return;
    pair.founds++;
    pair.newestIssue = record.issued;
    for (const { slot, isHere } of pair.from) {
      // r[found.relay]
      if (isHere && pair.isSentOn) this.#owner.sendFound(slot, query, record.bytes);
    }
    if (this.isOwn(query, record.nodeId, now) && this.#searches.delete(formatHex(record.nodeId)))
      this.#owner.located(record, toldBy);
  }

  /** The pair of a FOUND, as long as more of it are taken. */
  #awaiting(
    query: Uint8Array,
    { nodeId, issued }: Pick<PeerRecord, "nodeId" | "issued">,
    now: number,
  ): LocateQuery | undefined {
    const pair = this.#own.find(query, nodeId, now) ?? this.#passing.find(query, nodeId, now);
    // r[found.unknown] mutate: `undefined)` => `undefined) return { from: [...this.#peers.values()], isSentOn: true }; if (!pair)`
    if (pair === undefined) return undefined;
    // r[found.newer]
    if (issued <= pair.newestIssue) return undefined;
    // r[found.most]
    if (pair.founds >= this.#context.limits.FOUNDS) return undefined;
    return pair;
  }

  /** Looks for a node; ends in `located` or `notLocated`, unless `giveUp` comes first. */
  search(wanted: Uint8Array, now: number): void {
    const key = formatHex(wanted);
    if (this.#searches.has(key)) return;
    const search: Search = { wanted, sent: 0, dueAt: Math.max(now, this.#asked.roomAt) };
    this.#searches.set(key, search);
    if (search.dueAt <= now) this.#ask(search, now);
  }

  /** Ends a search without a word. */
  giveUp(wanted: Uint8Array): void {
    this.#searches.delete(formatHex(wanted));
  }

  #ask(search: Search, now: number): void {
    const { random, limits } = this.#context;
    const { wanted } = search;
    const hopsLeft = widths[search.sent++] ?? limits.LOCATE_HOPS;
    // r[locate.query] mutate: `random.bytes(queryBytes)` => `new Uint8Array(16)`
    const query = random.bytes(queryBytes);
    this.#own.add(query, wanted, now);
    this.#asked.note(now);
    search.dueAt = now + limits.LOCATE_WAIT_MS;
    for (const slot of this.#peers.keys()) {
      // r[reach.locate]
      this.#owner.sendLocate(slot, query, wanted, hopsLeft);
    }
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    let due = Infinity;
    for (const { dueAt } of this.#searches.values()) due = Math.min(due, dueAt);
    return due;
  }

  wake(now: number): void {
    for (const [key, search] of this.#searches) {
      if (search.sent === 0 && search.dueAt <= now) search.dueAt = Math.max(now, this.#asked.roomAt);
      if (search.dueAt > now) continue;
      if (search.sent < widths.length) {
        this.#ask(search, now);
        continue;
      }
      this.#searches.delete(key);
      this.#owner.notLocated(search.wanted);
    }
  }
}
