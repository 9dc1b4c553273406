// Vectors of Ed25519 (1.2): what every implementation must verify alike, down to the inputs on which libraries differ.
import {
  concat,
  flipped,
  fromHex,
  ORDER,
  platformVerify,
  signBytes,
  signedBytes,
  toHex,
  toLittleEndian,
  utf8,
  type Bytes,
} from "../golden/index.js";
import { equationHolds } from "./edwards25519.js";
import { mixedSignature, offCurve, smallKeySignature, smallNonceSignature, withLargeS, type Signed } from "./signature-forge.js";
import type { VectorFile } from "./types.js";
import { VectorSet, type About } from "./vector-set.js";
import { alice, badKeys, bob } from "./world.js";

const EQUATION = ["sig.equation"];
const message = utf8("a message");
const good: Signed = { nodeId: alice.id, message, signature: signBytes(alice.seed, message) };

const input = ({ nodeId, message: text, signature }: Signed): Record<string, unknown> => ({
  type: "verify",
  nodeId: toHex(nodeId),
  message: toHex(text),
  signature: toHex(signature),
});

/** What verifies says nothing but yes, so every acceptance has a refusal for its control: the same with one bit of S flipped. */
function accept(set: VectorSet, name: string, signed: Signed, about: About): void {
  set.accept(name, "codec.derive", input(signed), { ...about, control: `${name}-flipped` });
  const signature = flipped(signed.signature, 32);
  set.reject(`${name}-flipped`, "codec.derive", input({ ...signed, signature }), "BAD_SIGNATURE", {
    rules: EQUATION,
    comment: `like ${name}, one bit of S flipped`,
    control: name,
  });
}

function reject(set: VectorSet, name: string, signed: Signed, about: About & { control?: string }): void {
  set.reject(name, "codec.derive", input(signed), "BAD_SIGNATURE", { control: "valid", ...about });
}

const RFC: readonly (readonly [string, string, string, string])[] = [
  [
    "rfc8032-1",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "rfc8032-2",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "rfc8032-3",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
];

function ordinary(): VectorFile {
  const set = new VectorSet("signature", "verify", "Signatures that verify, and such with a plain defect");
  const all = [...EQUATION, "sig.s.range", "sig.r.valid", "sig.key.valid"];
  accept(set, "valid", good, { rules: all, comment: "a plain signature" });
  accept(set, "valid-empty", { ...good, message: new Uint8Array(), signature: signBytes(alice.seed, new Uint8Array()) }, { rules: EQUATION, comment: "an empty message" });
  const long = new Uint8Array(5000).fill(0x5a);
  accept(set, "valid-long", { ...good, message: long, signature: signBytes(alice.seed, long) }, { rules: EQUATION, comment: "5,000 bytes" });
  for (const [name, nodeId, text, signature] of RFC) {
    const signed = { nodeId: fromHex(nodeId), message: fromHex(text), signature: fromHex(signature) };
    accept(set, `valid-${name}`, signed, { rules: EQUATION, comment: "RFC 8032, section 7.1", source: "RFC 8032" });
  }
  for (let at = 0; at < 64; at++) {
    const signature = flipped(good.signature, at, 1 << (at % 8));
    reject(set, `byte-flipped@${at}`, { ...good, signature }, { rules: EQUATION, comment: `one bit of byte ${at} of the signature is wrong` });
  }
  const [r, s] = [good.signature.slice(0, 32), good.signature.slice(32)];
  const plain: readonly (readonly [string, Signed, string])[] = [
    ["other-message", { ...good, message: utf8("a messagE") }, "signature of another message"],
    ["other-key", { ...good, nodeId: bob.id }, "signature by another key"],
    ["empty-message", { ...good, message: new Uint8Array() }, "signature of a message, none there"],
    ["halves-swapped", { ...good, signature: concat(s, r) }, "S before R"],
    ["zeros", { ...good, signature: new Uint8Array(64) }, "64 zero bytes"],
    ["other-r", { ...good, signature: concat(signBytes(alice.seed, utf8("x")).slice(0, 32), s) }, "R of another signature"],
    ["s-big-endian", { ...good, signature: concat(r, s.toReversed()) }, "S read from the wrong end"],
  ];
  for (const [name, signed, comment] of plain) reject(set, name, signed, { rules: EQUATION, comment });
  return set.file;
}

function ranges(): VectorFile {
  const set = new VectorSet("signature", "byte-checks", "S, R and the key are looked at as bytes, before anything is computed");
  for (let times = 1; times <= 15; times++) {
    const signature = withLargeS(good.signature, BigInt(times));
    if (!equationHolds(good.nodeId, message, signature)) throw new Error("S + L must satisfy the equation");
    reject(set, `s-plus-${times}-l`, { ...good, signature }, { rules: ["sig.s.range"], comment: `S + ${times} L: the equation holds, S is out of range` });
  }
  const r = good.signature.slice(0, 32);
  for (const [name, s] of [["l", ORDER], ["l-plus-1", ORDER + 1n], ["max", 2n ** 256n - 1n]] as const) {
    const signature = concat(r, toLittleEndian(s));
    reject(set, `s-${name}`, { ...good, signature }, { rules: ["sig.s.range"], comment: `S = ${name}, not below L` });
  }
  const below = concat(r, toLittleEndian(ORDER - 1n));
  reject(set, "s-l-minus-1", { ...good, signature: below }, { rules: EQUATION, comment: "S = L − 1 is in range; the equation does not hold" });
  badKeys().forEach(({ name, bytes, comment }, count) => {
    const key = smallKeySignature(bytes, count + 1);
    reject(set, `key-${name}`, key, { rules: ["sig.key.valid", "id.key.valid"], comment: `key: ${comment}` });
    const nonce = smallNonceSignature(alice.seed, bytes);
    reject(set, `r-${name}`, nonce, { rules: ["sig.r.valid"], comment: `R: ${comment}`, control: "mixed-key-1" });
  });
  return set.file;
}

function mixed(): VectorFile {
  const set = new VectorSet("signature", "cofactor", "Without the cofactor: keys and R with a part of small order");
  for (const torsion of [1, 2, 4]) {
    const signed = mixedSignature(alice.seed, torsion, 0, true);
    check(signed, true);
    accept(set, `mixed-key-${torsion}`, signed, { rules: EQUATION, comment: `key = aB + T, T of order ${8 / torsion}; the equation holds as it stands` });
  }
  const both = mixedSignature(bob.seed, 1, 3, true);
  check(both, true);
  accept(set, "mixed-both", both, { rules: EQUATION, comment: "key and R of mixed order, and both parts cancel" });
  const cofactored: readonly (readonly [string, number, number, string])[] = [
    ["cofactored-r", 0, 1, "R = rB + T: holds only when multiplied by the cofactor"],
    ["cofactored-r-order-2", 0, 4, "R = rB + T, T of order 2: holds only when multiplied by the cofactor"],
    ["cofactored-key", 1, 0, "key = aB + T: holds only when multiplied by the cofactor"],
    ["cofactored-both", 2, 1, "key and R of mixed order: holds only when multiplied by the cofactor"],
  ];
  for (const [name, key, nonce, comment] of cofactored) {
    const signed = mixedSignature(alice.seed, key, nonce, false);
    check(signed, false);
    if (!equationHolds(signed.nodeId, signed.message, signed.signature, 8n)) throw new Error(`${name} must hold with the cofactor`);
    reject(set, name, signed, { rules: EQUATION, comment, control: "mixed-key-1" });
  }
  const nowhere = offCurve(alice.seed);
  reject(set, "key-off-curve", { ...good, nodeId: nowhere }, { rules: EQUATION, comment: "the key decodes to no point" });
  const signature = concat(nowhere, good.signature.slice(32));
  reject(set, "r-off-curve", { ...good, signature }, { rules: EQUATION, comment: "R decodes to no point" });
  return set.file;
}

/** The arithmetic here and the platform's must agree: both compute the equation without cofactor. */
function check({ nodeId, message: text, signature }: Signed, holds: boolean): void {
  if (equationHolds(nodeId, text, signature) !== holds) throw new Error("the equation is not as wanted");
  if (platformVerify(nodeId, text, signature) !== holds) throw new Error("this platform verifies otherwise");
}

const DOMAINS = ["motet/1 network", "motet/1 work", "motet/1 peer", "motet/1 proof", "motet/1 message"];

function domains(): VectorFile {
  const set = new VectorSet("signature", "domains", "Sign(domain, digest) is a signature over domain, 00, digest");
  const digest = new Uint8Array(32).fill(0x11);
  for (const domain of DOMAINS.slice(2)) {
    const name = domain.slice("motet/1 ".length);
    const derive = { type: "signature", seed: toHex(alice.seed), domain, digest: toHex(digest) };
    set.accept(`sign-${name}`, "codec.derive", derive, { rules: EQUATION, comment: `signature in the domain ${domain}` });
    const text: Bytes = signedBytes(domain, digest);
    accept(set, `domain-${name}`, { ...good, message: text, signature: signBytes(alice.seed, text) }, { rules: EQUATION, comment: `what is signed in ${domain}` });
    for (const wrong of DOMAINS.filter((one) => one !== domain)) {
      const signature = signBytes(alice.seed, signedBytes(wrong, digest));
      const comment = `signed in ${wrong}`;
      reject(set, `domain-${name}-not-${wrong.slice(8)}`, { ...good, message: text, signature }, { rules: EQUATION, comment, control: `domain-${name}` });
    }
    reject(set, `domain-${name}-bare`, { ...good, message: text, signature: signBytes(alice.seed, digest) }, { rules: EQUATION, comment: "a bare digest was signed", control: `domain-${name}` });
  }
  return set.file;
}

export const signatureVectors = (): VectorFile[] => [ordinary(), ranges(), mixed(), domains()];
