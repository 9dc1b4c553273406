// Requests of this side in one session: which tags wait for an answer, which were given up and wait still. Section 2.3.

import { codeOfNumber, ProtocolError } from "../errors/index.js";
import type { Code } from "../gen/registry.js";
import type { Limits } from "../ports/index.js";

/** Outcome of a request: the payload of the answer, or the code for which there is none. */
export type Answer = { readonly payload: Uint8Array } | { readonly failed: Code; readonly text: string };

export interface RequestInit {
  readonly command: number;
  /** When to stop waiting, unix ms; Infinity for never. */
  readonly dueAt: number;
  done(answer: Answer): void;
}

export class Requests {
  readonly #limits: Limits;
  readonly #waiting = new Map<number, RequestInit>();
  /** Command of each request that was given up, by its tag. */
  readonly #givenUp = new Map<number, number>();
  /** Tags that were used and are free again. */
  readonly #free: number[] = [];
  #highest = 0;
  #due = Infinity;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Earliest time at which `wake` gives something up, unix ms, or a time before. */
  get next(): number {
    return this.#due;
  }

  /** Whether so many requests wait that the application may make no more. */
  get isFull(): boolean {
    return this.#waiting.size >= this.#limits.REQUESTS || this.isOverdrawn;
  }

  /** Whether so many requests were given up that the peer is as good as gone. */
  get isOverdrawn(): boolean {
    return this.#givenUp.size >= this.#limits.UNANSWERED;
  }

  /**
   * Takes a free tag for a request of the application.
   * @throws {ProtocolError} QUEUE_FULL (r[answer.in-flight])
   */
  open(request: RequestInit): number {
    // r[answer.in-flight]
    if (this.isFull) {
      throw new ProtocolError(
        "QUEUE_FULL",
        `${this.#waiting.size} requests wait for the peer's answers; wait for one`,
        {
          origin: "local",
          rule: "answer.in-flight",
        },
      );
    }
    return this.openOwn(request);
  }

  /** Takes a free tag for a request of the session itself. There always is one: REQUESTS and UNANSWERED see to that. */
  openOwn(request: RequestInit): number {
    const tag = this.#free.pop() ?? ++this.#highest;
    this.#waiting.set(tag, request);
    this.#due = Math.min(this.#due, request.dueAt);
    return tag;
  }

  /** Hands an answer to its request; false when no such request was sent. */
  settle(command: number, tag: number, answer: Answer): boolean {
    const waiting = this.#waiting.get(tag);
    if (waiting?.command === command) {
      this.#waiting.delete(tag);
      this.#free.push(tag);
      waiting.done(answer);
      return true;
    }
    return false;
  }

  /** Whether an answer belongs to a request that was given up: it is dropped unread, and its tag is free again. */
  dropLate(command: number, tag: number): boolean {
    // r[answer.late] mutate: always
    if (this.#givenUp.get(tag) !== command) return false;
    this.#givenUp.delete(tag);
    this.#free.push(tag);
    return true;
  }

  /** Gives up a request before its time. */
  giveUp(tag: number): void {
    const request = this.#waiting.get(tag);
    if (request === undefined) return;
    this.#waiting.delete(tag);
    // r[answer.reserved] mutate: `this.#givenUp.set(tag, request.command)` => `(this.#givenUp.set(tag, request.command), this.#free.push(tag))`
    this.#givenUp.set(tag, request.command);
    // Looked at as soon as can be: a session that is overdrawn ends.
    if (this.isOverdrawn) this.#due = -Infinity;
  }

  /** Gives up what is due. */
  wake(now: number): void {
    if (now < this.#due) return;
    this.#due = Infinity;
    for (const [tag, request] of Array.from(this.#waiting)) {
      if (request.dueAt > now) this.#due = Math.min(this.#due, request.dueAt);
      else {
        this.giveUp(tag);
        request.done({ failed: "TIMEOUT", text: "no answer in time" });
      }
    }
  }

  /** The session is over: nothing is answered any more. */
  end(code: Code, text: string): void {
    const waiting = Array.from(this.#waiting.values());
    this.#waiting.clear();
    this.#due = Infinity;
    for (const request of waiting) {
      // r[answer.ended]
      request.done({ failed: code, text });
    }
  }
}

/** The outcome that a FAILED answer tells. */
export function failure(code: number, text: string): Answer {
  return { failed: codeOfNumber(code), text };
}
