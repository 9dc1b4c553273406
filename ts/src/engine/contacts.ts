// Records of members of the ring and the contacts that stand for them: sections 7.1 and 7.2. Verifies what others name,
// and remembers the newest record of each node, so that nobody is verified twice and nobody named by an old record.

import { equalBytes, formatHex } from "../bytes/index.js";
import { Position, type Contact } from "../chord/index.js";
import { Feature } from "../gen/registry.js";
import { nodeIdBytes, recordVerification, ringPositionOf, type Network, type PeerRecord } from "../identity/index.js";
import type { Hasher, SignatureService } from "../ports/index.js";
import { isCurrent, type KnownRecord } from "./known-records.js";
import { readToldRecord } from "./told-record.js";

export interface ContactsContext {
  readonly network: Network;
  readonly hasher: Hasher;
  readonly signatures: SignatureService;
  /** Unix ms. */
  readonly now: () => number;
}

/** Nodes that are remembered: a list of r contacts has at most 64, a lookup 4 at a time. */
const mostNodes = 4096;

interface Held {
  readonly known: KnownRecord;
  readonly position: Position;
}

export class Contacts {
  readonly #context: ContactsContext;
  /** By node id in hex; the one that was told last at the end. */
  readonly #held = new Map<string, Held>();

  constructor(context: ContactsContext) {
    this.#context = context;
  }

  /** The contact of a node whose record has been verified. @param toldBy address of the peer that brought it. */
  of(record: PeerRecord, toldBy: string): Contact {
    const key = formatHex(record.nodeId);
    const held = this.#held.get(key);
    const position = held?.position ?? this.#positionOf(record.nodeId);
    const isNewer = held === undefined || record.issued > held.known.record.issued;
    const known = { record, toldBy };
    this.#keep(key, { position, known: isNewer ? known : held.known });
    return { key, position, incarnation: record.incarnation, record: known };
  }

  #positionOf(nodeId: Uint8Array): Position {
    return Position.fromBytes(ringPositionOf(this.#context.hasher, this.#context.network, nodeId));
  }

  #keep(key: string, held: Held): void {
    this.#held.delete(key);
    const [oldest] = this.#held.keys();
    if (oldest !== undefined && this.#held.size >= mostNodes) this.#held.delete(oldest);
    this.#held.set(key, held);
  }

  /** The newest record of a contact's own life: what names it to others. */
  recordOf(contact: Contact): KnownRecord {
    const own = contact.record as KnownRecord;
    const newest = this.#held.get(contact.key)?.known ?? own;
    const isSameLife = newest.record.incarnation === contact.incarnation;
    return isSameLife && newest.record.issued > own.record.issued ? newest : own;
  }

  /** The newest record of a node, for dialling it. */
  find(nodeId: Uint8Array): KnownRecord | undefined {
    return this.#held.get(formatHex(nodeId))?.known;
  }

  /**
   * Takes records as an answer of the ring had them; hands over a contact for each, or nothing where it is to be dropped.
   * @param done called once, perhaps within this call.
   */
  receive(
    records: readonly Uint8Array[],
    toldBy: string,
    done: (contacts: readonly (Contact | undefined)[]) => void,
  ): void {
    const contacts: (Contact | undefined)[] = records.map(() => undefined);
    let left = records.length;
    if (left === 0) return done(contacts);
    for (const [i, bytes] of records.entries()) {
      this.#verify(bytes, (record) => {
        if (record !== undefined) contacts[i] = this.of(record, toldBy);
        if (--left === 0) done(contacts);
      });
    }
  }

  /** Hands over a record that may be used, or nothing. */
  #verify(bytes: Uint8Array, done: (record: PeerRecord | undefined) => void): void {
    const { hasher, network, signatures } = this.#context;
    const record = this.#heldAs(bytes) ?? readToldRecord(hasher, network, bytes);
    // r[ring.entry.member]
    if (record !== undefined && !isMember(record)) return done(undefined);
    if (record === undefined || !isCurrent(record, this.#context.now())) return done(undefined);
    // The one that is held has been verified.
    if (this.find(record.nodeId)?.record === record) return done(record);
    const request = recordVerification(hasher, network, bytes);
    if (request === undefined) return done(undefined);
    signatures.verify(request, (valid) => {
      // r[ring.entry.record] mutate: `valid ? record : undefined` => `record`
      done(valid ? record : undefined);
    });
  }

  /** The record with these very bytes: lists of the ring name the same nodes time and again. */
  #heldAs(bytes: Uint8Array): PeerRecord | undefined {
    const record = this.find(bytes.subarray(0, nodeIdBytes))?.record;
    return record !== undefined && equalBytes(record.bytes, bytes) ? record : undefined;
  }
}

/** Whether the record says that its node takes part in the ring. */
export function isMember({ features }: PeerRecord): boolean {
  return features.includes(Feature.MEMBER);
}
