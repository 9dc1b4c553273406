// Message ids: section 4.3. Keeps one scratch buffer, since this runs once per first copy of every broadcast.

import type { Hasher, VerifyRequest } from "../ports/index.js";
import { Domain } from "./domains.js";
import { passesSignatureChecks } from "./keys.js";
import type { Network } from "./network.js";

const initialScratchBytes = 4096;

export class MessageHasher {
  readonly #hasher: Hasher;
  readonly #prefixBytes: number;
  #scratch: Uint8Array;

  constructor(hasher: Hasher, network: Network) {
    this.#hasher = hasher;
    this.#prefixBytes = Domain.MESSAGE.length + network.id.length;
    this.#scratch = new Uint8Array(initialScratchBytes);
    this.#scratch.set(Domain.MESSAGE);
    this.#scratch.set(network.id, Domain.MESSAGE.length);
  }

  /** Message id of the content at `bytes[start … end)`, 32 new bytes. */
  idOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const total = this.#prefixBytes + end - start;
    if (total > this.#scratch.length) this.#grow(total);
    this.#scratch.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), this.#prefixBytes);
    return this.#hasher.sha256(this.#scratch.subarray(0, total));
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, 2 * this.#scratch.length));
    larger.set(this.#scratch.subarray(0, this.#prefixBytes));
    this.#scratch = larger;
  }
}

/** The message that an origin signs: domain ‖ 00 ‖ message id. */
export function broadcastMessage(id: Uint8Array): Uint8Array {
  const message = new Uint8Array(Domain.MESSAGE.length + id.length);
  message.set(Domain.MESSAGE);
  message.set(id, Domain.MESSAGE.length);
  return message;
}

/** The request that decides whether a broadcast is its origin's; `undefined` when the byte checks have decided already. */
export function broadcastVerification(
  origin: Uint8Array,
  id: Uint8Array,
  signature: Uint8Array,
): VerifyRequest | undefined {
  if (!passesSignatureChecks(origin, signature)) return undefined;
  return { key: origin, message: broadcastMessage(id), signature };
}
