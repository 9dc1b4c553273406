// The node's own signed record: made before the first session, again when its addresses change or half its life is over.

import { concatBytes } from "../bytes/index.js";
import { encodeRecordBody, prepareRecord, type Network } from "../identity/index.js";
import type { Hasher, Limits, SignatureService } from "../ports/index.js";

export interface OwnRecordContext {
  readonly network: Network;
  readonly nodeId: Uint8Array;
  readonly limits: Limits;
  readonly hasher: Hasher;
  readonly signatures: SignatureService;
  readonly incarnation: bigint;
  readonly features: readonly number[];
  /** A record takes the place of an earlier one. */
  renewed(record: Uint8Array): void;
}

export class OwnRecord {
  readonly #context: OwnRecordContext;
  #record: Uint8Array | undefined;
  #addresses: readonly string[] = [];
  #version = 0;
  #waiting: ((record: Uint8Array) => void)[] = [];
  /** When the record is to be made anew, unix ms. */
  deadline = Infinity;

  constructor(context: OwnRecordContext) {
    this.#context = context;
  }

  /** Makes a record of these addresses. @throws {ProtocolError} MISUSE */
  announce(addresses: readonly string[], now: number): void {
    const { network, nodeId, limits, hasher, signatures, incarnation, features } = this.#context;
    const lifetime = limits.RECORD_LIFETIME_MS;
    const { unsigned, message } = prepareRecord(hasher, network, {
      nodeId,
      issued: BigInt(now),
      expires: BigInt(now + lifetime),
      incarnation,
      body: encodeRecordBody(addresses, features),
    });
    this.#addresses = addresses;
    // r[record.renew] mutate: `now + lifetime / 2` => `now + lifetime`
    this.deadline = now + lifetime / 2;
    const version = ++this.#version;
    signatures.sign({ message }, (signature) => {
      if (version === this.#version) this.#settle(concatBytes(unsigned, signature));
    });
  }

  /** Makes the same record anew. */
  renew(now: number): void {
    this.announce(this.#addresses, now);
  }

  /** The newest record, when there is one. */
  get current(): Uint8Array | undefined {
    return this.#record;
  }

  /** Hands over the record, at once or when it is signed. */
  with(use: (record: Uint8Array) => void): void {
    if (this.#record === undefined) this.#waiting.push(use);
    else use(this.#record);
  }

  #settle(record: Uint8Array): void {
    const isFirst = this.#record === undefined;
    this.#record = record;
    if (!isFirst) this.#context.renewed(record);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const use of waiting) use(record);
  }
}
