// Both sides of a handshake, from the peer's preface to its verified proof: sections 3.1 to 3.4. Knows the order of the
// steps and keeps the transcript; what it sends and how it ends is the session's. Every wait is for a signature.

import { decodeMessage, encodeMessage, type Message } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import { commonVersion, decodePreface, encodePreface, spokenVersions } from "../framing/index.js";
import { passesSignatureChecks, recordVerification, type PeerRecord } from "../identity/index.js";
import type { VerifyRequest } from "../ports/index.js";
import { encodeHello, judgeChannel, judgeHello, judgePeer, type JudgedHello } from "./hello.js";
import { bindingsOf, commonBinding, type Binding } from "./channel.js";
import type { Offer } from "./offer.js";
import { proofMessage, type Transcript } from "./proof.js";
import type { SessionContext, SessionInfo, SessionRole } from "./session-types.js";

/** The peer as its HELLO showed it; proven only when the handshake says so. */
export interface PeerHello {
  readonly hello: Message<"Hello">;
  readonly record: PeerRecord;
}

export class Handshake {
  readonly #context: SessionContext;
  readonly #info: SessionInfo;
  readonly ownPreface = encodePreface(spokenVersions);
  /** What this side can bind its proof to, preferred ones first. */
  readonly #bindings: readonly Binding[];
  #peerPreface: Uint8Array | undefined;
  #ownHello: Uint8Array | undefined;
  #peerHello: Uint8Array | undefined;
  peer: PeerHello | undefined;
  /** How far the peer's clock is ahead of this node's, milliseconds. */
  clockSkewMs = 0;
  /** What this side has said in its HELLO that it takes. */
  readonly offer: Offer;

  constructor(context: SessionContext, info: SessionInfo) {
    this.#context = context;
    this.#info = info;
    this.offer = context.offer();
    this.#bindings = bindingsOf(context.hasher, info.channel);
  }

  /** Takes the peer's 8 bytes. @throws {ProtocolError} NOT_MOTET, NO_VERSION */
  receivePreface(bytes: Uint8Array): void {
    commonVersion(spokenVersions, decodePreface(bytes));
    this.#peerPreface = bytes;
  }

  /** Makes the node's own HELLO payload. */
  makeHello(record: Uint8Array, nowMs: number): Uint8Array {
    const { random } = this.#context;
    // r[session.hello.nonce] mutate: `random.bytes(32)` => `new Uint8Array(32)`
    const nonce = random.bytes(32);
    const bindingKinds = this.#bindings.map(({ kind }) => kind);
    this.#ownHello = encodeHello(this.#context, this.#info, { ...this.offer, nonce, record, nowMs, bindingKinds });
    return this.#ownHello;
  }

  /**
   * Judges the peer's HELLO; `done` gets the error that refuses it, or nothing.
   * @param payload owned by the handshake from now on.
   * @throws {ProtocolError} MALFORMED, WRONG_NETWORK, BAD_RECORD
   */
  receiveHello(payload: Uint8Array, done: (error?: unknown) => void): void {
    const { hasher, network, limits } = this.#context;
    const judged = judgeHello(hasher, network, limits, payload);
    this.#peerHello = payload;
    this.clockSkewMs = Number(judged.hello.clockMs) - this.#context.now();
    this.#verify(recordVerification(hasher, network, judged.hello.record), (valid) => {
      done(this.#judgeOwner(valid, judged));
    });
  }

  #judgeOwner(valid: boolean, judged: JudgedHello): unknown {
    try {
      // r[record.signature]
      // r[session.hello.record]
      if (!valid)
        throw new ProtocolError("BAD_RECORD", "the record's signature does not verify", { rule: "record.signature" });
      // r[session.refuse.order] mutate: `judgePeer(` => `if (!this.#info.channel.encrypted && this.#context.network.encryptionRequired) throw new ProtocolError("ENCRYPTION_REQUIRED", "too early"); judgePeer(`
      judgePeer(this.#context.nodeId, this.#context.network, this.#info, judged);
      judgeChannel(this.#context.network, this.#info, commonBinding(this.#bindings, judged.hello.bindingKinds));
      this.peer = judged;
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Signs the node's own proof; `done` gets the payload of PROOF. */
  makeProof(done: (payload: Uint8Array) => void): void {
    const { hasher, signatures } = this.#context;
    const transcript = this.#transcript();
    signatures.sign({ message: proofMessage(hasher, this.#info.role, transcript) }, (signature) => {
      done(encodeMessage("Proof", { bindingKind: transcript.bindingKind, signature }));
    });
  }

  /**
   * Judges the peer's PROOF; `done` gets the error that refuses it, or nothing.
   * @throws {ProtocolError} MALFORMED, BINDING
   */
  receiveProof(payload: Uint8Array, done: (error?: ProtocolError) => void): void {
    // r[session.proof.decode] mutate: `decodeMessage("Proof", payload)` => `{ bindingKind: 0, signature: payload.slice(-64) }`
    const { bindingKind, signature } = decodeMessage("Proof", payload);
    const transcript = this.#transcript();
    // r[session.binding.kind]
    if (bindingKind !== transcript.bindingKind) {
      throw new ProtocolError(
        "BINDING",
        `proof for binding kind ${bindingKind}, kind ${transcript.bindingKind} is common`,
        {
          rule: "session.binding.kind",
        },
      );
    }
    this.#verify(this.#proofVerification(signature, transcript), (valid) => {
      // r[session.proof.verify] mutate: `valid` => `true`
      done(
        valid
          ? undefined
          : new ProtocolError("BAD_PROOF", "the proof does not verify", { rule: "session.proof.verify" }),
      );
    });
  }

  #proofVerification(signature: Uint8Array, transcript: Transcript): VerifyRequest | undefined {
    const key = (this.peer as PeerHello).record.nodeId;
    const theirRole: SessionRole = this.#info.role === "initiator" ? "responder" : "initiator";
    if (!passesSignatureChecks(key, signature)) return undefined;
    return { key, signature, message: proofMessage(this.#context.hasher, theirRole, transcript) };
  }

  #verify(request: VerifyRequest | undefined, done: (valid: boolean) => void): void {
    if (request === undefined) done(false);
    else this.#context.signatures.verify(request, done);
  }

  /** Everything both sides have said; both prefaces and HELLOs are known when this is called. */
  #transcript(): Transcript {
    const own = [this.ownPreface, this.#ownHello as Uint8Array] as const;
    const theirs = [this.#peerPreface as Uint8Array, this.#peerHello as Uint8Array] as const;
    const [initiator, responder] = this.#info.role === "initiator" ? [own, theirs] : [theirs, own];
    const binding = commonBinding(this.#bindings, (this.peer as PeerHello).hello.bindingKinds);
    return {
      initiatorPreface: initiator[0],
      initiatorHello: initiator[1],
      responderPreface: responder[0],
      responderHello: responder[1],
      bindingKind: binding.kind,
      binding: binding.value,
    };
  }
}
