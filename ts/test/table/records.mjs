// Records of the simulation: real ids, positions and digests are hashes; here they are hashes too, shorter made. Nothing is signed,
// because what is judged here are the machines behind the signatures.
import { createHash } from "node:crypto";
import { Position } from "../../dist/chord/index.js";

const hash = (...parts) => {
  const hasher = createHash("sha256");
  for (const part of parts) hasher.update(part);
  return new Uint8Array(hasher.digest());
};

export const Kind = { SHARED: 1, OWNED: 2, IMMUTABLE: 3 };
const none = new Uint8Array(0);
const signature = new Uint8Array(64);
const encodedBytes = 300;

/** A key with its id; what was written under it is the ledger's business. */
export function makeKey(kind, name) {
  const key = new TextEncoder().encode(name);
  const keyId = hash("key", Uint8Array.of(kind), key);
  return { kind, name, key, keyId, hex: hexOf(keyId) };
}

export const hexOf = (bytes) => Buffer.from(bytes).toString("hex");

const positionsOfKey = 16;

/** Positions of keys; looked at often, so remembered, for each array that is a key id. */
export class Positions {
  #known = new WeakMap();

  of = (keyId, number) => {
    let positions = this.#known.get(keyId);
    if (positions === undefined) this.#known.set(keyId, (positions = Array(positionsOfKey).fill(undefined)));
    return (positions[number] ??= Position.fromBytes(hash("table", Uint8Array.of(number), keyId)));
  };
}

/** A record as the machines take it. @param ttlMs how long it lives; isDeleted: a tombstone */
export function makeRecord(key, { writer, sequence, now, ttlMs, isDeleted = false, value }) {
  const isImmutable = key.kind === Kind.IMMUTABLE;
  const [issued, expires] = [BigInt(now), BigInt(now + ttlMs)];
  const flags = isDeleted ? 1 : 0;
  const digest = hash(key.keyId, `${writer} ${sequence} ${issued} ${expires} ${flags} ${value}`);
  return {
    kind: key.kind,
    key: key.key,
    keyId: key.keyId,
    writer: isImmutable ? none : hash(writer),
    sequence: isImmutable ? 0n : sequence,
    issued,
    expires,
    flags,
    value: new TextEncoder().encode(isDeleted ? "" : value),
    signature: isImmutable ? none : signature,
    digest,
    bytes: new Uint8Array(encodedBytes),
  };
}

export const isTombstone = ({ flags }) => (flags & 1) === 1;
