// One walk around the ring that lists keys: section 8.6 as a client sees it. Goes from member to member and from page to page
// until it is where it began.

import type { Contact } from "../contact.js";
import { owned } from "../intervals.js";
import type { Position } from "../position.js";
import type { ListerOutput } from "./client-types.js";
import type { KeyName, Refusal, ScanAnswer, TableAnswer, TableContext } from "./table-types.js";

export interface ListContext extends TableContext {
  /** Id of a key (r[key.id]). */
  readonly keyIdOf: (kind: number, key: Uint8Array) => Uint8Array;
}

/** Waits before the lookups after the first of a member that does not answer. */
const retryWaitsMs = [0, 500, 1_500];

export class Lister {
  readonly #context: ListContext;
  readonly #start: Position;
  readonly #outputs: ListerOutput[] = [];
  /** Behind which position the next keys lie. */
  #after: Position;
  #asked: Contact | undefined;
  /** What is waited for; 0 when nothing is. */
  #handle = 0;
  #tries = 0;
  #retryAt = Infinity;
  #isDone = false;

  /** @param start where on the ring it begins. */
  constructor(context: ListContext, start: Position) {
    this.#context = context;
    this.#start = start;
    this.#after = start;
  }

  begin(now: number): void {
    void now;
    this.#lookUp();
  }

  #lookUp(): void {
    this.#tries++;
    this.#retryAt = Infinity;
    // The owner of what comes next.
    this.#outputs.push({ type: "lookup", handle: ++this.#handle, target: this.#after.plusPowerOfTwo(0) });
  }

  #scan(to: Contact): void {
    this.#asked = to;
    this.#outputs.push({ type: "ask", handle: ++this.#handle, to, request: { command: "SCAN", after: this.#after } });
  }

  found(handle: number, owners: readonly Contact[], now: number): void {
    const [owner] = owners;
    if (handle !== this.#handle || this.#isDone) return;
    if (owner === undefined) this.#retry(now);
    else this.#scan(owner);
  }

  /** A lookup has failed. */
  lost(handle: number, now: number): void {
    if (handle === this.#handle && !this.#isDone) this.#retry(now);
  }

  /** No answer, or none that may be used. */
  failed(handle: number, code: Refusal, now: number): void {
    void code;
    if (handle === this.#handle && !this.#isDone) this.#retry(now);
  }

  #retry(now: number): void {
    const waitMs = retryWaitsMs[this.#tries - 1];
    if (waitMs === 0) return this.#lookUp();
    if (waitMs !== undefined) {
      this.#retryAt = now + waitMs;
      return;
    }
    this.#isDone = true;
    this.#outputs.push({ type: "failed", code: "UNREACHABLE" });
  }

  answered(handle: number, answer: TableAnswer, now: number): void {
    const member = this.#asked;
    if (handle !== this.#handle || this.#isDone || member === undefined || answer.command !== "SCAN") return;
    this.#tries = 0;
    const before = this.#after;
    const last = this.#take(answer, member);
    const next = answer.more && last !== undefined ? last : member.position;
    // Round: a member that names a last key before the first one is passed over.
    // r[scan.next] mutate: always
    if (this.#isRound(before, next)) return this.#end();
    this.#after = next;
    if (next === member.position) this.#lookUp();
    else this.#scan(member);
    void now;
  }

  /** Hands over the keys of a page; answers the position of the last one. */
  #take({ keys }: ScanAnswer, member: Contact): Position | undefined {
    const taken: KeyName[] = [];
    let last: Position | undefined;
    for (const name of keys) {
      const position = this.#context.positionOf(this.#context.keyIdOf(name.kind, name.key), 0);
      if (!owned(last ?? this.#after, position, member.position)) continue;
      last = position;
      if (this.#isBeforeEnd(position)) taken.push(name);
    }
    if (taken.length > 0) this.#outputs.push({ type: "keys", keys: taken });
    return last;
  }

  /** Whether a position behind the present one is reached before the beginning again. */
  #isBeforeEnd(position: Position): boolean {
    return owned(this.#after, position, this.#start);
  }

  /** Whether the way from one position to the next goes past the beginning. */
  #isRound(from: Position, to: Position): boolean {
    return owned(from, this.#start, to);
  }

  #end(): void {
    this.#isDone = true;
    this.#outputs.push({ type: "end" });
  }

  wake(now: number): void {
    if (now >= this.#retryAt) this.#lookUp();
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return this.#isDone ? Infinity : this.#retryAt;
  }

  poll(): ListerOutput | undefined {
    return this.#outputs.shift();
  }

  /** Nothing more is waited for. */
  get isDone(): boolean {
    return this.#isDone;
  }
}
