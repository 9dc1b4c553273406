// What the application says to other nodes: TELL, ASK and commands of its own, to peers at once, to others as soon as they
// were reached. Chapter 5. Each message is a request with a number; what becomes of it is an event.

import { equalBytes } from "../bytes/index.js";
import { encodeMessage } from "../codec/index.js";
import { misuse, ProtocolError } from "../errors/index.js";
import { firstApplicationCommand } from "../framing/index.js";
import { Command, type Code } from "../gen/registry.js";
import type { Limits } from "../ports/index.js";
import type { Answer, OutgoingMessage, Session } from "../session/index.js";
import type { RequestEvent } from "./outputs.js";
import type { Reach } from "./reach.js";

export interface OutgoingContext {
  readonly nodeId: Uint8Array;
  readonly limits: Limits;
  readonly reach: Pick<Reach, "reach" | "isFull">;
  /** The session of a peer that was reported. */
  readonly sessionOf: (nodeId: Uint8Array) => Session | undefined;
  /** A message was refused by something full. */
  readonly refused: (by: object, isFull: () => boolean) => void;
  readonly emit: (event: RequestEvent) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** How a message is sent. */
export interface SendOptions {
  /** Compress it where that gains something: never for secrets beside text that others choose (2.5). */
  readonly compress?: boolean;
}

export interface AskOptions extends SendOptions {
  /** How long to wait for the answer, 1…86,400,000 ms. */
  readonly timeoutMs: number;
}

interface Sending {
  readonly target: Uint8Array;
  readonly message: OutgoingMessage;
  /** How long to wait for an answer; absent for one-way messages. */
  readonly timeoutMs?: number;
}

/** Takes the answer of a request instead of the application. */
type Done = (answer: Answer, session: Session) => void;

export class Outgoing {
  readonly #context: OutgoingContext;
  /** Requests that wait for their node to be reached. */
  readonly #waiting = new Map<number, Sending>();
  #waitingBytes = 0;
  /** How many of them wait no more. */
  #settled = 0;
  /** Tags of requests that wait for an answer. */
  readonly #asked = new Map<number, { session: Session; tag: number }>();
  #lastRequest = 0;

  constructor(context: OutgoingContext) {
    this.#context = context;
  }

  /** Sends a TELL. @throws {ProtocolError} MISUSE, QUEUE_FULL, TOO_LARGE */
  tell(target: Uint8Array, channel: string, payload: Uint8Array, { compress = false }: SendOptions = {}): number {
    const encoded = encodeMessage("Tell", { channel, payload });
    return this.#send({ target, message: { command: Command.TELL, payload: encoded, compress } });
  }

  /** Sends an ASK. @throws {ProtocolError} MISUSE, QUEUE_FULL, TOO_LARGE */
  ask(target: Uint8Array, channel: string, payload: Uint8Array, { compress = false, timeoutMs }: AskOptions): number {
    const encoded = encodeMessage("Ask", { channel, payload, timeoutMs });
    return this.#send({ target, message: { command: Command.ASK, payload: encoded, compress }, timeoutMs });
  }

  /**
   * Sends a one-way frame of a command of the application's, or a request with a time to wait.
   * @throws {ProtocolError} MISUSE, QUEUE_FULL, TOO_LARGE; UNREACHABLE for a node that is no peer
   */
  command(target: Uint8Array, command: number, payload: Uint8Array, timeoutMs?: number): number {
    if (!Number.isInteger(command) || command < firstApplicationCommand || command > 0xffff) {
      throw misuse(`${command} is no command of applications; use one from 32768 to 65535`);
    }
    const message = { command, payload, compress: false };
    return this.sendToPeer(timeoutMs === undefined ? { target, message } : { target, message, timeoutMs });
  }

  /** Sends to a peer and to nobody else. @throws {ProtocolError} MISUSE, QUEUE_FULL, TOO_LARGE */
  sendToPeer(sending: Sending, done?: Done): number {
    const request = ++this.#lastRequest;
    const session = this.#context.sessionOf(sending.target);
    if (session === undefined) this.#fail(request, "UNREACHABLE", "the node is no peer");
    else this.#hand(request, session, sending, done);
    return request;
  }

  /** The number of a request that somebody else carries out. */
  number(): number {
    return ++this.#lastRequest;
  }

  #send(sending: Sending): number {
    const { nodeId, reach, now } = this.#context;
    if (equalBytes(sending.target, nodeId)) throw misuse("a node does not send to itself");
    const session = this.#context.sessionOf(sending.target);
    if (session !== undefined) {
      // r[reach.peer] mutate: `this.#hand(++this.#lastRequest, session, sending)` => `++this.#lastRequest`
      this.#hand(++this.#lastRequest, session, sending);
      return this.#lastRequest;
    }
    this.#checkRoom(sending);
    const request = ++this.#lastRequest;
    // What is taken now is sent then, before anything that comes later.
    this.#waiting.set(request, { ...sending, message: { ...sending.message, isTaken: true } });
    this.#waitingBytes += sending.message.payload.length;
    reach.reach(sending.target, now(), (code) => this.#reached(request, code));
    return request;
  }

  /** @throws {ProtocolError} QUEUE_FULL when as much waits for a node, or for all, as a queue would take */
  #checkRoom({ target, message }: Sending): void {
    const { limits, reach, refused } = this.#context;
    let waitingForIt = 0;
    for (const waiting of this.#waiting.values()) {
      if (equalBytes(waiting.target, target)) waitingForIt += waiting.message.payload.length;
    }
    const isTooMuch = this.#waitingBytes > 0 && this.#waitingBytes + message.payload.length > limits.QUEUE_BYTES;
    if (!isTooMuch && !reach.isFull && waitingForIt < limits.QUEUE_HIGH_WATER_BYTES) return;
    const before = this.#settled;
    refused(this, () => this.#settled === before);
    throw new ProtocolError("QUEUE_FULL", "too much waits for nodes that are not reached yet; wait for some", {
      origin: "local",
    });
  }

  #reached(request: number, code: Code | undefined): void {
    this.#settled++;
    const sending = this.#waiting.get(request);
    if (sending === undefined) return;
    this.#forget(request, sending);
    const session = this.#context.sessionOf(sending.target);
    // r[reach.unreachable] mutate: `this.#fail(request, code,` => `void (request, code,`
    if (code !== undefined) return this.#fail(request, code, "the node was not found, or cannot be dialled");
    if (session === undefined) return this.#fail(request, "UNREACHABLE", "the node is no peer any more");
    try {
      this.#hand(request, session, sending);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#fail(request, error.code, error.what);
    }
  }

  #forget(request: number, sending: Sending): void {
    this.#waiting.delete(request);
    this.#waitingBytes -= sending.message.payload.length;
  }

  #hand(request: number, session: Session, sending: Sending, done?: Done): void {
    try {
      this.#handNow(request, session, sending, done);
    } catch (error) {
      if (error instanceof ProtocolError && error.code === "QUEUE_FULL") this.#noteRefused(session, error);
      throw error;
    }
  }

  #noteRefused(session: Session, { rule }: ProtocolError): void {
    const { refused } = this.#context;
    const { queue, outbox } = session;
    if (rule === "answer.in-flight") refused(outbox, () => session.state === "ready" && outbox.isAwaitingAll);
    else refused(queue, () => session.state === "ready" && outbox.isFull);
  }

  #handNow(request: number, session: Session, { message, timeoutMs }: Sending, done: Done | undefined): void {
    if (timeoutMs === undefined) {
      session.outbox.tell(message);
      return this.#context.emit({ type: "sent", request });
    }
    // r[ask.give-up] mutate: `timeoutMs` => `1e12`
    const dueAt = this.#context.now() + timeoutMs;
    const settle = (answer: Answer): void => {
      this.#asked.delete(request);
      if (done === undefined) this.#answered(request, answer);
      else done(answer, session);
    };
    this.#asked.set(request, { session, tag: session.outbox.request(message, { dueAt, done: settle }) });
  }

  #answered(request: number, answer: Answer): void {
    if ("failed" in answer) return this.#fail(request, answer.failed, answer.text);
    this.#context.emit({ type: "answered", request, payload: answer.payload });
  }

  #fail(request: number, code: Code, text: string): void {
    this.#context.emit({ type: "failed", request, code, text });
  }

  /** The application waits no longer: no event comes of the request. */
  giveUp(request: number): void {
    const sending = this.#waiting.get(request);
    if (sending !== undefined) {
      this.#forget(request, sending);
      this.#settled++;
    }
    const asked = this.#asked.get(request);
    this.#asked.delete(request);
    asked?.session.outbox.giveUp(asked.tag);
  }
}
