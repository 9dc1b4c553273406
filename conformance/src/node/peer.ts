// A raw peer: one connection, the identity it claims, and what both sides have said so far. Reads the testee's frames and judges them.
// What it sends is built in hello.ts and proof.ts; the friendly order of it all is in handshake.ts.
import {
  commandName,
  commandOf,
  decodeMessage,
  GoldenError,
  knownCommand,
  PREFACE_V1,
  RESPONSE,
  toHex,
} from "../golden/index.js";
import type { Bytes, Frame, MessageValue } from "../golden/index.js";
import type { ChannelFacts } from "./carrier/index.js";
import { arrivalText, codeOf, commandText, frameText, type Arrival } from "./arrival.js";
import type { Identity } from "./identity.js";
import type { TesteeNode } from "./stage.js";
import { StepFailure } from "./step-failure.js";
import type { WireLink } from "./wire-link.js";

export interface RawPeerOptions {
  readonly name: string;
  readonly identity: Identity;
  /** 0 initiator, 1 responder. */
  readonly role: 0 | 1;
  readonly link: WireLink;
  /** What this end knows of the encryption underneath. */
  readonly facts: ChannelFacts;
  readonly node: TesteeNode;
  readonly waitMs: number;
}

/** One end of a session with the testee. */
export class RawPeer {
  readonly name: string;
  /** Set once: before the own HELLO, which says who it is. */
  identity: Identity;
  readonly role: 0 | 1;
  readonly link: WireLink;
  readonly facts: ChannelFacts;
  readonly node: TesteeNode;
  ownPreface: Bytes | undefined;
  ownHello: Bytes | undefined;
  ownProof: Bytes | undefined;
  theirHello: Bytes | undefined;
  theirProof: Bytes | undefined;
  /** Friendly handshake done, on this side. */
  ready = false;
  /** Not reading at the moment. */
  stalled = false;
  readonly #waitMs: number;
  /** Tag of the frame that was taken last. */
  lastTag = 0;
  #tag = 0;

  constructor(options: RawPeerOptions) {
    this.name = options.name;
    this.identity = options.identity;
    this.role = options.role;
    this.link = options.link;
    this.facts = options.facts;
    this.node = options.node;
    this.#waitMs = options.waitMs;
  }

  /** A tag for the next request. */
  nextTag(): number {
    this.#tag = (this.#tag % 65_535) + 1;
    return this.#tag;
  }

  /** The next arrival but for a right preface, which is checked and passed over. */
  async next(): Promise<Arrival | undefined> {
    const arrival = await this.link.arrivals.next(this.#waitMs);
    if (arrival?.kind !== "preface") return arrival;
    if (toHex(arrival.bytes) !== toHex(PREFACE_V1)) {
      throw new StepFailure(`the preface ${toHex(PREFACE_V1)}`, arrivalText(arrival));
    }
    return this.next();
  }

  /** Takes the broadcasts that are there or come before anything else does. */
  async skipBroadcasts(): Promise<void> {
    const { arrivals } = this.link;
    const isOther = (arrival: Arrival): boolean => arrival.kind !== "frame" || !isCommand(arrival.frame, "BROADCAST");
    const other = await arrivals.take(isOther, this.#waitMs);
    while (arrivals.items.some((arrival) => !isOther(arrival))) await arrivals.take((one) => !isOther(one), 0);
    if (other !== undefined) arrivals.items.unshift(other);
  }

  /** The next frame, which must be there in time. */
  async nextFrame(expected: string): Promise<Frame> {
    const arrival = await this.next();
    if (arrival?.kind === "frame") {
      this.lastTag = arrival.frame.tag;
      return arrival.frame;
    }
    throw new StepFailure(`${expected} for ${this.name}`, arrivalText(arrival));
  }

  /** The next frame, which must be this command with these flags; its payload must be what the registry says. */
  async expectFrame(name: string, flags: number, tag?: number): Promise<{ frame: Frame; value: MessageValue }> {
    const expected = frameText({ command: commandOf(name), flags, tag: tag ?? 0, payload: new Uint8Array() });
    const frame = await this.nextFrame(expected);
    const { command } = frame;
    const same = command === commandOf(name) && frame.flags === flags && (tag === undefined || frame.tag === tag);
    if (!same) throw new StepFailure(`${expected} for ${this.name}`, frameText(frame), codeOf(frame));
    return { frame, value: decodePayload(frame) };
  }
}

/** Decodes the payload of a frame of the testee; an undecodable one is the testee's fault. */
export function decodePayload({ command, flags, payload }: Frame): MessageValue {
  const shape = knownCommand(command);
  const name = flags & 0x40 ? "Error" : flags & RESPONSE ? shape?.answer : shape?.payload;
  if (name === undefined || name === "") return {};
  try {
    return decodeMessage(name, payload);
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    throw new StepFailure(`a right payload of ${commandText(command)}`, error.message);
  }
}

/** Command of a name of the registry or of a number. */
export function commandNumber(command: string | number): number {
  return typeof command === "number" ? command : commandOf(command);
}

/** True when a frame is of this command. */
export function isCommand(frame: Frame, name: string): boolean {
  return commandName(frame.command) === name;
}
