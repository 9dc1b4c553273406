// Records of the table as they come over the wire: found good, all but their time, or refused with a code. Section 8.2. What
// was read lately is not decoded again, and what was verified lately, or just is, not verified: a key's record comes from five
// groups, most often at once.

import { equalBytes, formatHex } from "../../bytes/index.js";
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
/** Records that are remembered whole: those of the few keys that are read at once. */
const mostRecent = 32;

interface Recent {
  readonly record: TableRecord;
  isVerified: boolean;
}

export class Records {
  readonly #context: RecordsContext;
  /** Digests with their signatures. */
  readonly #verified = new Set<string>();
  /** Who waits for a verification under way, by digest and signature. */
  readonly #waiting = new Map<string, ((refusal: Code | undefined) => void)[]>();
  /** In no order: each takes the place of the one that was read first. */
  readonly #recent: Recent[] = [];
  #oldest = 0;

  constructor(context: RecordsContext) {
    this.#context = context;
  }

  /** Reads a record; the bytes are copied. @param done called once, perhaps within this call: the record, or why it is refused. */
  read(bytes: Uint8Array, done: (record: TableRecord | Code) => void): void {
    const recent = this.#recall(bytes);
    if (typeof recent === "string") return done(recent);
    const { record } = recent;
    if (recent.isVerified) return done(record);
    const name = `${formatHex(record.digest)}${formatHex(record.signature)}`;
    recent.isVerified = this.#verified.has(name);
    if (recent.isVerified) return done(record);
    const end = (refusal: Code | undefined): void => {
      recent.isVerified = refusal === undefined;
      done(refusal ?? record);
    };
    const others = this.#waiting.get(name);
    if (others !== undefined) return void others.push(end);
    const waiting = [end];
    this.#waiting.set(name, waiting);
    verifyTableRecord(this.#context.signatures, record, (refusal) => {
      this.#waiting.delete(name);
      if (refusal === undefined) this.#note(name);
      for (const one of waiting) one(refusal);
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
    const recent = this.#recall(bytes);
    return typeof recent === "string" ? recent : recent.record;
  }

  /** What these very bytes are, decoded or remembered. */
  #recall(bytes: Uint8Array): Recent | Code {
    const known = this.#recent.find(({ record }) => equalBytes(record.bytes, bytes));
    if (known !== undefined) return known;
    try {
      const { hasher, network } = this.#context;
      const recent = { record: decodeTableRecord(hasher, network, bytes), isVerified: false };
      this.#recent[this.#oldest] = recent;
      this.#oldest = (this.#oldest + 1) % mostRecent;
      return recent;
    } catch (error) {
      if (error instanceof ProtocolError) return error.code;
      throw error;
    }
  }

  #note(name: string): void {
    const [oldest] = this.#verified;
    if (oldest !== undefined && this.#verified.size >= mostVerified) this.#verified.delete(oldest);
    this.#verified.add(name);
  }
}
