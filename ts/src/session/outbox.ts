// What a READY session sends of its own accord: PINGs, UPDATEs, and what the application says to the peer. Sections 2.3,
// 2.5, 3.6, 3.10 and 5.8. Refuses what the peer cannot take before anything is queued.

import { compress, encodeMessage } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import { Flag, Priority, type FrameQueue } from "../framing/index.js";
import { Command, Compression } from "../gen/registry.js";
import type { Limits } from "../ports/index.js";
import type { Offer, Offers } from "./offer.js";
import type { Answer, RequestInit, Requests } from "./requests.js";

const empty = new Uint8Array(0);
/** What this node compresses with. */
const formats: readonly number[] = [Compression.DEFLATE, Compression.GZIP, Compression.ZLIB];

export interface OutboxParts {
  readonly limits: Limits;
  readonly queue: FrameQueue;
  readonly offers: Offers;
  readonly requests: Requests;
  /** Unix ms. */
  readonly now: () => number;
  readonly send: (priority: Priority, command: number, flags: number, tag: number, payload: Uint8Array) => boolean;
}

/** A message of the application, encoded. */
export interface OutgoingMessage {
  readonly command: number;
  readonly payload: Uint8Array;
  /** Compress it where that gains something and the peer takes it: r[compress.asked]. */
  readonly compress: boolean;
  /** Taken before the peer was there: sent though its queue is full by now. */
  readonly isTaken?: boolean;
}

export class Outbox {
  readonly #parts: OutboxParts;
  /** The newest offer, as long as an UPDATE cannot be sent because another is not answered. */
  #nextUpdate: { record: Uint8Array; offer: Offer } | undefined;
  #isUpdating = false;
  /** Round trip of the last PING that was answered, milliseconds. */
  rttMs: number | undefined;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Asks for a sign of life, and measures how long it takes. */
  ping(): void {
    const { now } = this.#parts;
    const sentAt = now();
    this.#ask(Command.PING, empty, (answer) => {
      if ("failed" in answer) return;
      this.rttMs = now() - sentAt;
      if (!this.#isUpdating) this.#updateAgain();
    });
  }

  /** Tells the peer what this side takes from now on, and who it is; waits for the answer to an earlier one. */
  update(record: Uint8Array, offer: Offer): void {
    // r[session.update.announce] also mutate: always
    if (this.#isUpdating) return void (this.#nextUpdate = { record, offer });
    this.#isUpdating = true;
    this.#parts.offers.announce(offer);
    const payload = encodeMessage("Update", { ...offer, compressions: [...offer.compressions], record });
    this.#ask(Command.UPDATE, payload, (answer) => {
      this.#isUpdating = false;
      if ("failed" in answer) {
        this.#nextUpdate ??= { record, offer };
        return;
      }
      this.#parts.offers.settle(offer);
      this.#updateAgain();
    });
  }

  /** Sends what could not be sent while an earlier UPDATE was not answered, or one that failed: both offers hold till then. */
  #updateAgain(): void {
    const next = this.#nextUpdate;
    this.#nextUpdate = undefined;
    if (next !== undefined) this.update(next.record, next.offer);
  }

  #ask(command: number, payload: Uint8Array, done: (answer: Answer) => void): void {
    const tag = this.#parts.requests.openOwn({ command, dueAt: Infinity, done });
    this.#parts.send(Priority.CONTROL, command, Flag.REQUEST, tag, payload);
  }

  /** Queues a one-way message. @throws {ProtocolError} QUEUE_FULL (r[send.busy]), TOO_LARGE (r[send.too-large]) */
  tell(message: OutgoingMessage): void {
    this.#check(message);
    const { flags, payload } = this.pack(message);
    // r[tell.order] mutate: `Priority.OWN` => `((this.flip = !this.flip) ? 2 : 1)`
    this.#parts.send(Priority.OWN, message.command, flags, 0, payload);
  }

  /**
   * Queues a request; answers its tag, for `giveUp`.
   * @throws {ProtocolError} QUEUE_FULL (r[send.busy], r[answer.in-flight]), TOO_LARGE (r[send.too-large])
   */
  request(message: OutgoingMessage, init: Omit<RequestInit, "command">): number {
    this.#check(message);
    const { flags, payload } = this.pack(message);
    const tag = this.#parts.requests.open({ ...init, command: message.command, done: (answer) => init.done(answer) });
    this.#parts.send(Priority.OWN, message.command, Flag.REQUEST | flags, tag, payload);
    return tag;
  }

  /** Queues a request of the node's own, before what the application says; answers its tag, or nothing when it cannot be made now. */
  inquire(command: number, payload: Uint8Array, init: Omit<RequestInit, "command">): number | undefined {
    if (this.isAwaitingAll) return undefined;
    const tag = this.#parts.requests.openOwn({ ...init, command, done: (answer) => init.done(answer) });
    this.#parts.send(Priority.CONTROL, command, Flag.REQUEST, tag, payload);
    return tag;
  }

  /** Waits no longer for the answer to a request: r[answer.late]. */
  giveUp(tag: number): void {
    this.#parts.requests.giveUp(tag);
  }

  /** Whether the queue takes nothing more of the application's: r[send.busy]. */
  get isFull(): boolean {
    return this.#parts.queue.bytes >= this.#parts.limits.QUEUE_HIGH_WATER_BYTES;
  }

  /** Whether so many requests wait for their answers that no more may be made: r[answer.in-flight]. */
  get isAwaitingAll(): boolean {
    return this.#parts.requests.isFull;
  }

  #check({ payload, isTaken = false }: OutgoingMessage): void {
    const { queue, offers } = this.#parts;
    // r[send.too-large]
    if (payload.length > offers.peer.receiveLimit) {
      throw new ProtocolError(
        "TOO_LARGE",
        `${payload.length} bytes where the peer takes ${offers.peer.receiveLimit}; send less at once`,
        { origin: "local", rule: "send.too-large" },
      );
    }
    // r[send.busy]
    if (!isTaken && this.isFull) {
      throw new ProtocolError("QUEUE_FULL", `${queue.bytes} bytes wait for this peer; wait for the drain event`, {
        origin: "local",
        rule: "send.busy",
      });
    }
  }

  /** The payload as it is sent, and the compression in the flags. */
  pack(message: Pick<OutgoingMessage, "payload" | "compress">): { flags: number; payload: Uint8Array } {
    const plain = { flags: 0, payload: message.payload };
    // r[compress.asked]
    if (!message.compress) return plain;
    // r[compress.sender] mutate: `this.#parts.offers.peer.compressions` => `[1]`
    const format = this.#parts.offers.peer.compressions.find((id) => formats.includes(id));
    const packed = format === undefined ? undefined : compress(format, message.payload);
    return packed === undefined || format === undefined ? plain : { flags: format, payload: packed };
  }
}
