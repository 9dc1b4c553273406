// A node's own broadcasts: sequences, contents, signatures. Sections 4.4 and 4.8. They leave in the order in which they
// were made.

import { concatBytes, encodeUtf8 } from "../bytes/index.js";
import { compress, encodeContent, Encoding } from "../codec/index.js";
import { Compression, Policy } from "../gen/registry.js";
import { broadcastMessage, MessageHasher } from "../identity/index.js";
import { Lane } from "./lane.js";
import type { FloodContext } from "./mesh-types.js";

/** What the application learns of a broadcast it made. */
export interface Receipt {
  readonly sequence: bigint;
  /** Message id, 32 bytes. */
  readonly id: Uint8Array;
}

/** Hands on a finished broadcast: its payload, with the content inside. */
export type Release = (payload: Uint8Array) => void;

/** What happens to a broadcast while it is made. */
export interface PublishSteps {
  /** It is a right one; what this throws leaves nothing behind. */
  readonly check: () => void;
  /** Gets content and id at once. */
  readonly made: (content: Uint8Array, id: Uint8Array) => void;
  /** Gets the payload when it is signed, in the order of calls. */
  readonly release: Release;
}

export class Publisher {
  readonly #context: FloodContext;
  readonly #hasher: MessageHasher;
  readonly #lane = new Lane();
  /** Sequence of the last broadcast. */
  #last: bigint;
  /** What the next sequence lies above: the last one, or what STALE_SEQUENCE has brought since. */
  #floor: bigint;
  #isFirst = true;
  /** When the sequence was changed last for a STALE_SEQUENCE, unix ms. */
  #changedAt = -Infinity;

  /** @param lastSequence the last one of an earlier run, 0 for none. */
  constructor(context: FloodContext, lastSequence: bigint) {
    this.#context = context;
    this.#hasher = new MessageHasher(context.hasher, context.network);
    this.#last = lastSequence;
    this.#floor = lastSequence;
  }

  /** Makes a broadcast. @throws {ProtocolError} MISUSE, TOO_LARGE, and what `check` throws */
  publish(channel: string, payload: Uint8Array, now: number, { check, made, release }: PublishSteps): Receipt {
    const sequence = this.#nextSequence(now);
    // r[mesh.sent-at] mutate: `BigInt(now)` => `BigInt(now - 5000)`
    const sentAt = BigInt(now);
    const head = { origin: this.#context.nodeId, sequence, sentAt, channel: encodeUtf8(channel) };
    const { maxMessage } = this.#context.network.descriptor;
    // Too large is what would be without compression.
    const plain = encodeContent({ ...head, payload }, maxMessage);
    check();
    const compressed = this.#compressed(payload);
    const content =
      compressed === undefined
        ? plain
        : encodeContent({ ...head, encoding: Encoding.DEFLATE, payload: compressed }, maxMessage);
    this.#last = sequence;
    this.#floor = sequence;
    this.#isFirst = false;
    const id = this.#hasher.idOf(content, 0, content.length);
    made(content, id);
    if (this.#context.network.signed) this.#sign(content, id, release);
    else release(concatBytes(Uint8Array.of(0), content));
    return { sequence, id };
  }

  /** The payload compressed, where the network allows it and that saves something. */
  #compressed(payload: Uint8Array): Uint8Array | undefined {
    if ((this.#context.network.descriptor.policy & Policy.COMPRESSED_BROADCASTS) === 0) return undefined;
    // r[mesh.compressed.gain] also
    return compress(Compression.DEFLATE, payload);
  }

  #nextSequence(now: number): bigint {
    const clock = BigInt(now) * 1000n;
    // r[mesh.sequence.first] mutate: `clock > this.#floor` => `false`
    if (this.#isFirst && clock > this.#floor) return clock;
    // r[mesh.sequence.next] mutate: `1n` => `2n`
    return this.#floor + 1n;
  }

  /** STALE_SEQUENCE has come: answers whether the sequence was changed; `undefined` when it tells nothing new. */
  receiveStale(highest: bigint, now: number): boolean | undefined {
    if (highest <= this.#last) return undefined;
    // The next one lies above it anyway.
    if (highest < this.#nextSequence(now)) return false;
    const { STALE_AHEAD_S, STALE_INTERVAL_MS } = this.#context.limits;
    // r[stale.ahead]
    if (highest > BigInt(now) * 1000n + BigInt(STALE_AHEAD_S) * 1_000_000n) return false;
    // r[stale.interval]
    if (now - this.#changedAt < STALE_INTERVAL_MS) return false;
    this.#changedAt = now;
    // r[stale.take]
    this.#floor = highest;
    return true;
  }

  #sign(content: Uint8Array, id: Uint8Array, release: Release): void {
    let signature: Uint8Array;
    const entry = {
      isDecided: false,
      bytes: content.length,
      run: () => release(concatBytes(Uint8Array.of(signature.length), signature, content)),
    };
    this.#lane.push(entry);
    this.#context.signatures.sign({ message: broadcastMessage(id) }, (made) => {
      signature = made;
      entry.isDecided = true;
      this.#lane.drain();
    });
  }

  /** Runs an action when every broadcast made so far was released. */
  afterReleased(run: () => void): void {
    this.#lane.push({ isDecided: true, bytes: 0, run });
    this.#lane.drain();
  }

  /** Bytes of broadcasts that wait for their signature. */
  get pendingBytes(): number {
    return this.#lane.bytes;
  }
}
