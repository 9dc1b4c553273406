// How a session opens: prefaces, HELLO and PROOF in their order, for both roles. Sections 3.1 to 3.4. Knows the steps; what
// a step means is judged by the handshake, and whether the session lives is its owner's.

import { Priority } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import { Handshake } from "./handshake.js";
import { PrefaceExchange } from "./preface-exchange.js";
import type { SessionContext, SessionInfo } from "./session-types.js";
import type { Session } from "./session.js";
import { earlyReaction, outOfOrder } from "./transitions.js";

/** What the opening asks of its session. */
export interface OpeningHost {
  readonly session: Pick<Session, "state" | "queue" | "hold">;
  enter(state: "hello" | "proof"): void;
  /** There is something to write. */
  writable(): void;
  refuse(error: unknown): void;
  receiveGoodbye(payload: Uint8Array): void;
  /** The peer has said what it takes. */
  introduced(): void;
  /** The peer is proven: whether it may stay. */
  admit(): boolean;
  /** Both are proven. */
  becomeReady(): void;
}

export class Opening {
  readonly #context: SessionContext;
  readonly #info: SessionInfo;
  readonly #host: OpeningHost;
  readonly handshake: Handshake;
  readonly prefaces = new PrefaceExchange();

  constructor(context: SessionContext, info: SessionInfo, host: OpeningHost) {
    this.#context = context;
    this.#info = info;
    this.#host = host;
    this.handshake = new Handshake(context, info);
  }

  get #isOver(): boolean {
    return !["preface", "hello", "proof"].includes(this.#host.session.state);
  }

  /** Begins: an initiator speaks at once. */
  open(): void {
    // r[session.open.responder]
    if (this.#info.role === "responder") return;
    // A responder that speaks before it has heard this side is not read before that either.
    const release = this.#host.session.hold();
    this.#context.withRecord((record) => {
      if (this.#isOver) return;
      // r[session.open.initiator]
      this.#sendHello(record);
      release();
    });
  }

  /** Takes bytes of the peer's preface; answers those behind it, or nothing while it is not whole. */
  takePreface(chunk: Uint8Array): Uint8Array | undefined {
    const received = this.prefaces.receive(chunk);
    if (received === undefined) return undefined;
    try {
      this.handshake.receivePreface(received.preface);
      this.#host.enter("hello");
      return received.rest;
    } catch (error) {
      this.#host.refuse(error);
      return undefined;
    }
  }

  /** @throws {ProtocolError} what refuses the frame */
  receive(command: number, payload: Uint8Array): void {
    switch (earlyReaction(this.#host.session.state as "hello" | "proof", command)) {
      case "goodbye":
        return this.#host.receiveGoodbye(payload);
      case "hello":
        return this.#receiveHello(payload);
      case "proof":
        return this.#receiveProof(payload);
      case "forbidden":
        throw outOfOrder(command, "session.early.order");
      default:
    }
  }

  #receiveHello(payload: Uint8Array): void {
    const release = this.#host.session.hold();
    this.handshake.receiveHello(payload, (error) => {
      if (this.#host.session.state !== "hello") return;
      if (error !== undefined) return this.#host.refuse(error);
      this.#host.enter("proof");
      this.#host.introduced();
      if (this.#info.role === "initiator") return release();
      // r[session.open.answer]
      this.#context.withRecord((record) => this.#answerHello(record, release));
    });
  }

  #answerHello(record: Uint8Array, done: () => void): void {
    if (this.#host.session.state !== "proof") return;
    this.#sendHello(record);
    this.#sendProof(done);
  }

  #sendHello(record: Uint8Array): void {
    this.prefaces.send(this.handshake.ownPreface);
    this.#send(Command.HELLO, this.handshake.makeHello(record, this.#context.now()));
  }

  #sendProof(done: () => void): void {
    this.handshake.makeProof((payload) => {
      if (this.#host.session.state !== "proof") return;
      this.#send(Command.PROOF, payload);
      done();
    });
  }

  #send(command: number, payload: Uint8Array): void {
    this.#host.session.queue.push(Priority.CONTROL, { command, flags: 0, tag: 0 }, payload);
    this.#host.writable();
  }

  #receiveProof(payload: Uint8Array): void {
    this.#host.session.hold();
    this.handshake.receiveProof(payload, (error) => {
      if (this.#host.session.state !== "proof") return;
      if (error !== undefined) return this.#host.refuse(error);
      if (!this.#host.admit()) return;
      if (this.#info.role === "initiator") this.#sendProof(() => this.#host.becomeReady());
      else this.#host.becomeReady();
    });
  }
}
