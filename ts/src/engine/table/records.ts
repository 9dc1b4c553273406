// Records of the table as they come over the wire: found good, all but their time, or refused with a code. Section 8.2. What
// was verified lately is not verified again: a key's record comes from five groups.

import { formatHex } from "../../bytes/index.js";
import { ProtocolError } from "../../errors/index.js";
import type { Code } from "../../gen/registry.js";
import { decodeTableRecord, verifyTableRecord, type Network, type TableRecord } from "../../identity/index.js";
import type { Hasher, SignatureService } from "../../ports/index.js";

export interface RecordsContext {
  readonly network: Network;
  readonly hasher: Hasher;
  readonly signatures: SignatureService;
}

/** Records that are remembered as verified. */
const mostVerified = 4096;

export class Records {
  readonly #context: RecordsContext;
  /** Digests with their signatures. */
  readonly #verified = new Set<string>();

  constructor(context: RecordsContext) {
    this.#context = context;
  }

  /** Reads a record; the bytes are copied. @param done called once, perhaps within this call: the record, or why it is refused. */
  read(bytes: Uint8Array, done: (record: TableRecord | Code) => void): void {
    const record = this.decode(bytes);
    if (typeof record === "string") return done(record);
    const key = `${formatHex(record.digest)}${formatHex(record.signature)}`;
    if (this.#verified.has(key)) return done(record);
    verifyTableRecord(this.#context.signatures, record, (refusal) => {
      if (refusal !== undefined) return done(refusal);
      this.#note(key);
      done(record);
    });
  }

  /** Reads several; those that are refused are left out. */
  readAll(all: readonly Uint8Array[], done: (records: readonly TableRecord[]) => void): void {
    const read: (TableRecord | Code)[] = [];
    let left = all.length;
    const end = (): void => done(read.filter((record) => typeof record !== "string"));
    if (left === 0) return end();
    for (const [i, bytes] of all.entries()) {
      this.read(bytes, (record) => {
        read[i] = record;
        if (--left === 0) end();
      });
    }
  }

  /** Without the signature: for what this node has stored. */
  decode(bytes: Uint8Array): TableRecord | Code {
    try {
      return decodeTableRecord(this.#context.hasher, this.#context.network, bytes);
    } catch (error) {
      if (error instanceof ProtocolError) return error.code;
      throw error;
    }
  }

  #note(key: string): void {
    const [oldest] = this.#verified;
    if (oldest !== undefined && this.#verified.size >= mostVerified) this.#verified.delete(oldest);
    this.#verified.add(key);
  }
}
