// An honest node: the engine as it is, driven over virtual connections. What `runtime/drive.ts` does with sockets and threads
// happens here in virtual time: every input drains the engine, and what became writable is written at once.

import type { Engine, NodeEvent, Output } from "../engine/index.js";
import { plainChannel } from "../session/index.js";
import { Alarm } from "./alarm.js";
import type { End, Participant } from "./connection.js";
import type { EventQueue } from "./event-queue.js";
import { fakeSign, fakeVerify } from "./fake-signatures.js";
import type { Slab } from "./slab.js";

export interface SimNodeOptions {
  readonly index: number;
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
  readonly verifyUs: number;
  readonly queue: EventQueue;
  readonly slab: Slab;
  /** The node's own clock, unix ms. */
  readonly now: () => number;
  readonly event: (event: NodeEvent) => void;
  readonly dial: (dial: number, address: string) => void;
  /** A chunk leaves the node. */
  readonly sent: (end: End, chunk: Uint8Array) => void;
  /** Limit QUEUE_BYTES of the engine. */
  readonly queueBytes: number;
  /** Broadcasts were dropped; the queues of these connections are full. */
  readonly dropped: (count: number, ends: readonly End[]) => void;
}

type VerifyOutput = Extract<Output, { type: "verify" }>;

export class SimNode implements Participant {
  readonly index: number;
  readonly engine: Engine;
  readonly #options: SimNodeOptions;
  readonly #ends = new Map<number, End>();
  readonly #names = new Map<End, number>();
  readonly #writable = new Set<number>();
  readonly #ending = new Set<number>();
  readonly #prompt: VerifyOutput[] = [];
  /** Signatures under way. */
  verifying = 0;
  #lastName = 0;
  #dropped = 0;
  #isDraining = false;
  readonly #alarm: Alarm;
  /** Bytes a second that it reads, from when on, until when; it reads all there is outside of that. */
  #pace = { bytesPerSecond: 0, untilUs: 0 };
  /** The process is dead. */
  #isDead = false;

  constructor(engine: Engine, options: SimNodeOptions) {
    this.engine = engine;
    this.index = options.index;
    this.#options = options;
    this.#alarm = new Alarm({
      queue: options.queue,
      now: options.now,
      deadline: () => (this.#isDead ? undefined : engine.deadline),
      wake: () => this.input((_, now) => engine.wake(now)),
    });
  }

  /** Connections that are open. */
  get ends(): readonly End[] {
    return [...this.#ends.values()];
  }

  /** Bytes that wait for the fullest of its connections. */
  get mostPendingBytes(): number {
    let most = 0;
    for (const name of this.#ends.keys()) most = Math.max(most, this.engine.pendingBytes(name));
    return most;
  }

  /** The process dies; its connections are the world's affair. */
  die(): void {
    this.#isDead = true;
  }

  /** Reads at this pace from now on. */
  slowDown(bytesPerSecond: number, untilUs: number): void {
    this.#pace = { bytesPerSecond, untilUs };
  }

  /** Gives the engine an input, and carries out everything that it leads to. */
  input<T>(run: (engine: Engine, now: number) => T): T | undefined {
    if (this.#isDead) return undefined;
    const result = run(this.engine, this.#options.now());
    this.#drain();
    this.#alarm.lookSoon();
    return result;
  }

  opened(end: End, dial?: number): void {
    const name = ++this.#lastName;
    this.#ends.set(name, end);
    this.#names.set(end, name);
    const info = {
      role: end.isInitiator ? "initiator" : "responder",
      channel: plainChannel,
      hasHalfClose: true,
      inProcess: false,
      openingMs: 0,
      remoteAddress: `memory://sim-${end.other.owner.index}`,
    } as const;
    this.input((engine, now) => engine.open(name, dial === undefined ? info : { ...info, dial }, now));
  }

  receive(end: End, chunk: Uint8Array): boolean {
    const name = this.#names.get(end);
    if (name === undefined) return true;
    this.input((engine, now) => engine.receive(name, chunk, now));
    if (this.#options.queue.nowUs < this.#pace.untilUs) return this.#readLater(name, chunk.length);
    return !this.engine.isPaused(name);
  }

  /** A slow reader takes a while for each chunk. */
  #readLater(name: number, bytes: number): boolean {
    const { bytesPerSecond, untilUs } = this.#pace;
    const { queue } = this.#options;
    const takesUs = bytesPerSecond === 0 ? Infinity : Math.floor((bytes * 1_000_000) / bytesPerSecond);
    queue.at(Math.min(untilUs, queue.nowUs + takesUs), () => {
      if (!this.#isDead && !this.engine.isPaused(name)) this.#ends.get(name)?.resume();
    });
    return false;
  }

  otherSideEnded(end: End): void {
    this.#onName(end, (name) => this.input((engine, now) => engine.otherSideEnded(name, now)));
  }

  closed(end: End): void {
    this.#onName(end, (name) => {
      this.#forget(name, end);
      this.input((engine, now) => engine.closed(name, now));
    });
  }

  drained(end: End): void {
    this.#onName(end, (name) => {
      this.#writable.add(name);
      this.#drain();
    });
  }

  #onName(end: End, run: (name: number) => void): void {
    const name = this.#names.get(end);
    if (name !== undefined && !this.#isDead) run(name);
  }

  #forget(name: number, end: End): void {
    this.#ends.delete(name);
    this.#names.delete(end);
    this.#writable.delete(name);
    this.#ending.delete(name);
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    do {
      for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) this.#carryOut(output);
      // What is dropped was to be written.
      if (this.#writable.size > 0) this.#noteDrops();
    } while (this.#writeOne() || this.#verifyOne());
    this.#isDraining = false;
  }

  #carryOut(output: Output): void {
    switch (output.type) {
      case "event":
        if ("request" in output.event || "question" in output.event) return undefined;
        return this.#options.event(output.event);
      case "verify":
        return this.#verify(output);
      case "sign":
        return this.engine.complete(
          output.handle,
          fakeSign(this.#options.nodeId, output.request.message),
          this.#options.now(),
        );
      case "dial":
        return this.#options.dial(output.dial, output.address);
      case "write":
        return void this.#writable.add(output.link);
      case "resume":
        return this.#resumeSoon(output.link);
      case "end":
        this.#ending.add(output.link);
        this.#writable.add(output.link);
        return this.#resumeSoon(output.link);
      case "close":
        return this.#close(output.link);
      default:
        return undefined;
    }
  }

  #verify(output: VerifyOutput): void {
    this.verifying++;
    if (this.#options.verifyUs === 0) return void this.#prompt.push(output);
    const { queue, verifyUs } = this.#options;
    // What a signature covers is the engine's until the answer.
    const isValid = fakeVerify(output.request);
    queue.at(queue.nowUs + verifyUs, () => {
      this.verifying--;
      this.input((engine, now) => engine.complete(output.handle, isValid, now));
    });
  }

  #verifyOne(): boolean {
    const output = this.#prompt.shift();
    if (output === undefined) return false;
    this.verifying--;
    this.engine.complete(output.handle, fakeVerify(output.request), this.#options.now());
    return true;
  }

  #resumeSoon(name: number): void {
    const { queue } = this.#options;
    queue.at(queue.nowUs, () => {
      if (this.#isDead || this.engine.isPaused(name) || queue.nowUs < this.#pace.untilUs) return;
      this.#ends.get(name)?.resume();
    });
  }

  #close(name: number): void {
    const end = this.#ends.get(name);
    if (end === undefined) return;
    this.#forget(name, end);
    end.close();
  }

  /** Writes everything that waits for one connection that has room. */
  #writeOne(): boolean {
    const [name] = this.#writable;
    if (name === undefined) return false;
    this.#writable.delete(name);
    const end = this.#ends.get(name);
    if (end === undefined) return true;
    const pending = this.engine.pendingBytes(name);
    if (end.isFull) return true;
    if (pending > 0) {
      const buffer = this.#options.slab.room(Math.max(8, pending));
      const count = this.engine.fill(name, buffer, this.#options.now());
      this.#options.sent(end, count === buffer.length ? buffer : buffer.subarray(0, count));
    }
    if (this.#ending.delete(name)) end.end();
    return true;
  }

  #noteDrops(): void {
    const { dropped } = this.engine.counts;
    if (dropped === this.#dropped) return;
    const { queueBytes } = this.#options;
    const full = [...this.#ends].filter(([name]) => this.engine.pendingBytes(name) >= queueBytes);
    this.#options.dropped(
      dropped - this.#dropped,
      full.map(([, end]) => end),
    );
    this.#dropped = dropped;
  }
}
