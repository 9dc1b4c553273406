// Makes signatures that no honest signer makes, with the arithmetic of the curve: for each a statement of what lax verifiers do with it.
import { concat, filled, flipped, littleEndian, nodeIdOf, ORDER, toLittleEndian, uint, utf8, type Bytes } from "../golden/index.js";
import { add, BASE, challenge, decodePoint, encodePoint, multiply, scalarOf, smallOrderPoints, type Point } from "./edwards25519.js";

export interface Signed {
  readonly nodeId: Bytes;
  readonly message: Bytes;
  readonly signature: Bytes;
}

/** Some secret scalar below L, different for each number. */
const nonce = (count: number): bigint => (scalarOf(filled(32, count)) * 8n + 3n) % ORDER;

/** Counts messages until one gives a signature; every message is its label and a number. */
function search(label: string, attempt: (message: Bytes) => Signed | undefined): Signed {
  for (let count = 0; ; count++) {
    const found = attempt(concat(utf8(label), uint(count, 2)));
    if (found !== undefined) return found;
  }
}

/**
 * A = aB + T, R = rB + U with small-order T and U, S = r + ka. `cancel` says whether U + kT must be zero (then the equation
 * holds as it stands) or must not be (then it holds only with the cofactor).
 */
export function mixedSignature(seed: Bytes, keyTorsion: number, nonceTorsion: number, cancel: boolean): Signed {
  const points = smallOrderPoints();
  const a = scalarOf(seed);
  const r = nonce(keyTorsion * 8 + nonceTorsion + 1);
  const nodeId = encodePoint(add(multiply(BASE, a), points[keyTorsion] as Point));
  const R = encodePoint(add(multiply(BASE, r), points[nonceTorsion] as Point));
  return search(`mixed ${keyTorsion} ${nonceTorsion}`, (message) => {
    const k = challenge(R, nodeId, message);
    const left = (BigInt(nonceTorsion) + k * BigInt(keyTorsion)) % 8n;
    if ((left === 0n) !== cancel) return undefined;
    return { nodeId, message, signature: concat(R, toLittleEndian((r + k * a) % ORDER)) };
  });
}

/** A key that is small-order bytes (any encoding); the equation holds without cofactor once decoded, wherever it decodes. */
export function smallKeySignature(nodeId: Bytes, count: number): Signed {
  const r = nonce(count);
  const R = encodePoint(multiply(BASE, r));
  return search("small key", (message) => {
    const holds = challenge(R, nodeId, message) % 8n === 0n;
    return holds ? { nodeId, message, signature: concat(R, toLittleEndian(r)) } : undefined;
  });
}

/** R is small-order bytes; under a mixed key, so that the equation holds without cofactor wherever R decodes. */
export function smallNonceSignature(seed: Bytes, R: Bytes): Signed {
  const points = smallOrderPoints();
  const a = scalarOf(seed);
  const nodeId = encodePoint(add(multiply(BASE, a), points[1] as Point));
  const point = decodePoint(R);
  const index = BigInt(Math.max(0, points.findIndex(({ x, y }) => x === point?.x && y === point.y)));
  return search("small nonce", (message) => {
    const k = challenge(R, nodeId, message);
    if ((index + k) % 8n !== 0n) return undefined;
    return { nodeId, message, signature: concat(R, toLittleEndian((k * a) % ORDER)) };
  });
}

/** The same signature with S + times · L, which a verifier that reduces S takes for the same. */
export function withLargeS(signature: Bytes, times: bigint): Bytes {
  return concat(signature.slice(0, 32), toLittleEndian(littleEndian(signature.slice(32)) + times * ORDER));
}

/** 32 bytes near a valid key whose y is on no point. */
export function offCurve(seed: Bytes): Bytes {
  for (let at = 0; ; at++) {
    const candidate = flipped(nodeIdOf(seed), at % 31, 1 << (at % 7));
    if (decodePoint(candidate) === undefined) return candidate;
  }
}
