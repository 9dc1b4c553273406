// Keys and signatures (1.1, 1.2): the byte checks of the specification first, then the platform's verification.
// node:crypto verifies without cofactor, as the specification asks; key objects are cached, for making one costs more than a signature.
import {
  createPrivateKey,
  createPublicKey,
  sign as cryptoSign,
  verify as cryptoVerify,
  type KeyObject,
} from "node:crypto";
import { concat, fromHex, toHex, withByte, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";
import { signedBytes } from "./hash.js";

/** Order of the base point: r[sig.s.range]. */
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
/** The prime of the field. */
export const PRIME = 2n ** 255n - 19n;

const SPKI = fromHex("302a300506032b6570032100");
const CACHE = 4096;
/** A JWK is read ten times as fast as DER. The platform makes a private key of `d` alone, but wants to see some `x`. */
const JWK = { kty: "OKP", crv: "Ed25519", x: Buffer.alloc(32).toString("base64url") };

/** The five y of r[id.key.valid], as little-endian hex. */
export const REFUSED_Y: readonly string[] = [
  "00".repeat(32),
  "01" + "00".repeat(31),
  "ec" + "ff".repeat(30) + "7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];

/** Little-endian bytes as an integer. */
export function littleEndian(bytes: Bytes): bigint {
  return BigInt(`0x0${toHex(Uint8Array.from(bytes).toReversed())}`);
}

/** An integer as little-endian bytes. */
export function toLittleEndian(value: bigint, size = 32): Bytes {
  return fromHex(value.toString(16).padStart(size * 2, "0")).toReversed();
}

/** r[id.key.valid] for a node id, r[sig.r.valid] for R. */
export function isValidPoint(bytes: Bytes): boolean {
  if (bytes.length !== 32) return false;
  const y = withByte(bytes, 31, (bytes[31] ?? 0) & 0x7f);
  return littleEndian(y) < PRIME && !REFUSED_Y.includes(toHex(y));
}

/** Throws BAD_KEY unless the bytes pass r[id.key.valid]. */
export function checkKey(nodeId: Bytes): void {
  if (!isValidPoint(nodeId)) throw new GoldenError("BAD_KEY", "id.key.valid", `no node id: ${toHex(nodeId)}`);
}

const privateKeys = new Map<string, KeyObject>();
const publicKeys = new Map<string, KeyObject>();

function cached(keys: Map<string, KeyObject>, id: Bytes, make: () => KeyObject): KeyObject {
  const name = toHex(id);
  const found = keys.get(name);
  if (found !== undefined) return found;
  if (keys.size >= CACHE) keys.clear();
  const made = make();
  keys.set(name, made);
  return made;
}

function privateKey(seed: Bytes): KeyObject {
  return cached(privateKeys, seed, () =>
    createPrivateKey({ key: { ...JWK, d: Buffer.from(seed).toString("base64url") }, format: "jwk" }),
  );
}

function publicKey(nodeId: Bytes): KeyObject {
  return cached(publicKeys, nodeId, () =>
    createPublicKey({ key: Buffer.from(concat(SPKI, nodeId)), format: "der", type: "spki" }),
  );
}

/** Node id of a seed: the Ed25519 public key. */
export function nodeIdOf(seed: Bytes): Bytes {
  const { x = "" } = createPublicKey(privateKey(seed)).export({ format: "jwk" });
  return new Uint8Array(Buffer.from(x, "base64url"));
}

/** Ed25519 signature over exactly these bytes. */
export function signBytes(seed: Bytes, message: Bytes): Bytes {
  return new Uint8Array(cryptoSign(null, message, privateKey(seed)));
}

/** Sign(domain, digest) of section 0.2. */
export function sign(seed: Bytes, domain: string, digest: Bytes): Bytes {
  return signBytes(seed, signedBytes(domain, digest));
}

/** The platform's verification alone, without the byte checks: for comparing libraries. A failure to decode is false. */
export function platformVerify(nodeId: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    return cryptoVerify(null, message, publicKey(nodeId), signature);
  } catch {
    return false;
  }
}

/** Throws BAD_SIGNATURE with the rule of 1.2 that the signature breaks. */
export function checkSignature(nodeId: Bytes, message: Bytes, signature: Bytes): void {
  const bad = (rule: string, detail: string): never => {
    throw new GoldenError("BAD_SIGNATURE", rule, detail);
  };
  if (signature.length !== 64) bad("sig.equation", `a signature has 64 bytes, here ${signature.length}`);
  if (littleEndian(signature.subarray(32)) >= ORDER) bad("sig.s.range", "S is not below L");
  if (!isValidPoint(signature.subarray(0, 32))) bad("sig.r.valid", "R is not canonical or of small order");
  if (!isValidPoint(nodeId)) bad("sig.key.valid", "the key is not canonical or of small order");
  if (!platformVerify(nodeId, message, signature)) bad("sig.equation", "the equation does not hold");
}

/** Verify(domain, digest, key, signature) of section 0.2, throwing. */
export function verify(domain: string, digest: Bytes, nodeId: Bytes, signature: Bytes): void {
  checkSignature(nodeId, signedBytes(domain, digest), signature);
}

/** checkSignature as a boolean. */
export function verifies(nodeId: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    checkSignature(nodeId, message, signature);
    return true;
  } catch {
    return false;
  }
}
