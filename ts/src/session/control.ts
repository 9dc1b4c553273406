// Frames of a READY session that are not floods: what each means, and the answers that are owed. Sections 2.3, 2.5, 3.6,
// 3.10 and chapter 5. Knows payloads and tags; what the application does with them is the owner's.

import { decodeMessage, decompress, encodeMessage, isMessageName, type Message } from "../codec/index.js";
import { numberOfCode, ProtocolError } from "../errors/index.js";
import { Flag, isKnown, Priority, shapeOf } from "../framing/index.js";
import { Command, type Code } from "../gen/registry.js";
import { shortenText } from "./goodbye.js";
import type { Offers } from "./offer.js";
import type { Outbox } from "./outbox.js";
import { OwedAnswers } from "./owed.js";
import { failure, type Requests } from "./requests.js";
import type { PeerRequest, SessionContext, SessionOwner, TableMessage } from "./session-types.js";
import type { Session } from "./session.js";
import { receiveUpdate } from "./update.js";

const empty = new Uint8Array(0);

/** A frame that was read; its payload belongs to whoever gets it. */
export interface Frame {
  readonly command: number;
  readonly flags: number;
  readonly tag: number;
  readonly payload: Uint8Array;
}

/** Parts of one session that its control frames move. */
export interface ControlParts {
  readonly session: Session;
  readonly context: SessionContext;
  readonly owner: Pick<SessionOwner, "messages" | "ring" | "table">;
  readonly offers: Offers;
  readonly requests: Requests;
  readonly outbox: Outbox;
  /** Writes a control frame. */
  send(command: number, flags: number, tag: number, payload: Uint8Array): void;
}

/** Whether what a frame leads to may take a signature's time: nothing behind it is read before. */
export function mayTakeTime({ command, flags }: Pick<Frame, "command" | "flags">): boolean {
  const isAnswer = (flags & Flag.RESPONSE) !== 0;
  return command === Command.FOUND || command === Command.UPDATE || (command === Command.PEERS && isAnswer);
}

export class ControlFrames {
  readonly #parts: ControlParts;
  readonly #owed: OwedAnswers;

  constructor(parts: ControlParts) {
    this.#parts = parts;
    this.#owed = new OwedAnswers(parts.context.limits);
  }

  /** @throws {ProtocolError} PROTOCOL_ERROR, MALFORMED, TOO_LARGE, UNDECODABLE, BAD_RECORD: they end the session */
  receive(frame: Frame): void {
    const { command, flags, tag } = frame;
    const isUnknown = !isKnown(command, this.#parts.context.isDefined);
    const isAnswer = (flags & Flag.RESPONSE) !== 0;
    if (isAnswer && this.#parts.requests.dropLate(command, tag)) return;
    if (isUnknown && !isAnswer) return this.#receiveUnknown(frame);
    // r[answer.oneway] mutate: `(flags & Flag.REQUEST) !== 0` => `!isAnswer`
    const isRequest = (flags & Flag.REQUEST) !== 0;
    if (isRequest && !this.#owed.add(command, tag, frame.payload.length)) {
      return this.#refuse({ command, tag }, "BUSY", "too many requests wait for their answers");
    }
    const payload = isUnknown ? frame.payload : this.#original(frame);
    if (isAnswer) return this.#receiveAnswer({ command, flags, tag, payload });
    if (isRequest) return this.#receiveRequest({ command, tag }, payload);
    this.#receiveOneWay(command, tag, payload);
  }

  /** Gives the answer to a request, unless it was given. */
  answer(request: PeerRequest, payload: Uint8Array, asksToCompress = false): void {
    const { outbox, offers, session, context } = this.#parts;
    // r[ask.too-large]
    if (payload.length > offers.peer.receiveLimit) {
      return this.fail(request, "TOO_LARGE", `an answer of ${payload.length} bytes`);
    }
    // A peer that asks and does not read is not answered into memory without end.
    if (payload.length > 0 && session.queue.bytes >= context.limits.QUEUE_BYTES) {
      return this.fail(request, "BUSY", "the answers before wait still");
    }
    if (!this.#owed.settle(request.command, request.tag)) return;
    const packed = outbox.pack({ payload, compress: asksToCompress });
    // r[answer.form] mutate: `Flag.RESPONSE | packed.flags` => `Flag.RESPONSE | Flag.FAILED | packed.flags`
    this.#parts.send(request.command, Flag.RESPONSE | packed.flags, request.tag, packed.payload);
  }

  /** Answers an UPDATE behind what was queued under the terms before: r[session.update.effect]. */
  #answerUpdate({ command, tag }: PeerRequest): void {
    const { session } = this.#parts;
    this.#owed.settle(command, tag);
    const priority = session.queue.has(Priority.OWN) ? Priority.OWN : Priority.CONTROL;
    // r[session.update.answer]
    session.send(priority, command, Flag.RESPONSE, tag, empty);
  }

  /** Answers a request with a code, unless it was answered. */
  fail(request: PeerRequest, code: Code, text: string): void {
    if (this.#owed.settle(request.command, request.tag)) this.#refuse(request, code, text);
  }

  #refuse({ command, tag }: PeerRequest, code: Code, text: string): void {
    const payload = encodeMessage("Error", { code: numberOfCode(code), text: shortenText(text) });
    // r[frame.unknown.request]
    this.#parts.send(command, Flag.RESPONSE | Flag.FAILED, tag, payload);
  }

  /** The payload before it was compressed: section 2.5. */
  #original({ flags, payload }: Frame): Uint8Array {
    const compression = flags & Flag.COMPRESSION;
    if (compression === 0) return payload;
    const { compressions, receiveLimit } = this.#parts.offers.own;
    // r[compress.listed]
    if (!compressions.includes(compression)) {
      throw new ProtocolError("UNDECODABLE", `compression ${compression} is not what this node listed`, {
        rule: "compress.listed",
      });
    }
    return decompress(compression, payload, receiveLimit);
  }

  #receiveUnknown({ command, flags, tag, payload }: Frame): void {
    // r[frame.unknown.oneway] mutate: `return;` => `throw new ProtocolError("PROTOCOL_ERROR", "unknown");`
    if ((flags & Flag.REQUEST) === 0) return;
    // Known or not, its tag is taken until it is answered: it is at once.
    if (this.#owed.add(command, tag, payload.length))
      this.fail({ command, tag }, "UNKNOWN_COMMAND", `command ${command}`);
    else this.#refuse({ command, tag }, "BUSY", "too many requests at once");
  }

  #receiveAnswer({ command, flags, tag, payload }: Frame): void {
    // r[answer.error] mutate: `failed(payload)` => `(() => { throw new ProtocolError("PROTOCOL_ERROR", "failed"); })()`
    const answer = (flags & Flag.FAILED) === 0 ? { payload: answered(command, payload) } : failed(payload);
    // r[frame.response.tag]
    if (!this.#parts.requests.settle(command, tag, answer)) {
      throw new ProtocolError("PROTOCOL_ERROR", `an answer to no request, command ${command} tag ${tag}`, {
        rule: "frame.response.tag",
      });
    }
  }

  #receiveRequest(request: PeerRequest, payload: Uint8Array): void {
    const { session, owner } = this.#parts;
    const { messages } = owner;
    switch (request.command) {
      case Command.PING:
        decodeMessage("Ping", payload);
        // r[session.ping.empty] mutate: `empty` => `Uint8Array.of(0xf8, 0x3f, 0)`
        return this.answer(request, empty);
      case Command.UPDATE:
        return receiveUpdate(this.#parts, decodeMessage("Update", payload), () => this.#answerUpdate(request));
      case Command.ASK:
        return messages.ask(session, request, decodeMessage("Ask", payload));
      case Command.PEERS:
        return messages.peers(session, request, decodeMessage("Peers", payload));
      case Command.STATE:
      case Command.STEP:
      case Command.LEAVE:
        return this.#receiveOfRing(request, payload);
      case Command.PUT:
      case Command.GET:
      case Command.SCAN:
      case Command.SYNC:
      case Command.WATCH:
        return owner.table.request(session, request, tableMessage(request.command, payload));
      default:
        return messages.call(session, request, payload);
    }
  }

  #receiveOfRing(request: PeerRequest, payload: Uint8Array): void {
    const { session, owner } = this.#parts;
    const { ring } = owner;
    if (request.command === Command.STEP) return ring.step(session, request, decodeMessage("Step", payload));
    if (request.command === Command.STATE) {
      decodeMessage("State", payload);
      return ring.state(session, request);
    }
    decodeMessage("Leave", payload);
    ring.leave(session, request);
  }

  #receiveOneWay(command: number, tag: number, payload: Uint8Array): void {
    const { session, owner } = this.#parts;
    const { messages, ring, table } = owner;
    switch (command) {
      case Command.TELL:
        return messages.tell(session, decodeMessage("Tell", payload));
      case Command.LOCATE:
        return messages.locate(session, decodeMessage("Locate", payload), tag);
      case Command.FOUND:
        return messages.found(session, decodeMessage("Found", payload));
      case Command.STALE_SEQUENCE:
        return messages.staleSequence(session, decodeMessage("StaleSequence", payload));
      case Command.NOTIFY:
        decodeMessage("Notify", payload);
        return ring.notify(session);
      case Command.HINT:
        decodeMessage("Hint", payload);
        return ring.hint(session);
      case Command.CHANGED:
        return table.changed(session, decodeMessage("Changed", payload));
      default:
        return messages.command(session, command, payload);
    }
  }
}

/** A request of the table. @throws {ProtocolError} MALFORMED */
function tableMessage(command: number, payload: Uint8Array): TableMessage {
  switch (command) {
    case Command.PUT:
      return { command: "PUT", message: decodeMessage("Put", payload) };
    case Command.GET:
      return { command: "GET", message: decodeMessage("Get", payload) };
    case Command.SCAN:
      return { command: "SCAN", message: decodeMessage("Scan", payload) };
    case Command.SYNC:
      return { command: "SYNC", message: decodeMessage("Sync", payload) };
    default:
      return { command: "WATCH", message: decodeMessage("Watch", payload) };
  }
}

/** The payload of a successful answer: of an answer to ASK, the application's bytes. */
function answered(command: number, payload: Uint8Array): Uint8Array {
  const name = shapeOf(command)?.answer ?? "";
  if (!isMessageName(name)) return payload;
  const message = decodeMessage(name, payload);
  return command === Command.ASK ? (message as Message<"AskAnswer">).payload : payload;
}

function failed(payload: Uint8Array): ReturnType<typeof failure> {
  const { code, text } = decodeMessage("Error", payload);
  return failure(code, text);
}
