// Makes the records that this node writes: gives them their key, sequence and times, and has them signed. Sections 8.1 to 8.3.

import { sequenceFor, type VersionsSeen } from "../../chord/index.js";
import {
  finishTableRecord,
  KeyKind,
  keyIdOf,
  ownedKey,
  prepareTableRecord,
  type TableRecord,
  type TableRecordClaim,
} from "../../identity/index.js";
import type { SignatureService } from "../../ports/index.js";
import type { EngineConfig } from "../engine-types.js";
import type { TablePut } from "./table-view.js";

export interface RecordMakerContext {
  readonly config: Pick<EngineConfig, "hasher" | "network" | "nodeId">;
  readonly signatures: SignatureService;
  readonly seen: VersionsSeen;
  /** Unix ms. */
  readonly now: () => number;
}

/** A record that only lacks its signature. */
export interface UnsignedRecord {
  readonly keyId: Uint8Array;
  /** Signs it, when its kind is signed. */
  finish(done: (record: TableRecord) => void): void;
}

const none = new Uint8Array(0);

export class RecordMaker {
  readonly #context: RecordMakerContext;

  constructor(context: RecordMakerContext) {
    this.#context = context;
  }

  /** What the application wants to write. @throws {ProtocolError} MISUSE when nobody would take the record */
  make({ kind, key, value, ttlMs, isTombstone }: TablePut): UnsignedRecord {
    const flags = isTombstone ? 1 : 0;
    return this.#make({ kind, key: this.#keyOf(kind, key, value), flags, value: isTombstone ? none : value }, ttlMs);
  }

  /** The same once more, from now on. */
  renew(record: TableRecord): UnsignedRecord {
    return this.#make(record, Number(record.expires - record.issued));
  }

  #make(
    { kind, key, flags, value }: Pick<TableRecordClaim, "kind" | "key" | "flags" | "value">,
    ttlMs: number,
  ): UnsignedRecord {
    const { config, signatures, seen, now } = this.#context;
    const { hasher, network, nodeId } = config;
    const issued = Math.floor(now());
    const keyId = keyIdOf(hasher, network, kind, key);
    const claim = {
      kind,
      key,
      writer: kind === KeyKind.IMMUTABLE ? none : nodeId,
      sequence: sequenceFor(kind, seen.sequenceOf(keyId), issued),
      issued: BigInt(issued),
      expires: BigInt(issued + ttlMs),
      flags,
      value,
    };
    const message = prepareTableRecord(hasher, network, claim);
    seen.noteSequence(keyId, claim.sequence);
    const finish = (done: (record: TableRecord) => void): void => {
      if (message === undefined) return done(finishTableRecord(hasher, network, claim));
      signatures.sign({ message }, (signature) => done(finishTableRecord(hasher, network, claim, signature)));
    };
    return { keyId, finish };
  }

  #keyOf(kind: number, name: Uint8Array, value: Uint8Array): Uint8Array {
    const { hasher, nodeId } = this.#context.config;
    if (kind === KeyKind.OWNED) return ownedKey(nodeId, name);
    return kind === KeyKind.IMMUTABLE ? hasher.sha256(value) : name;
  }
}
