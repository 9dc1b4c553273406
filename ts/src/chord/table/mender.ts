// One check of a key by a member that holds it, for nobody: r[sync.cross]. Looks who its holders are; reads it, which mends the
// groups that are behind; and writes it again, unchanged, where chains have come to lie on too few nodes.

import { Limit } from "../../gen/registry.js";
import { timeDefect, type TableRecord } from "../../identity/index.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";
import type { ClientOutput, ReaderOutput, WriterOutput } from "./client-types.js";
import { Reader } from "./reader.js";
import type { Refusal, TableAnswer, TableContext } from "./table-types.js";
import type { VersionsSeen } from "./versions-seen.js";
import { compareVersions } from "./versions.js";
import { Writer } from "./writer.js";

export interface MendWish {
  readonly kind: number;
  readonly keyId: Uint8Array;
  /** Read in any case, not only where the groups lie on too few nodes. */
  readonly isDeep: boolean;
  /** A record that is written when the groups have nothing that is as new. */
  readonly record?: TableRecord | undefined;
}

export type MenderOutput =
  | ClientOutput
  /** Done, whatever came of it; once. */
  | { readonly type: "mended" };

type Machine = Reader | Writer;
type Waiting = { readonly machine: Machine; readonly handle: number } | { readonly target: Position };

export class Mender {
  readonly #context: TableContext;
  readonly #seen: VersionsSeen;
  readonly #wish: MendWish;
  readonly #outputs: MenderOutput[] = [];
  readonly #waiting = new Map<number, Waiting>();
  /** Nodes that hold it, as far as lookups show. */
  readonly #holders = new Set<string>();
  /** What was found, until it has been used: nobody looks up the same twice in a moment. */
  readonly #found: { readonly target: Position; readonly owners: readonly Contact[] }[] = [];
  #next = 1;
  #lookups = 0;
  #machine: Machine | undefined;
  #record: TableRecord | undefined;
  #isDone = false;

  constructor(context: TableContext, seen: VersionsSeen, wish: MendWish) {
    this.#context = context;
    this.#seen = seen;
    this.#wish = wish;
  }

  begin(now: number): void {
    void now;
    const { shape, positionOf } = this.#context;
    this.#lookups = shape.tables;
    for (let position = 0; position < shape.tables; position++) {
      const target = positionOf(this.#wish.keyId, position);
      this.#outputs.push({ type: "lookup", handle: this.#wait({ target }), target, isTentative: true });
    }
  }

  #wait(waiting: Waiting): number {
    this.#waiting.set(this.#next, waiting);
    return this.#next++;
  }

  #take(handle: number): Waiting | undefined {
    const waiting = this.#waiting.get(handle);
    this.#waiting.delete(handle);
    return waiting;
  }

  found(handle: number, owners: readonly Contact[], now: number): void {
    const waiting = this.#take(handle);
    if (waiting === undefined) return;
    if (!("target" in waiting)) return this.#turn(waiting, now, (machine, inner) => machine.found(inner, owners, now));
    for (const { key } of owners.slice(0, this.#context.shape.copies)) this.#holders.add(key);
    this.#found.push({ target: waiting.target, owners });
    this.#looked(now);
  }

  /** A lookup has failed. */
  lost(handle: number, now: number): void {
    const waiting = this.#take(handle);
    if (waiting === undefined) return;
    if ("target" in waiting) this.#looked(now);
    else this.#turn(waiting, now, (machine, inner) => machine.lost(inner, now));
  }

  answered(handle: number, answer: TableAnswer, now: number): void {
    const waiting = this.#take(handle);
    if (waiting === undefined || "target" in waiting) return;
    this.#turn(waiting, now, (machine, inner) => machine.answered(inner, answer, now));
  }

  failed(handle: number, code: Refusal, now: number): void {
    const waiting = this.#take(handle);
    if (waiting === undefined || "target" in waiting) return;
    this.#turn(waiting, now, (machine, inner) => machine.failed(inner, code, now));
  }

  #turn(
    { machine, handle }: Extract<Waiting, { readonly machine: Machine }>,
    now: number,
    input: (machine: Machine, handle: number) => void,
  ): void {
    input(machine, handle);
    this.#drain(now);
  }

  get #isSpread(): boolean {
    return this.#holders.size >= Limit.PUT_NODES;
  }

  #looked(now: number): void {
    this.#lookups--;
    if (this.#lookups > 0) return;
    if (this.#isSpread && !this.#wish.isDeep) return this.#end();
    const { kind, keyId } = this.#wish;
    this.#run(new Reader(this.#context, this.#seen, { kind, keyId, isCheck: true }), now);
  }

  #run(machine: Machine, now: number): void {
    this.#machine = machine;
    machine.begin(now);
    this.#drain(now);
  }

  #drain(now: number): void {
    const machine = this.#machine;
    if (machine === undefined) return;
    for (let output = machine.poll(); output !== undefined; output = machine.poll()) this.#carry(machine, output, now);
    if (!machine.isDone || this.#isDone) return;
    this.#machine = undefined;
    const record = this.#toWrite(now);
    if (machine instanceof Writer || record === undefined) return this.#end();
    this.#run(new Writer(this.#context, this.#seen, { record }), now);
  }

  #toWrite(now: number): TableRecord | undefined {
    const [read, offered] = [this.#record, this.#wish.record];
    // r[sync.astray] mutate: `offered !== undefined` => `false`
    const isNewer = offered !== undefined && (read === undefined || compareVersions(offered, read) > 0);
    // r[sync.nodes] mutate: `this.#isSpread ? undefined : read` => `undefined`
    if (!isNewer || timeDefect(offered, this.#context.shape.maxTtl, now) !== undefined)
      return this.#isSpread ? undefined : read;
    return offered;
  }

  #carry(machine: Machine, output: ReaderOutput | WriterOutput, now: number): void {
    const owners = output.type === "lookup" ? this.#takeFound(output.target) : undefined;
    if (output.type === "lookup" && owners !== undefined) machine.found(output.handle, owners, now);
    else if (output.type === "lookup" || output.type === "ask") {
      this.#outputs.push({ ...output, handle: this.#wait({ machine, handle: output.handle }) });
    } else if (output.type === "got") this.#record = output.record;
  }

  #takeFound(target: Position): readonly Contact[] | undefined {
    const at = this.#found.findIndex((found) => found.target.equals(target));
    return at < 0 ? undefined : this.#found.splice(at, 1)[0]?.owners;
  }

  #end(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#outputs.push({ type: "mended" });
  }

  wake(now: number): void {
    this.#machine?.wake(now);
    this.#drain(now);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return this.#machine?.deadline ?? Infinity;
  }

  poll(): MenderOutput | undefined {
    return this.#outputs.shift();
  }

  /** Nothing more is waited for. */
  get isDone(): boolean {
    return this.#isDone;
  }
}
