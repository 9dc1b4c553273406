// Records that a node knows: the newest of each peer, and a bounded number of others that it was told (1.6, 5.4). Records
// come here verified; whether anybody may be dialled for them is decided elsewhere.

import { equalBytes, formatHex, readU32 } from "../bytes/index.js";
import { Limit } from "../gen/registry.js";
import type { PeerRecord } from "../identity/index.js";
import type { Limits, Random } from "../ports/index.js";
import { countedPlaceOf } from "./counted-place.js";

export interface KnownRecord {
  readonly record: PeerRecord;
  /** Address of the peer that told it, as its session shows it: section 1.8 asks for it. */
  readonly toldBy: string;
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
  readonly #peers = new Map<string, KnownRecord>();
  /** In the order in which they were learnt. */
  readonly #others = new Map<string, KnownRecord>();

  constructor(limits: Limits, ownId: Uint8Array, random: Random) {
    this.#limits = limits;
    this.#ownId = ownId;
    this.#random = random;
  }

  /** Records of nodes that are no peers. */
  get othersCount(): number {
    return this.#others.size;
  }

  /** Whether one more is remembered without forgetting another. */
  get hasRoom(): boolean {
    return this.#others.size < this.#limits.KNOWN_RECORDS;
  }

  /** Takes the record of a READY peer, from its HELLO or an UPDATE; a newer one that is known already stays. */
  setPeer(record: PeerRecord, toldBy: string): void {
    const key = formatHex(record.nodeId);
    const held = this.#peers.get(key) ?? this.#others.get(key);
    this.#others.delete(key);
    const isNewer = held === undefined || isLater(record, held);
    this.#peers.set(key, isNewer ? { record, toldBy } : held);
  }

  /** A node is no peer any more: its record is one of the others now. */
  peerGone(nodeId: Uint8Array): void {
    const key = formatHex(nodeId);
    const held = this.#peers.get(key);
    this.#peers.delete(key);
    if (held !== undefined) this.#addOther(key, held);
  }

  /** Takes a record that another node told; false when it is of no use. @param now unix ms. */
  learn(record: PeerRecord, toldBy: string, now: number): boolean {
    if (equalBytes(record.nodeId, this.#ownId)) return false;
    // r[record.stored.clock]
    if (!isCurrent(record, now)) return false;
    const key = formatHex(record.nodeId);
    const held = this.#peers.get(key) ?? this.#others.get(key);
    // r[record.stored.newer]
    if (held !== undefined && !isLater(record, held)) return false;
    if (this.#peers.has(key)) this.#peers.set(key, { record, toldBy });
    else this.#addOther(key, { record, toldBy });
    return true;
  }

  #addOther(key: string, known: KnownRecord): void {
    this.#others.delete(key);
    const [oldest] = this.#others.keys();
    if (oldest !== undefined && this.#others.size >= this.#limits.KNOWN_RECORDS) this.#others.delete(oldest);
    this.#others.set(key, known);
  }

  /** The newest record of a node, unless it has expired. @param now unix ms. */
  find(nodeId: Uint8Array, now: number): KnownRecord | undefined {
    const key = formatHex(nodeId);
    const held = this.#peers.get(key) ?? this.#others.get(key);
    return held === undefined || isExpired(held.record, now) ? undefined : held;
  }

  /** Records for an answer to PEERS, chosen at random, those of peers before others. */
  sample({ limit, asker, now }: SampleRequest): PeerRecord[] {
    // r[peers.answer] mutate: `...this.#shuffled(this.#peers), ` => ``
    const candidates = [...this.#shuffled(this.#peers), ...this.#shuffled(this.#others)];
    const chosen: PeerRecord[] = [];
    const perPrefix = new Map<string, number>();
    for (const { record } of candidates) {
      if (chosen.length >= limit) break;
      // r[peers.others]
      if (equalBytes(record.nodeId, asker) || isExpired(record, now)) continue;
      const prefix = countedPlaceOf(record.addresses[0] ?? "")?.prefix;
      const before = prefix === undefined ? 0 : (perPrefix.get(prefix) ?? 0);
      // r[peers.sample] also
      if (before >= this.#limits.PEERS_PER_PREFIX) continue;
      if (prefix !== undefined) perPrefix.set(prefix, before + 1);
      chosen.push(record);
    }
    return chosen;
  }

  #shuffled(records: ReadonlyMap<string, KnownRecord>): KnownRecord[] {
    const list = [...records.values()];
    const numbers = this.#random.bytes(4 * list.length);
    for (let i = list.length - 1; i > 0; i--) {
      const other = readU32(numbers, 4 * i) % (i + 1);
      [list[i], list[other]] = [list[other] as KnownRecord, list[i] as KnownRecord];
    }
    return list;
  }
}

const isLater = (record: PeerRecord, held: KnownRecord): boolean => record.issued > held.record.issued;
/** Whether a record of a third node may be kept and passed on: r[record.stored.clock]. @param now unix ms. */
export function isCurrent(record: PeerRecord, now: number): boolean {
  return record.issued <= BigInt(now + Limit.RECORD_AHEAD_MS) && !isExpired(record, now);
}

const isExpired = (record: PeerRecord, now: number): boolean => record.expires <= BigInt(now);
