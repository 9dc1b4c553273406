// The one driver of stream connections: carries bytes and signatures between an engine and the outside, a batch a tick.
// Knows no protocol. Every input drains the engine; what became writable is written together before the loop sleeps.

import type { TableStore } from "../chord/index.js";
import type { Engine, NodeEvent, Output, QuestionEvent, RequestEvent } from "../engine/index.js";
import type { Connection } from "../transport/index.js";
import type { Clock } from "./clock.js";
import { signLater, verifyLater, verifyNow } from "./crypto.js";
import type { Identity } from "./identity.js";

/** Bytes handed to a connection at once. */
const batchBytes = 64 * 1024;
const longestTimerMs = 2 ** 31 - 1;

interface Link {
  readonly connection: Connection;
  /** The connection asked to wait for its drain. */
  isBlocked: boolean;
  /** The engine wants the sending direction ended after the last byte. */
  isEnding: boolean;
}

export interface DriverHooks {
  /** Where the node's part of the table is. */
  readonly store: Pick<TableStore, "write" | "read">;
  event(event: NodeEvent | RequestEvent | QuestionEvent): void;
  dial(dial: number, address: string): void;
}

type VerifyOutput = Extract<Output, { type: "verify" }>;

export class Driver {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #identity: Identity;
  readonly #hooks: DriverHooks;
  readonly #links = new Map<number, Link>();
  readonly #writable = new Set<number>();
  #lastLink = 0;
  #isFlushScheduled = false;
  #isDraining = false;
  #isArming = false;
  #verifying = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  #onIdle: (() => void) | undefined;
  #isStopped = false;

  constructor(engine: Engine, clock: Clock, identity: Identity, hooks: DriverHooks) {
    this.#engine = engine;
    this.#clock = clock;
    this.#identity = identity;
    this.#hooks = hooks;
  }

  /** Hands a connection to the engine. */
  attach(connection: Connection, role: "initiator" | "responder", dial?: number): void {
    const link = ++this.#lastLink;
    this.#links.set(link, { connection, isBlocked: false, isEnding: false });
    const { channel, hasHalfClose, inProcess, openingMs, remoteAddress } = connection;
    const facts = { role, channel, hasHalfClose, inProcess, openingMs, remoteAddress };
    const info = dial === undefined ? facts : { ...facts, dial };
    this.#engine.open(link, info, this.#clock.now());
    connection.start({
      data: (chunk) => this.#receive(link, chunk),
      end: () => this.#input(() => this.#engine.otherSideEnded(link, this.#clock.now())),
      close: () => this.#input(() => this.#engine.closed(link, this.#clock.now())),
      drain: () => this.#unblock(link),
    });
    this.drain();
  }

  /** Gives the engine an input, then everything out that it led to. */
  #input(run: () => void): void {
    run();
    this.drain();
  }

  #receive(link: number, chunk: Uint8Array): void {
    // A plain array: views of a Buffer cost several times as much.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#engine.receive(link, bytes, this.#clock.now());
    if (this.#engine.isPaused(link)) this.#links.get(link)?.connection.pause();
    this.drain();
  }

  /** Carries out what the engine has asked for. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      this.#carryOutAll();
    } finally {
      this.#isDraining = false;
      this.#armSoon();
    }
  }

  #carryOutAll(): void {
    const verifications: VerifyOutput[] = [];
    do {
      for (let output = this.#engine.poll(); output !== undefined; output = this.#engine.poll())
        this.#carryOut(output, verifications);
    } while (this.#verifyAll(verifications));
  }

  #carryOut(output: Output, verifications: VerifyOutput[]): void {
    switch (output.type) {
      case "event":
        return this.#hooks.event(output.event);
      case "verify":
        return void verifications.push(output);
      case "sign":
        return signLater(this.#identity.privateKey, output.request.message, (signature) =>
          this.#complete(output.handle, signature),
        );
      case "dial":
        return this.#hooks.dial(output.dial, output.address);
      case "store":
        return this.#hooks.store.write(output.write, (failure) =>
          this.#input(() => this.#engine.table(this.#clock.now()).stored(output.handle, failure)),
        );
      case "fetch":
        return this.#hooks.store.read(output.keyIds, (records) =>
          this.#input(() => this.#engine.table(this.#clock.now()).fetched(output.handle, records)),
        );
      case "write":
        return this.#schedule(output.link);
      case "resume":
        return this.#links.get(output.link)?.connection.resume();
      case "end":
        return this.#endLink(output.link);
      case "close":
        return this.#closeLink(output.link);
    }
  }

  /** A single verification with none under way is done inline, which is quickest; several go to other threads. */
  #verifyAll(verifications: VerifyOutput[]): boolean {
    const [only, ...others] = verifications.splice(0);
    if (only === undefined) return false;
    if (others.length === 0 && this.#verifying === 0) {
      const { key, message, signature } = only.request;
      this.#engine.complete(only.handle, verifyNow(key, message, signature), this.#clock.now());
      return true;
    }
    for (const { handle, request } of [only, ...others]) {
      this.#verifying++;
      verifyLater(request.key, request.message, request.signature, (valid) => {
        this.#verifying--;
        this.#complete(handle, valid);
      });
    }
    return false;
  }

  #complete(handle: number, result: boolean | Uint8Array): void {
    this.#input(() => this.#engine.complete(handle, result, this.#clock.now()));
  }

  #schedule(link: number): void {
    this.#writable.add(link);
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    setImmediate(() => {
      this.#isFlushScheduled = false;
      const links = [...this.#writable];
      this.#writable.clear();
      for (const writable of links) this.#flush(writable);
      this.drain();
    });
  }

  #flush(name: number): void {
    const link = this.#links.get(name);
    if (link === undefined) return;
    while (!link.isBlocked) {
      const pending = this.#engine.pendingBytes(name);
      if (pending === 0) break;
      const batch = Buffer.allocUnsafe(Math.min(batchBytes, Math.max(pending, 8)));
      const count = this.#engine.fill(name, batch, this.#clock.now());
      link.isBlocked = !link.connection.write(batch.subarray(0, count));
    }
    if (link.isEnding && this.#engine.pendingBytes(name) === 0) link.connection.end();
  }

  #unblock(name: number): void {
    const link = this.#links.get(name);
    if (link === undefined) return;
    link.isBlocked = false;
    this.#schedule(name);
  }

  #endLink(name: number): void {
    const link = this.#links.get(name);
    if (link === undefined) return;
    link.isEnding = true;
    link.connection.resume();
    this.#schedule(name);
  }

  #closeLink(name: number): void {
    this.#links.get(name)?.connection.close();
    this.#links.delete(name);
    if (this.#links.size === 0) this.#onIdle?.();
  }

  /** Looks at the deadline once per turn of the loop: the engine asks all its sessions for it. */
  #armSoon(): void {
    if (this.#isArming) return;
    this.#isArming = true;
    setImmediate(() => {
      this.#isArming = false;
      this.#arm();
    });
  }

  /** Sets the one timer to the engine's deadline. */
  #arm(): void {
    const due = this.#isStopped ? Infinity : (this.#engine.deadline ?? Infinity);
    if (due === this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = due;
    if (due === Infinity) return;
    const wait = Math.min(Math.max(0, due - this.#clock.now()), longestTimerMs);
    this.#timer = setTimeout(() => this.wake(), wait);
  }

  /** Lets the engine look at the time. */
  wake(): void {
    this.#timerAt = Infinity;
    this.#input(() => this.#engine.wake(this.#clock.now()));
  }

  /** Ends every session; resolves when all connections are closed. */
  async stop(): Promise<void> {
    this.#input(() => this.#engine.stop(this.#clock.now()));
    if (this.#links.size > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    this.#isStopped = true;
    this.#arm();
  }
}
