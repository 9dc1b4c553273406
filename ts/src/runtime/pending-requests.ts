// Requests of the application that have an outcome to come: promises by the number that the engine gave them.

import { ProtocolError, type ErrorOrigin } from "../errors/index.js";
import type { RequestEvent } from "../engine/index.js";
import type { Code } from "../gen/registry.js";

/** Who causes what a request fails with; others are the peer's. */
const originOf: Partial<Readonly<Record<Code, ErrorOrigin>>> = {
  TIMEOUT: "timeout",
  UNREACHABLE: "transport",
  LOST: "transport",
  QUEUE_FULL: "local",
};

interface Pending {
  resolve(event: Exclude<RequestEvent, { type: "failed" }>): void;
  reject(error: unknown): void;
}

/** Whose requests they are. */
export interface RequestsOwner<Engine> {
  /** The part of the engine that takes them, with the time told. @throws {ProtocolError} CLOSED */
  engine(): Engine;
  /** Carries out what the engine asks for now. */
  drain(): void;
}

export class PendingRequests<Engine> {
  readonly #owner: RequestsOwner<Engine>;
  readonly #giveUp: (engine: Engine, request: number) => void;
  readonly #pending = new Map<number, Pending>();
  /** Outcomes that came before anybody could wait for them: within the call that made the request. */
  readonly #early = new Map<number, RequestEvent>();
  /** Calls that are being made, one within the other. */
  #starting = 0;

  /** @param giveUp tells the engine that nobody waits any more. */
  constructor(owner: RequestsOwner<Engine>, giveUp: (engine: Engine, request: number) => void) {
    this.#owner = owner;
    this.#giveUp = giveUp;
  }

  /**
   * Makes a request and waits for its outcome.
   * @param start makes the request and answers its number; may throw.
   */
  async run(
    start: (engine: Engine) => number,
    signal: AbortSignal | undefined,
  ): Promise<Exclude<RequestEvent, { type: "failed" }>> {
    signal?.throwIfAborted();
    const request = this.#start(start);
    const outcome = new Promise<Exclude<RequestEvent, { type: "failed" }>>((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
    });
    const abort = (): void => {
      if (!this.#pending.has(request)) return;
      this.#abandon(request);
      this.#pending.get(request)?.reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    const early = this.#early.get(request);
    if (this.#starting === 0) this.#early.clear();
    if (early !== undefined) this.settle(early);
    try {
      return await outcome;
    } finally {
      this.#pending.delete(request);
      signal?.removeEventListener("abort", abort);
    }
  }

  #abandon(request: number): void {
    try {
      this.#giveUp(this.#owner.engine(), request);
      this.#owner.drain();
    } catch (error) {
      // A node that is being closed has given everything up.
      if (!(error instanceof ProtocolError && error.code === "CLOSED")) throw error;
    }
  }

  #start(start: (engine: Engine) => number): number {
    this.#starting++;
    try {
      const request = start(this.#owner.engine());
      this.#owner.drain();
      return request;
    } finally {
      this.#starting--;
    }
  }

  /** The outcome of a request has come. */
  settle(event: RequestEvent): void {
    const pending = this.#pending.get(event.request);
    if (pending === undefined) {
      if (this.#starting > 0) this.#early.set(event.request, event);
      return;
    }
    if (event.type !== "failed") return pending.resolve(event);
    const origin = originOf[event.code] ?? "remote";
    pending.reject(new ProtocolError(event.code, event.text, { origin }));
  }

  /** The node is closed: nothing comes any more. */
  close(): void {
    for (const pending of this.#pending.values()) {
      pending.reject(new ProtocolError("CLOSED", "the node is closed; make another one", { origin: "local" }));
    }
    this.#pending.clear();
  }
}
