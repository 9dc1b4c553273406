// What the application wants of the table: write, delete, read, list, watch. Chapter 8. What is stored and what is newer the
// machines decide.

import { parseHex } from "../../bytes/index.js";
import {
  Lister,
  Reader,
  Writer,
  type Contact,
  type GroupResult,
  type ListContext,
  type ListerOutput,
  type ReaderOutput,
  type VersionsSeen,
  type WriterOutput,
} from "../../chord/index.js";
import type { Code } from "../../gen/registry.js";
import { isTombstone, keyIdOf, type TableRecord } from "../../identity/index.js";
import type { SignatureService } from "../../ports/index.js";
import type { EngineConfig } from "../engine-types.js";
import type { NodeEvent, RequestEvent } from "../outputs.js";
import type { TableClients } from "./clients.js";
import { RecordMaker } from "./record-maker.js";
import { Refreshes } from "./refreshes.js";
import type { TableGroup, TablePut } from "./table-view.js";
import type { Watches } from "./watches.js";

export interface TableServiceContext {
  readonly config: EngineConfig;
  readonly self: Contact;
  readonly signatures: SignatureService;
  readonly shape: ListContext;
  readonly seen: VersionsSeen;
  readonly clients: TableClients;
  /** For what nobody waits for. */
  readonly checks: TableClients;
  readonly watches: Watches;
  /** The number of a new request. */
  readonly number: () => number;
  readonly emit: (event: NodeEvent | RequestEvent) => void;
  /** Unix ms. */
  readonly now: () => number;
}

const none = new Uint8Array(0);

export class TableService {
  readonly #context: TableServiceContext;
  /** How to give up each operation under way, by the number of its request. */
  readonly #running = new Map<number, () => void>();

  readonly #maker: RecordMaker;
  readonly #refreshes: Refreshes;

  constructor(context: TableServiceContext) {
    this.#context = context;
    this.#maker = new RecordMaker(context);
    this.#refreshes = new Refreshes({
      read: (record, done) => this.#look(record, done),
      write: (record, done) => this.#renew(record, done),
      now: context.now,
    });
  }

  /** Id of a key, 32 new bytes. */
  keyIdOf(kind: number, key: Uint8Array): Uint8Array {
    const { hasher, network } = this.#context.config;
    return keyIdOf(hasher, network, kind, key);
  }

  /**
   * Writes a record, or deletes one; answers the number of the request: `stored` follows, or `failed`. What is given is kept.
   * @throws {ProtocolError} MISUSE when nobody would take the record
   */
  put(wish: TablePut): number {
    const unsigned = this.#maker.make(wish);
    const request = this.#context.number();
    // Whatever was kept under the key is replaced.
    this.#refreshes.forget(unsigned.keyId);
    this.#running.set(request, () => undefined);
    unsigned.finish((record) => {
      if (this.#running.has(request)) this.#write(request, record, wish);
    });
    return request;
  }

  #write(request: number, record: TableRecord, { isFast, isRefreshed }: TablePut): void {
    const { shape, seen, clients, emit } = this.#context;
    const writer = new Writer(shape, seen, { record, isFast });
    const heard = (output: Exclude<WriterOutput, { type: "lookup" | "ask" }>): void => {
      switch (output.type) {
        case "stored": {
          const { groups, holders, whole, newer } = output.result;
          const result = { groups: groups.map(groupOf), holders: holders.map(bytesOf), whole };
          // The others are written to still; nobody waits for that.
          this.#running.delete(request);
          if (isRefreshed && newer === undefined) this.#refreshes.add(record);
          return emit({ type: "stored", request, record, ...result, ...(newer === undefined ? {} : { newer }) });
        }
        case "failed": {
          const { groups, holders } = output.result;
          const held = groups.filter((group) => group.holders.length > 0).length;
          const text = `${held} of ${groups.length} groups and ${holders.length} nodes hold it; write it again`;
          // r[table.put.failed] mutate: `request, output.code,` => `request, "TIMEOUT",`
          return this.#fail(request, output.code, text);
        }
        case "newer":
          return emit({ type: "overwritten", record: output.record });
      }
    };
    this.#running.set(request, () => undefined);
    const giveUp = clients.run<WriterOutput>(writer, heard);
    if (this.#running.has(request)) this.#running.set(request, giveUp);
  }

  /** Reads for nobody: what `Refreshes` asks for. */
  #look({ kind, keyId }: TableRecord, done: (found: TableRecord | "UNREACHABLE" | undefined) => void): void {
    const { shape, seen, checks } = this.#context;
    checks.run<ReaderOutput>(new Reader(shape, seen, { kind, keyId, isCheck: true }), (output) =>
      done(output.type === "failed" ? "UNREACHABLE" : output.record),
    );
  }

  #renew(old: TableRecord, done: (written: TableRecord | undefined) => void): void {
    const { shape, seen, checks } = this.#context;
    this.#maker.renew(old).finish((record) => {
      checks.run<WriterOutput>(new Writer(shape, seen, { record }), ({ type }) => {
        if (type !== "newer") done(type === "stored" ? record : undefined);
      });
    });
  }

  #fail(request: number, code: Code, text: string): void {
    this.#running.delete(request);
    this.#context.emit({ type: "failed", request, code, text });
  }

  /** Reads a key; answers the number of the request: `got` follows, or `failed`. @param key of kind 2 with its owner in front. */
  get(kind: number, key: Uint8Array): number {
    const { shape, seen, emit } = this.#context;
    const reader = new Reader(shape, seen, { kind, keyId: this.keyIdOf(kind, key) });
    return this.#run<ReaderOutput>(reader, (output, request) => {
      // r[get.unreachable] mutate: `request, output.code,` => `request, "TIMEOUT",`
      // r[get.stale] mutate: `request, output.code,` => `request, "UNREACHABLE",`
      if (output.type === "failed") return this.#fail(request, output.code, readFailures[output.code] ?? "it failed");
      const { record, groups } = output;
      this.#running.delete(request);
      // r[get.tombstone] mutate: `isTombstone(record)` => `false`
      const found = record === undefined || isTombstone(record) ? {} : { record };
      emit({ type: "got", request, groups: groups.map(groupOf), ...found });
    });
  }

  /** Lists all keys; answers the number of the request: `listed` follows, or `failed`. */
  keys(): number {
    const { shape, self, emit } = this.#context;
    const lister = new Lister(shape, self.position);
    const keys: { kind: number; key: Uint8Array }[] = [];
    return this.#run<ListerOutput>(lister, (output, request) => {
      if (output.type === "keys") return void keys.push(...output.keys);
      if (output.type === "failed") return this.#fail(request, output.code, "a part of the ring could not be reached");
      this.#running.delete(request);
      emit({ type: "listed", request, keys });
    });
  }

  #run<Output extends { readonly type: string }>(
    machine: Parameters<TableClients["run"]>[0],
    heard: (output: Exclude<Output, { type: "lookup" | "ask" }>, request: number) => void,
  ): number {
    const request = this.#context.number();
    this.#running.set(request, () => undefined);
    const giveUp = this.#context.clients.run(machine, (output) =>
      heard(output as unknown as Exclude<Output, { type: "lookup" | "ask" }>, request),
    );
    if (this.#running.has(request)) this.#running.set(request, giveUp);
    return request;
  }

  /** Tells of each change of a key as a `changed` event, until the answer is called. */
  watch(keyId: Uint8Array): () => void {
    return this.#context.watches.add(keyId);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return this.#refreshes.deadline;
  }

  wake(now: number): void {
    this.#refreshes.wake(now);
  }

  stop(): void {
    this.#refreshes.stop();
  }

  /** The application waits no longer for a request. */
  giveUp(request: number): void {
    this.#running.get(request)?.();
    this.#running.delete(request);
  }
}

const readFailures: Partial<Readonly<Record<Code, string>>> = {
  UNREACHABLE: "none of the groups of the key could be reached",
  STALE: "the groups that answered have only older records than was read or written before",
};

function bytesOf(hex: string): Uint8Array {
  return parseHex(hex) ?? none;
}

function groupOf({ position, owner, state, holders }: GroupResult): TableGroup {
  return {
    position,
    ...(owner === undefined ? {} : { owner: bytesOf(owner) }),
    state,
    holders: holders.map(bytesOf),
  };
}
