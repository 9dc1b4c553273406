// Hashing, randomness and Ed25519 of the platform. OpenSSL's verification has no cofactor, as section 1.2 demands.

import { createPrivateKey, createPublicKey, hash, randomBytes, sign, verify, type KeyObject } from "node:crypto";
import type { Hasher, Random } from "../ports/index.js";

const hashBytes = 32;

/** A text of one byte per character as bytes of their own; a Buffer would share its memory, and so would its `slice`. */
function bytesOfText(text: string): Uint8Array {
  const bytes = new Uint8Array(hashBytes);
  for (let i = 0; i < hashBytes; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export const hasher: Hasher = {
  // The hash as such a text comes twice as fast as in a buffer.
  sha256: (data) => bytesOfText(hash("sha256", data, "binary")),
  equals: (a, b) => Buffer.compare(a, b) === 0,
};
export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };

/** DER in front of the 32 bytes of an Ed25519 private key (RFC 8410). */
const privateKeyHead = Buffer.from("302e020100300506032b657004220420", "hex");
/** DER in front of the 32 bytes of an Ed25519 public key. */
const publicKeyHead = Buffer.from("302a300506032b6570032100", "hex");
const cachedKeys = 4096;

/** The private key of a seed. */
export function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([privateKeyHead, seed]), format: "der", type: "pkcs8" });
}

/** The 32 public bytes of a private key. */
export function publicBytesOf(privateKey: KeyObject): Uint8Array {
  const der = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return new Uint8Array(der.subarray(publicKeyHead.length));
}

/** Public keys by their bytes: importing one costs as much as a fifth of a verification. */
class KeyCache {
  readonly #keys = new Map<string, KeyObject>();

  get(bytes: Uint8Array): KeyObject {
    const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = createPublicKey({ key: Buffer.concat([publicKeyHead, bytes]), format: "der", type: "spki" });
    const [oldest] = this.#keys.keys();
    if (this.#keys.size >= cachedKeys && oldest !== undefined) this.#keys.delete(oldest);
    this.#keys.set(name, key);
    return key;
  }
}

const keys = new KeyCache();

/** Verifies at once; a key that does not decode verifies nothing. */
export function verifyNow(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    // r[sig.equation] mutate: `verify(null, message, keys.get(key), signature)` => `true`
    return verify(null, message, keys.get(key), signature);
  } catch {
    return false;
  }
}

/** Verifies on another thread. */
export function verifyLater(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  done: (valid: boolean) => void,
): void {
  try {
    verify(null, message, keys.get(key), signature, (error, valid) => done(error === null && valid));
  } catch {
    setImmediate(done, false);
  }
}

export function signNow(privateKey: KeyObject, message: Uint8Array): Uint8Array {
  return sign(null, message, privateKey);
}

/** Signs on another thread. */
export function signLater(privateKey: KeyObject, message: Uint8Array, done: (signature: Uint8Array) => void): void {
  sign(null, message, privateKey, (error, signature) => {
    if (error !== null) throw error;
    done(signature);
  });
}
