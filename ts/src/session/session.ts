// One connection to one peer, from the first byte to its end: chapter 3. Bytes and time in; frames, reports and wishes out
// through the owner. Knows nothing of other sessions, of flooding, or of sockets.

import type { Message } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import { FrameQueue, FrameReader, Priority } from "../framing/index.js";
import { Command, type Code } from "../gen/registry.js";
import type { PeerRecord } from "../identity/index.js";
import { ControlFrames, type Frame } from "./control.js";
import { Deadlines } from "./deadlines.js";
import { decodeGoodbye, encodeGoodbye } from "./goodbye.js";
import { Handshake } from "./handshake.js";
import { ownReceiveLimit } from "./hello.js";
import { PrefaceExchange } from "./preface-exchange.js";
import type { SessionContext, SessionEnd, SessionInfo, SessionOwner } from "./session-types.js";
import { earlyReaction, outOfOrder, readyReaction, type Reaction, type SessionState } from "./transitions.js";

export class Session {
  readonly info: SessionInfo;
  readonly queue = new FrameQueue();
  readonly #context: SessionContext;
  readonly #owner: SessionOwner;
  readonly #handshake: Handshake;
  readonly #reader: FrameReader;
  readonly #prefaces = new PrefaceExchange();
  readonly #deadlines: Deadlines;
  readonly #control = new ControlFrames((command, flags, tag, payload) => {
    this.send(Priority.CONTROL, command, flags, tag, payload);
  });
  #state: SessionState = "preface";
  /** Waiting for a signature, or for the lane before an error is told: nothing is read. */
  #blocked = false;
  #carried = false;
  /** Longest payload the peer takes. */
  #peerLimit: number;
  #otherSideEnded = false;
  #endedAs: SessionEnd | undefined;

  constructor(context: SessionContext, owner: SessionOwner, info: SessionInfo) {
    this.#context = context;
    this.#owner = owner;
    this.info = info;
    this.#handshake = new Handshake(context, info);
    // r[session.early.size] mutate: `context.limits.PRE_READY_PAYLOAD_BYTES` => `ownReceiveLimit(context.network, context.limits)`
    this.#reader = new FrameReader(context.limits.PRE_READY_PAYLOAD_BYTES, "session.early.size");
    this.#peerLimit = context.limits.PRE_READY_PAYLOAD_BYTES;
    this.#deadlines = new Deadlines(context.limits, context.now());
  }

  /** Unix ms. */
  get #now(): number {
    return this.#context.now();
  }

  get state(): SessionState {
    return this.#state;
  }

  /** A frame has come after the peer's proof. */
  get hasCarried(): boolean {
    return this.#carried;
  }

  get peer(): PeerRecord | undefined {
    return this.#handshake.peer?.record;
  }

  get peerHello(): Message<"Hello"> | undefined {
    return this.#handshake.peer?.hello;
  }

  get isInHandshake(): boolean {
    return this.#state === "preface" || this.#state === "hello" || this.#state === "proof";
  }

  /** Begins: an initiator speaks at once. */
  open(): void {
    // r[session.open.responder]
    if (this.info.role === "responder") return;
    // A responder that speaks before it has heard this side is not read before that either.
    this.#blocked = true;
    this.#context.withRecord((record) => {
      if (!this.isInHandshake) return;
      // r[session.open.initiator]
      this.#sendHello(record);
      this.#unblock();
    });
  }

  /** Takes bytes; they are only looked at during the call. */
  receive(chunk: Uint8Array): void {
    if (this.#state === "closed" || (this.#state === "closing" && !this.#isBeatenRival)) return;
    const rest = this.#state === "preface" ? this.#takePreface(chunk) : chunk;
    if (rest === undefined) return;
    this.#reader.push(rest);
    this.#pump();
    this.#reader.hold();
  }

  /** The other side has ended its direction. */
  otherSideEnded(): void {
    this.#otherSideEnded = true;
    this.#pump();
  }

  /** The connection is no more: what was still to be written never will be. */
  lost(): void {
    this.queue.clear();
    this.otherSideEnded();
    if (this.#state === "closing") this.#disconnect();
  }

  /** Ended here in favour of a rival: broadcasts that are read still count. */
  get #isBeatenRival(): boolean {
    return this.#endedAs?.code === "DUPLICATE" && this.#endedAs.by === "local";
  }

  /** Goes on reading after a pause. */
  resume(): void {
    this.#pump();
    this.#reader.hold();
  }

  get isPaused(): boolean {
    if (this.#state === "closed" || (this.#state === "closing" && !this.#isBeatenRival)) return false;
    return this.#blocked || this.#owner.isCongested(this);
  }

  /** Writes what is due into `target`; answers how many bytes. */
  fill(target: Uint8Array): number {
    const offset = this.queue.fill(target, this.#prefaces.fill(target));
    this.#deadlines.noteQueue(this.queue.bytes, this.#now);
    if (this.#state === "closing" && this.queue.bytes === 0) this.#awaitOtherSide();
    return offset;
  }

  get pendingBytes(): number {
    return this.#prefaces.pendingBytes + this.queue.bytes;
  }

  /** Earliest time at which `wake` has something to do, unix ms; Infinity for none. */
  get deadline(): number {
    return this.#deadlines.next;
  }

  wake(): void {
    const { HANDSHAKE_MS, QUEUE_FULL_MS } = this.#context.limits;
    // r[session.timeout]
    if (this.#deadlines.isHandshakeOver(this.#now)) this.end("TIMEOUT", `no session within ${HANDSHAKE_MS} ms`);
    // r[session.slow]
    if (this.#deadlines.isFullTooLong(this.#now)) this.end("SLOW", `its queue was full for ${QUEUE_FULL_MS} ms`);
    if (this.#deadlines.isCloseDue(this.#now)) this.#disconnect();
  }

  /** Queues a frame of a READY session; false when it may not be sent. */
  send(priority: Priority, command: number, flags: number, tag: number, payload: Uint8Array): boolean {
    // r[session.goodbye.last] also
    if (this.#state === "closing" || this.#state === "closed") return false;
    // r[session.limit.sender]
    if (payload.length > this.#peerLimit) return false;
    this.queue.push(priority, { command, flags, tag }, payload);
    this.#deadlines.noteQueue(this.queue.bytes, this.#now);
    this.#owner.writable(this);
    return true;
  }

  /** Ends the session from this side: section 3.7. One that is ending already only hurries when the node stops. */
  end(code: Code, text = ""): void {
    if (this.#state === "closing" && code === "CLOSED") return this.#deadlines.hurry(this.#now);
    if (this.#state === "closing" || this.#state === "closed") return;
    const wasReady = this.#state === "ready";
    const silent = this.#state === "preface" && code !== "NO_VERSION";
    this.#finish({ code, by: "local", text });
    // r[session.open.scanner]
    if (silent) return this.#disconnect();
    // What is queued is owed to a peer that did nothing wrong: r[session.goodbye.drop] allows to drop the rest.
    if (wasReady && code !== "CLOSED" && code !== "DUPLICATE") this.queue.clear();
    // r[session.refuse.preface]
    this.#prefaces.send(this.#handshake.ownPreface);
    // r[session.refuse.goodbye]
    this.queue.push(Priority.RELAY, { command: Command.GOODBYE, flags: 0, tag: 0 }, encodeGoodbye(code, text));
    // r[session.goodbye.last] mutate: `this.#endDirection()` => `(this.queue.push(Priority.RELAY, { command: 32769, flags: 0, tag: 0 }, new Uint8Array()), this.#endDirection())`
    // r[session.goodbye.half]
    this.#endDirection();
  }

  #endDirection(): void {
    this.#owner.endDirection(this);
    this.#owner.writable(this);
    this.#deadlines.beginClose(this.#now, this.#endedAs?.code === "CLOSED");
    if (this.pendingBytes === 0) this.#awaitOtherSide();
  }

  /** Everything is written: what is left is that the other side ends its direction. */
  #awaitOtherSide(): void {
    this.#deadlines.awaitOtherSide(this.#now, this.#endedAs?.code === "DUPLICATE");
    if (this.#otherSideEnded) this.#disconnect();
  }

  #finish(end: SessionEnd): void {
    this.#state = "closing";
    this.#blocked = false;
    this.#endedAs = end;
    this.#owner.ended(this, end);
  }

  #disconnect(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#deadlines.clear();
    this.#owner.disconnect(this);
  }

  /** Answers the bytes behind the peer's preface, or nothing while it is not whole. */
  #takePreface(chunk: Uint8Array): Uint8Array | undefined {
    const received = this.#prefaces.receive(chunk);
    if (received === undefined) return undefined;
    try {
      this.#handshake.receivePreface(received.preface);
      this.#state = "hello";
      return received.rest;
    } catch (error) {
      this.#refuse(error);
      return undefined;
    }
  }

  /** Whether the state and the lane let a frame be read now. */
  #mayRead(): boolean {
    if (this.#state === "closing") return this.#isBeatenRival && !this.#owner.isCongested(this);
    return this.#state !== "closed" && this.#state !== "preface" && !this.#blocked && !this.#owner.isCongested(this);
  }

  #pump(): void {
    while (this.#mayRead()) {
      try {
        if (!this.#reader.next()) break;
        this.#frame();
      } catch (error) {
        this.#refuseInOrder(error);
      }
    }
    if (this.#otherSideEnded && !this.#blocked) this.#finishReading();
  }

  /** The other side will send no more, and what it sent was read: what is left is to take effect in order. */
  #finishReading(): void {
    if (this.#state === "closed" || (this.#state === "closing" && this.pendingBytes > 0)) return;
    if (this.#state === "closing") return this.#disconnect();
    if (this.#owner.isCongested(this) && this.#reader.hasRest) return;
    this.#blocked = true;
    this.#owner.afterSettled(this, 0, () => {
      // r[session.lost] mutate: `code: "LOST"` => `code: "CLOSED"`
      if (this.#state !== "closing" && this.#state !== "closed") this.#finish({ code: "LOST", by: "local", text: "" });
      else if (this.pendingBytes > 0) return;
      this.#disconnect();
    });
  }

  #frame(): void {
    const { command, flags, tag, buffer, start, end } = this.#reader;
    if (this.#state === "closing") {
      // r[session.duplicate.drain]
      if (command === Command.BROADCAST) this.#owner.broadcast(this, buffer, start, end, tag);
      return;
    }
    if (this.#state !== "ready") return this.#earlyFrame(command, buffer.slice(start, end));
    if (!this.#carried && command !== Command.GOODBYE) this.#carry();
    // #carry may have ended this session in favour of a rival.
    if (command === Command.BROADCAST) return this.#owner.broadcast(this, buffer, start, end, tag);
    this.#inOrder({ command, flags, tag, payload: buffer.slice(start, end) });
  }

  #carry(): void {
    this.#carried = true;
    this.#deadlines.endHandshake();
    this.#owner.carried(this);
  }

  #inOrder(frame: Frame): void {
    // r[frame.order] mutate: `this.#owner.isSettled(this)` => `true`
    // r[session.ping.fence] mutate: `this.#owner.isSettled(this)` => `true`
    if (this.#owner.isSettled(this)) return this.#readyFrame(frame);
    this.#owner.afterSettled(this, frame.payload.length, () => {
      try {
        if (this.#state === "ready") this.#readyFrame(frame);
      } catch (error) {
        this.#refuse(error);
      }
    });
  }

  #readyFrame(frame: Frame): void {
    const reaction = readyReaction(frame.command);
    if (reaction === "goodbye") return this.#receiveGoodbye(frame.payload);
    if (reaction === "forbidden") throw outOfOrder(frame.command, "session.ready.order");
    this.#control.receive(frame);
  }

  #earlyFrame(command: number, payload: Uint8Array): void {
    const reaction: Reaction = earlyReaction(this.#state as "hello" | "proof", command);
    if (reaction === "goodbye") return this.#receiveGoodbye(payload);
    if (reaction === "hello") return this.#receiveHello(payload);
    if (reaction === "proof") return this.#receiveProof(payload);
    if (reaction === "forbidden") throw outOfOrder(command, "session.early.order");
  }

  #receiveHello(payload: Uint8Array): void {
    this.#blocked = true;
    this.#handshake.receiveHello(payload, (error) => {
      if (this.#state !== "hello") return;
      if (error !== undefined) return this.#refuse(error);
      this.#state = "proof";
      this.#peerLimit = this.peerHello?.receiveLimit ?? this.#peerLimit;
      if (this.info.role === "initiator") return this.#unblock();
      // r[session.open.answer]
      this.#context.withRecord((record) => this.#answerHello(record));
    });
  }

  #sendHello(record: Uint8Array): void {
    this.#prefaces.send(this.#handshake.ownPreface);
    const payload = this.#handshake.makeHello(record, this.#now);
    this.queue.push(Priority.CONTROL, { command: Command.HELLO, flags: 0, tag: 0 }, payload);
    this.#owner.writable(this);
  }

  #answerHello(record: Uint8Array): void {
    if (this.#state !== "proof") return;
    this.#sendHello(record);
    this.#sendProof(() => this.#unblock());
  }

  #sendProof(done: () => void): void {
    this.#handshake.makeProof((payload) => {
      if (this.#state !== "proof") return;
      this.send(Priority.CONTROL, Command.PROOF, 0, 0, payload);
      done();
    });
  }

  #receiveProof(payload: Uint8Array): void {
    this.#blocked = true;
    this.#handshake.receiveProof(payload, (error) => {
      if (this.#state !== "proof") return;
      if (error !== undefined) return this.#refuse(error);
      const refusal = this.#owner.admit(this, this.peer as PeerRecord);
      if (refusal !== undefined) return this.end(refusal, "not admitted");
      if (this.info.role === "initiator") return this.#sendProof(() => this.#becomeReady());
      this.#deadlines.endHandshake();
      this.#becomeReady();
    });
  }

  #becomeReady(): void {
    this.#state = "ready";
    this.#reader.limitTo(ownReceiveLimit(this.#context.network, this.#context.limits));
    // r[session.ready.first]
    if (this.info.role === "responder") this.#control.ping();
    this.#owner.ready(this);
    this.#unblock();
  }

  /** A signature has come: reads on with what was held meanwhile. */
  #unblock(): void {
    this.#blocked = false;
    this.#pump();
    this.#reader.hold();
  }

  #receiveGoodbye(payload: Uint8Array): void {
    const end = decodeGoodbye(payload);
    // r[session.goodbye.receive] mutate: `this.#finish(end)` => `(() => { if (end.code === "MALFORMED") throw outOfOrder(4, "x"); this.#finish(end); })()`
    // r[session.goodbye.silent] mutate: `this.#finish(end)` => `(this.#finish(end), this.queue.push(Priority.CONTROL, { command: Command.GOODBYE, flags: 0, tag: 0 }, payload), (this.queue.clear = () => undefined))`
    this.#finish(end);
    // r[session.duplicate.flush] mutate: always
    if (end.code !== "DUPLICATE") this.queue.clear();
    this.#endDirection();
  }

  /** Refuses once everything that came before the offence has taken effect. */
  #refuseInOrder(error: unknown): void {
    if (this.#state === "closing") return this.#disconnect();
    if (this.#owner.isSettled(this)) return this.#refuse(error);
    this.#blocked = true;
    this.#owner.afterSettled(this, 0, () => this.#refuse(error));
  }

  #refuse(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    this.end(error.code, error.what);
  }
}
