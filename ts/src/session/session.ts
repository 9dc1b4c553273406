// One connection to one peer, from the first byte to its end: chapter 3. Bytes and time in; frames, reports and wishes out
// through the owner. Knows nothing of other sessions, of flooding, or of sockets.

import type { Message } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import { FrameQueue, FrameReader, Priority } from "../framing/index.js";
import { Command, type Code } from "../gen/registry.js";
import type { PeerRecord } from "../identity/index.js";
import { ControlFrames, mayTakeTime, type Frame } from "./control.js";
import { Deadlines } from "./deadlines.js";
import { decodeGoodbye, encodeGoodbye } from "./goodbye.js";
import { Offers } from "./offer.js";
import { Opening, type OpeningHost } from "./opening.js";
import { Outbox } from "./outbox.js";
import { Requests } from "./requests.js";
import type { PeerRequest, SessionContext, SessionEnd, SessionInfo, SessionOwner } from "./session-types.js";
import { outOfOrder, readyReaction, type SessionState } from "./transitions.js";

export class Session {
  readonly info: SessionInfo;
  readonly queue = new FrameQueue();
  /** What the application says to the peer. */
  readonly outbox: Outbox;
  readonly #context: SessionContext;
  readonly #owner: SessionOwner;
  readonly #opening: Opening;
  readonly #reader: FrameReader;
  readonly #deadlines: Deadlines;
  readonly #offers: Offers;
  readonly #requests: Requests;
  readonly #control: ControlFrames;
  #state: SessionState = "preface";
  /** Waiting for a signature, or for the lane before an error is told: nothing is read. */
  #blocked = false;
  #carried = false;
  /** Bytes have left since time was last looked at. */
  #hasWritten = false;
  #otherSideEnded = false;
  #endedAs: SessionEnd | undefined;

  constructor(context: SessionContext, owner: SessionOwner, info: SessionInfo) {
    this.#context = context;
    this.#owner = owner;
    this.info = info;
    this.#opening = new Opening(context, info, this.#openingHost());
    const { limits } = context;
    const early = limits.PRE_READY_PAYLOAD_BYTES;
    // r[session.early.size] mutate: `FrameReader(early` => `FrameReader(context.offer().receiveLimit`
    this.#reader = new FrameReader(early, "session.early.size", context.isDefined);
    this.#offers = new Offers({ compressions: [], receiveLimit: early }, (bytes) => this.#reader.limitTo(bytes));
    this.#requests = new Requests(limits);
    this.#deadlines = new Deadlines(limits, context.now() - info.openingMs);
    const parts = { context, limits, offers: this.#offers, requests: this.#requests };
    this.outbox = new Outbox({
      ...parts,
      queue: this.queue,
      now: context.now,
      send: (...frame) => this.send(...frame),
    });
    this.#control = new ControlFrames({
      ...parts,
      session: this,
      outbox: this.outbox,
      owner,
      send: (...frame) => void this.send(Priority.CONTROL, ...frame),
    });
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

  /** The proven peer's record as its HELLO had it: what decides between rivals. */
  get peer(): PeerRecord | undefined {
    return this.#opening.handshake.peer?.record;
  }

  /** How far the peer's clock was ahead of this node's when its HELLO came, milliseconds. */
  get clockSkewMs(): number {
    return this.#opening.handshake.clockSkewMs;
  }

  /** The peer has sent a record of itself in an UPDATE. */
  renew(record: PeerRecord): void {
    this.#owner.renewed(this, record);
  }

  get peerHello(): Message<"Hello"> | undefined {
    return this.#opening.handshake.peer?.hello;
  }

  /** Longest payload that the peer takes, bytes as sent. */
  get peerLimit(): number {
    return this.#offers.peer.receiveLimit;
  }

  /** Begins: an initiator speaks at once. */
  open(): void {
    this.#opening.open();
  }

  /** Takes bytes; they are only looked at during the call. */
  receive(chunk: Uint8Array): void {
    if (this.#state === "closed" || (this.#state === "closing" && !this.#isBeatenRival)) return;
    const rest = this.#state === "preface" ? this.#opening.takePreface(chunk) : chunk;
    if (rest === undefined) return;
    if (this.#state === "ready") this.#deadlines.silence.heard(this.#now);
    this.#reader.push(rest);
    this.#pump();
    this.#reader.hold();
    this.#deadlines.silence.noteFrame(this.#reader, this.#now, this.#state === "ready" && !this.isPaused);
  }

  /** Reads nothing more until the answer is called: something takes a signature's time. */
  hold(): () => void {
    this.#blocked = true;
    return () => this.#unblock();
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
    this.#deadlines.silence.skip(this.#now);
    this.#pump();
    this.#reader.hold();
  }

  get isPaused(): boolean {
    if (this.#state === "closed" || (this.#state === "closing" && !this.#isBeatenRival)) return false;
    return this.#blocked || this.#owner.isCongested(this);
  }

  /** Writes what is due into `target`; answers how many bytes. */
  fill(target: Uint8Array): number {
    const offset = this.queue.fill(target, this.#opening.prefaces.fill(target));
    this.#hasWritten ||= offset > 0;
    this.#deadlines.noteQueue(this.queue.memory, this.#now);
    if (this.#state === "closing" && this.queue.bytes === 0) this.#awaitOtherSide();
    return offset;
  }

  get pendingBytes(): number {
    return this.#opening.prefaces.pendingBytes + this.queue.bytes;
  }

  /** Earliest time at which `wake` has something to do, unix ms; Infinity for none. */
  get deadline(): number {
    return Math.min(this.#deadlines.next, this.#requests.next);
  }

  wake(): void {
    // A peer that still takes what waits for it is alive, however long its own answer takes behind that.
    const isMoving = this.#hasWritten && this.queue.bytes > 0;
    this.#hasWritten = false;
    const due = this.#deadlines.judge(this.#now, this.isPaused || isMoving);
    if (due === "ask") this.outbox.ping();
    else if (due === "close") this.#disconnect();
    else if (due !== undefined) this.end(due.code, due.text);
    this.#requests.wake(this.#now);
    // r[answer.unanswered]
    if (this.#requests.isOverdrawn) this.end("SLOW", "it does not answer");
  }

  /** Queues a frame of a READY session; false when it may not be sent. */
  send(priority: Priority, command: number, flags: number, tag: number, payload: Uint8Array): boolean {
    // r[session.goodbye.last] also
    if (this.#state === "closing" || this.#state === "closed") return false;
    // r[session.limit.sender]
    if (payload.length > this.#offers.peer.receiveLimit) return false;
    this.queue.push(priority, { command, flags, tag }, payload);
    this.#deadlines.noteQueue(this.queue.memory, this.#now);
    this.#owner.writable(this);
    return true;
  }

  /** Gives the answer to a request of the peer, unless it was given; `asksToCompress` as in r[compress.asked]. */
  answer(request: PeerRequest, payload: Uint8Array, asksToCompress = false): void {
    this.#control.answer(request, payload, asksToCompress);
  }

  /** Answers a request of the peer with a code, unless it was answered. */
  fail(request: PeerRequest, code: Code, text: string): void {
    this.#control.fail(request, code, text);
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
    this.#opening.prefaces.send(this.#opening.handshake.ownPreface);
    // r[session.refuse.goodbye]
    this.queue.push(Priority.RELAY, { command: Command.GOODBYE, flags: 0, tag: 0 }, encodeGoodbye(code, text));
    // r[session.goodbye.last] mutate: `this.#endDirection()` => `(this.queue.push(Priority.RELAY, { command: 32769, flags: 0, tag: 0 }, new Uint8Array()), this.#endDirection())`
    // r[session.goodbye.half]
    this.#endDirection();
  }

  #endDirection(): void {
    // r[ws.goodbye] mutate: `this.info.hasHalfClose` => `true`
    // r[ws.goodbye.receiver] mutate: `this.#endedAs?.by === "remote"` => `false`
    if (this.info.hasHalfClose || this.#endedAs?.by === "remote") this.#owner.endDirection(this);
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
    this.#requests.end(end.code, end.text);
  }

  #disconnect(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#deadlines.clear();
    this.#owner.disconnect(this);
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
      // r[session.duplicate.tells]
      if (command === Command.TELL) this.#inOrder({ command, flags, tag, payload: buffer.slice(start, end) });
      return;
    }
    if (this.#state !== "ready") return this.#opening.receive(command, buffer.slice(start, end));
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
    const release = mayTakeTime(frame) ? this.hold() : undefined;
    this.#owner.afterSettled(this, frame.payload.length, () => {
      try {
        this.#blocked &&= release === undefined;
        if (this.#state === "ready" || this.#isBeatenRival) this.#readyFrame(frame);
      } catch (error) {
        this.#refuse(error);
      }
      if (!this.#blocked) release?.();
    });
  }

  #readyFrame(frame: Frame): void {
    const reaction = readyReaction(frame.command);
    if (reaction === "goodbye") return this.#receiveGoodbye(frame.payload);
    if (reaction === "forbidden") throw outOfOrder(frame.command, "session.ready.order");
    this.#control.receive(frame);
  }

  #openingHost(): OpeningHost {
    return {
      session: this,
      enter: (state) => (this.#state = state),
      writable: () => this.#owner.writable(this),
      refuse: (error) => this.#refuse(error),
      receiveGoodbye: (payload) => this.#receiveGoodbye(payload),
      introduced: () => {
        if (this.peerHello !== undefined) this.#offers.learn(this.peerHello);
      },
      admit: () => this.#admit(),
      becomeReady: () => this.#becomeReady(),
    };
  }

  #admit(): boolean {
    const refusal = this.#owner.admit(this, this.peer as PeerRecord);
    if (refusal !== undefined) this.end(refusal, "not admitted");
    return refusal === undefined;
  }

  #becomeReady(): void {
    this.#state = "ready";
    if (this.info.role === "responder") this.#deadlines.endHandshake();
    this.#deadlines.silence.heard(this.#now);
    this.#offers.settle(this.#opening.handshake.offer);
    // r[session.ready.first]
    if (this.info.role === "responder") this.outbox.ping();
    this.#owner.ready(this);
    this.#unblock();
  }

  /** A signature has come: reads on with what was held meanwhile. */
  #unblock(): void {
    this.#blocked = false;
    this.resume();
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
