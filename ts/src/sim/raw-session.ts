// A session made by hand: the handshake as the specification has it, and from then on whatever an attacker wants, which no
// well-behaved node would. Chapter 3, from the side of the dialler.

import { concatBytes } from "../bytes/index.js";
import { encodeMessage } from "../codec/index.js";
import { encodeFrame, encodePreface, Flag, FrameReader, prefaceBytes, spokenVersions } from "../framing/index.js";
import { Command, Limit } from "../gen/registry.js";
import { Domain, encodeRecordBody, prepareRecord, signedMessage, type Network } from "../identity/index.js";
import type { Hasher } from "../ports/index.js";
import { proofDigest } from "../session/index.js";
import type { End } from "./connection.js";
import { fakeSign } from "./fake-signatures.js";

const preface = encodePreface(spokenVersions);
const binding = new Uint8Array(32);
const empty = new Uint8Array(0);
const lifetimeMs = 3_600_000;

export interface RawIdentity {
  readonly hasher: Hasher;
  readonly network: Network;
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
}

/** A signed record of a node id that is at these addresses. */
export function recordOf(
  { hasher, network, nodeId }: RawIdentity,
  addresses: readonly string[],
  now: number,
): Uint8Array {
  const { unsigned, message } = prepareRecord(hasher, network, {
    nodeId,
    issued: BigInt(now),
    expires: BigInt(now + lifetimeMs),
    incarnation: BigInt(now),
    body: encodeRecordBody(addresses, []),
  });
  return concatBytes(unsigned, fakeSign(nodeId, message));
}

/** Frames of a session that its owner acts on. */
export interface RawFrames {
  broadcast(session: RawSession, payload: Uint8Array): void;
  /** A PEERS request with this tag. */
  peersAsked(session: RawSession, tag: number): void;
}

export class RawSession {
  readonly end: End;
  readonly #identity: RawIdentity;
  readonly #frames: RawFrames;
  readonly #reader = new FrameReader(Limit.RECEIVE_MAX_BYTES);
  readonly #hello: Uint8Array;
  #prefaceLeft = prefaceBytes;
  #isIntroduced = false;
  /** The other side has taken the proof. */
  isReady = false;

  constructor(end: End, identity: RawIdentity, frames: RawFrames, nonce: Uint8Array, now: number) {
    this.end = end;
    this.#identity = identity;
    this.#frames = frames;
    this.#hello = encodeMessage("Hello", {
      networkId: identity.network.id,
      nonce,
      record: recordOf(identity, [], now),
      dialCounter: 1n,
      receiveLimit: Limit.RECEIVE_MAX_BYTES,
      bindingKinds: [],
      agent: "raw",
    });
    end.write(concatBytes(preface, encodeFrame({ command: Command.HELLO, flags: 0, tag: 0 }, this.#hello)), 0);
  }

  /** Writes a frame. */
  send(command: number, flags: number, tag: number, payload: Uint8Array): void {
    this.end.write(encodeFrame({ command, flags, tag }, payload), 0);
  }

  receive(chunk: Uint8Array): void {
    const skipped = Math.min(this.#prefaceLeft, chunk.length);
    this.#prefaceLeft -= skipped;
    this.#reader.push(chunk.subarray(skipped));
    while (this.#reader.next()) {
      const { command, flags, tag, buffer, start, end } = this.#reader;
      this.#take(command, flags, tag, buffer.slice(start, end));
    }
    this.#reader.hold();
  }

  #take(command: number, flags: number, tag: number, payload: Uint8Array): void {
    if (!this.#isIntroduced) return this.#prove(payload);
    if (command === Command.BROADCAST) return this.#frames.broadcast(this, payload);
    if ((flags & Flag.REQUEST) === 0) return;
    // The first frame of a responder that took the proof is a PING.
    this.isReady = true;
    if (command === Command.PING) this.send(Command.PING, Flag.RESPONSE, tag, empty);
    if (command === Command.PEERS) this.#frames.peersAsked(this, tag);
  }

  #prove(responderHello: Uint8Array): void {
    this.#isIntroduced = true;
    const { hasher, nodeId } = this.#identity;
    const initiatorHello = this.#hello;
    const prefaces = { initiatorPreface: preface, responderPreface: preface };
    const transcript = { ...prefaces, initiatorHello, responderHello, bindingKind: 0, binding };
    const digest = proofDigest(hasher, "initiator", transcript);
    const signature = fakeSign(nodeId, signedMessage(Domain.PROOF, digest));
    this.send(Command.PROOF, 0, 0, encodeMessage("Proof", { bindingKind: 0, signature }));
  }
}
