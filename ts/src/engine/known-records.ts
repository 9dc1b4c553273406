// Records that a node knows: the newest of each peer, and a bounded number of others that it was told (1.6, 5.4). Records
// come here verified; whether anybody may be dialled for them is decided elsewhere.

import { equalBytes, formatHex } from "../bytes/index.js";
import { Limit } from "../gen/registry.js";
import type { PeerRecord } from "../identity/index.js";
import type { Limits, Random } from "../ports/index.js";
import { countedPlaceOf } from "./counted-place.js";
import { Groups } from "./groups.js";
import { shuffled } from "./shuffled.js";

export interface KnownRecord {
  readonly record: PeerRecord;
  /** Address of the peer that told it, as its session shows it: section 1.8 asks for it. */
  readonly toldBy: string;
}

/** The peer that brought a record. */
export interface Teller {
  /** As its session shows it. */
  readonly address: string;
  readonly nodeId: Uint8Array;
}

interface Held extends KnownRecord {
  /** Node id of the teller, hex. */
  readonly source: string;
}

/** What an answer to PEERS may hold. */
export interface SampleRequest {
  /** Most records. */
  readonly limit: number;
  /** Node id of the asker. */
  readonly asker: Uint8Array;
  /** Unix ms. */
  readonly now: number;
}

export class KnownRecords {
  readonly #limits: Limits;
  readonly #ownId: Uint8Array;
  readonly #random: Random;
  readonly #peers = new Map<string, Held>();
  /** In the order in which they were learnt. */
  readonly #others = new Map<string, Held>();
  /** Keys of others by the prefix of their first address, and by who told them. */
  readonly #byPrefix = new Groups<string>();
  readonly #bySource = new Groups<string>();

  constructor(limits: Limits, ownId: Uint8Array, random: Random) {
    this.#limits = limits;
    this.#ownId = ownId;
    this.#random = random;
  }

  /** Records of nodes that are no peers. */
  get othersCount(): number {
    return this.#others.size;
  }

  /** Records of nodes that are no peers, in random order, without those that have expired. @param now unix ms. */
  candidates(now: number): KnownRecord[] {
    return shuffled(this.#random, this.#others.values()).filter(({ record }) => !isExpired(record, now));
  }

  /** Whether a record is remembered without forgetting another. */
  hasRoomFor(record: PeerRecord, teller: Teller): boolean {
    const { KNOWN_RECORDS, KNOWN_PER_PREFIX, KNOWN_PER_SOURCE } = this.#limits;
    const prefix = prefixOfRecord(record);
    if (prefix !== undefined && this.#byPrefix.sizeOf(prefix) >= KNOWN_PER_PREFIX) return false;
    return this.#others.size < KNOWN_RECORDS && this.#bySource.sizeOf(formatHex(teller.nodeId)) < KNOWN_PER_SOURCE;
  }

  /** Takes the record of a READY peer, from its HELLO or an UPDATE; a newer one that is known already stays. */
  setPeer(record: PeerRecord, toldBy: string): void {
    const key = formatHex(record.nodeId);
    const held = this.#find(key);
    this.#forget(key);
    const isNewer = held === undefined || isLater(record, held);
    this.#peers.set(key, isNewer ? { record, toldBy, source: key } : held);
  }

  /** A node is no peer any more: its record is one of the others now. */
  peerGone(nodeId: Uint8Array): void {
    const key = formatHex(nodeId);
    const held = this.#peers.get(key);
    this.#peers.delete(key);
    if (held !== undefined) this.#addOther(key, held);
  }

  /** Takes a record that another node told; false when it is of no use. @param now unix ms. */
  learn(record: PeerRecord, teller: Teller, now: number): boolean {
    if (equalBytes(record.nodeId, this.#ownId)) return false;
    // r[record.stored.clock]
    if (!isCurrent(record, now)) return false;
    const key = formatHex(record.nodeId);
    const held = this.#find(key);
    // r[record.stored.newer]
    if (held !== undefined && !isLater(record, held)) return false;
    const known = { record, toldBy: teller.address, source: formatHex(teller.nodeId) };
    if (this.#peers.has(key)) this.#peers.set(key, known);
    else this.#addOther(key, known);
    return true;
  }

  #find(key: string): Held | undefined {
    return this.#peers.get(key) ?? this.#others.get(key);
  }

  /** Of those that it may not be kept beside, the one that is known longest goes. */
  #addOther(key: string, known: Held): void {
    const { KNOWN_RECORDS, KNOWN_PER_PREFIX, KNOWN_PER_SOURCE } = this.#limits;
    const { source } = known;
    const prefix = prefixOfRecord(known.record);
    this.#forget(key);
    // r[peers.memory] also
    if (this.#bySource.sizeOf(source) >= KNOWN_PER_SOURCE) this.#forget(this.#bySource.oldestOf(source));
    // r[peers.memory] also
    if (prefix !== undefined && this.#byPrefix.sizeOf(prefix) >= KNOWN_PER_PREFIX)
      this.#forget(this.#byPrefix.oldestOf(prefix));
    const [oldest] = this.#others.keys();
    if (this.#others.size >= KNOWN_RECORDS) this.#forget(oldest);
    this.#others.set(key, known);
    this.#bySource.add(source, key);
    if (prefix !== undefined) this.#byPrefix.add(prefix, key);
  }

  #forget(key: string | undefined): void {
    if (key === undefined || !this.#others.delete(key)) return;
    this.#bySource.remove(key);
    this.#byPrefix.remove(key);
  }

  /** The newest record of a node, unless it has expired. @param now unix ms. */
  find(nodeId: Uint8Array, now: number): KnownRecord | undefined {
    const held = this.#find(formatHex(nodeId));
    return held === undefined || isExpired(held.record, now) ? undefined : held;
  }

  /** Records for an answer to PEERS, chosen at random, those of peers before others. */
  sample({ limit, asker, now }: SampleRequest): PeerRecord[] {
    // r[peers.answer] mutate: `...shuffled(this.#random, this.#peers.values()), ` => ``
    const candidates = [
      ...shuffled(this.#random, this.#peers.values()),
      ...shuffled(this.#random, this.#others.values()),
    ];
    const chosen: PeerRecord[] = [];
    const perPrefix = new Map<string, number>();
    for (const { record } of candidates) {
      if (chosen.length >= limit) break;
      // r[peers.others]
      if (equalBytes(record.nodeId, asker) || isExpired(record, now)) continue;
      const prefix = prefixOfRecord(record);
      const before = prefix === undefined ? 0 : (perPrefix.get(prefix) ?? 0);
      // r[peers.sample] also
      if (before >= this.#limits.PEERS_PER_PREFIX) continue;
      if (prefix !== undefined) perPrefix.set(prefix, before + 1);
      chosen.push(record);
    }
    return chosen;
  }
}

/** First 24 or 48 bits of a record's first address, as text; `undefined` where rules that count by prefix do not hold. */
const prefixOfRecord = ({ addresses: [first = ""] }: PeerRecord): string | undefined => countedPlaceOf(first)?.prefix;

const isLater = (record: PeerRecord, held: KnownRecord): boolean => record.issued > held.record.issued;
/** Whether a record of a third node may be kept and passed on: r[record.stored.clock]. @param now unix ms. */
export function isCurrent(record: PeerRecord, now: number): boolean {
  return record.issued <= BigInt(now + Limit.RECORD_AHEAD_MS) && !isExpired(record, now);
}

const isExpired = (record: PeerRecord, now: number): boolean => record.expires <= BigInt(now);
