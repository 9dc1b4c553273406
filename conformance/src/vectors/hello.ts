// Vectors of HELLO and PROOF as their senders and receivers meet them (3.3, 3.4): the example handshake, greased HELLOs, the proof's digest.
import {
  checkSignature,
  concat,
  decodeMessage,
  encodeMessage,
  filled,
  flipped,
  lengthField,
  proofDigest,
  sign,
  signedBytes,
  toHex,
  utf8,
  varintField,
  type Bytes,
  type ProofTranscript,
} from "../golden/index.js";
import { bindingExamples, type BindingExample } from "./examples-binding.js";
import { examples, exampleTranscript } from "./examples.js";
import { full } from "./messages.js";
import type { VectorFile } from "./types.js";
import { decoding, VectorSet } from "./vector-set.js";
import { alice, bob } from "./world.js";

const { handshake } = examples;

function hellos(): VectorFile {
  const set = new VectorSet("hello", "hello", "HELLO payloads");
  const subject = decoding("message", {}, { name: "Hello" });
  const accept = (name: string, bytes: Bytes, rule: string, comment: string): void =>
    set.accept(name, subject.op, subject.input(bytes), { rules: [rule], comment });
  accept("initiator", handshake.initiatorHello, "session.hello.decode", "the initiator's HELLO of the example");
  accept("responder", handshake.responderHello, "session.hello.decode", "the responder's HELLO of the example");
  const greased = { ...full.Hello, compressions: [0, 15, 4_294_967_295], features: [1, 0x7f1b, 4_294_967_295], bindingKinds: [9, 200] };
  accept("greased", encodeMessage("Hello", greased), "session.hello.optional", "compressions, features and binding kinds that nobody knows");
  accept("even-feature", encodeMessage("Hello", { ...full.Hello, features: [2] }), "session.hello.decode", "an even feature is for the session to refuse, not for the decoder");
  const unknown = concat(handshake.initiatorHello, varintField(900, 1), lengthField(999, utf8("grease")));
  accept("unknown-fields", unknown, "payload.unknown", "fields of a later version");
  const badRecord = { ...full.Hello, record: filled(120, 7) };
  accept("garbage-record", encodeMessage("Hello", badRecord), "session.hello.decode", "120 bytes that are no record: for the session to refuse");
  const reject = (name: string, bytes: Bytes, comment: string): void =>
    set.reject(name, subject.op, subject.input(bytes), "MALFORMED", { rules: ["session.hello.decode"], comment, control: "initiator" });
  const bytes = handshake.initiatorHello;
  for (const at of [1, 2, 10, 33, 34, 35, 69, 70, 100, 191, bytes.length - 12, bytes.length - 1]) {
    if (at < bytes.length) reject(`hello-truncated@${at}`, bytes.slice(0, at), `the first ${at} of ${bytes.length} bytes`);
  }
  reject("hello-empty", filled(0), "nothing at all");
  reject("hello-garbage", filled(64, 0xff), "no Protobuf at all");
  reject("hello-trailing", concat(bytes, filled(1)), "a 00 behind: field number 0");
  reject("hello-http", utf8("GET / HTTP/1.1\r\n\r\n"), "another protocol");
  return set.file;
}

const linkTranscript = (transcript: ProofTranscript): Record<string, unknown> => ({
  type: "proofDigest",
  role: transcript.role,
  initiatorPreface: toHex(transcript.initiatorPreface),
  responderPreface: toHex(transcript.responderPreface),
  initiatorHello: toHex(transcript.initiatorHello),
  responderHello: toHex(transcript.responderHello),
  bindingKind: transcript.bindingKind,
  binding: toHex(transcript.binding),
});

function digests(): VectorFile {
  const set = new VectorSet("proof", "digest", "What a PROOF signs: every part of the transcript counts");
  const accept = (name: string, changes: Partial<ProofTranscript>, comment: string): void => {
    const input = linkTranscript({ ...exampleTranscript(0), ...changes });
    set.accept(name, "codec.derive", input, { rules: ["session.proof.verify"], comment });
  };
  const base = exampleTranscript(0);
  accept("digest-initiator", {}, "the initiator's");
  accept("digest-responder", { role: 1 }, "the responder's");
  accept("digest-initiator-preface", { initiatorPreface: flipped(base.initiatorPreface, 6, 2) }, "another preface of the initiator");
  accept("digest-responder-preface", { responderPreface: flipped(base.responderPreface, 6, 2) }, "another preface of the responder");
  accept("digest-initiator-hello", { initiatorHello: flipped(base.initiatorHello, 40) }, "another HELLO of the initiator");
  accept("digest-responder-hello", { responderHello: flipped(base.responderHello, 40) }, "another HELLO of the responder");
  const again = concat(base.initiatorHello, varintField(900, 1));
  accept("digest-unknown-field", { initiatorHello: again }, "a HELLO with an unknown field is hashed as it was sent");
  accept("digest-swapped", { initiatorHello: base.responderHello, responderHello: base.initiatorHello }, "the HELLOs swapped");
  accept("digest-empty-hello", { initiatorHello: filled(0) }, "an empty HELLO payload");
  accept("digest-kind", { bindingKind: 4 }, "binding kind 4");
  for (const [name, { says, transcript }] of Object.entries<BindingExample>(bindingExamples)) {
    accept(`digest-${name}`, transcript, `binding kind ${transcript.bindingKind}: ${says}`);
  }
  accept("digest-binding", { bindingKind: 4, binding: filled(32, 0xab) }, "binding kind 4 with a binding");
  return set.file;
}

function proofs(): VectorFile {
  const set = new VectorSet("proof", "signature", "Signatures of the example's PROOFs, and such that prove nothing");
  const proof = (bytes: Bytes): Bytes => decodeMessage("Proof", bytes)["signature"] as Bytes;
  const signedBy = (role: number): Bytes => signedBytes("motet/1 proof", proofDigest(exampleTranscript(role)));
  const sides = [
    { name: "initiator", role: 0, who: alice, signature: proof(handshake.initiatorProof) },
    { name: "responder", role: 1, who: bob, signature: proof(handshake.responderProof) },
  ] as const;
  const rules = ["session.proof.verify"];
  for (const [index, { name, role, who, signature }] of sides.entries()) {
    const input = { type: "verify", nodeId: toHex(who.id), message: toHex(signedBy(role)), signature: toHex(signature) };
    checkSignature(who.id, signedBy(role), signature);
    set.accept(`${name}-proof`, "codec.derive", input, { rules, comment: `the ${name}'s proof`, control: `${name}-proof-reflected` });
    const reject = (defect: string, changes: Record<string, unknown>, comment: string): void =>
      set.reject(`${name}-proof-${defect}`, "codec.derive", { ...input, ...changes }, "BAD_SIGNATURE", { rules, comment, control: `${name}-proof` });
    const otherSide = sides[1 - index] as (typeof sides)[number];
    reject("reflected", { signature: toHex(otherSide.signature) }, "the other side's proof, sent back");
    reject("other-role", { message: toHex(signedBy(1 - role)) }, "over the digest with the other role");
    reject("other-node", { nodeId: toHex(otherSide.who.id) }, "under the other node's id");
    const replay = proofDigest({ ...exampleTranscript(role), [`${otherSide.name}Hello`]: flipped(handshake.initiatorHello, 40) });
    reject("replayed", { message: toHex(signedBytes("motet/1 proof", replay)) }, "from a session with another nonce");
    const relayed = sign(who.seed, "motet/1 proof", proofDigest({ ...exampleTranscript(role), bindingKind: 4, binding: filled(32, 1) }));
    reject("relayed", { signature: toHex(relayed) }, "over another channel binding");
    const derive = { type: "signature", seed: toHex(who.seed), domain: "motet/1 proof", digest: toHex(proofDigest(exampleTranscript(role))) };
    set.accept(`${name}-proof-sign`, "codec.derive", derive, { rules, comment: `how the ${name} signs` });
  }
  const subject = decoding("message", {}, { name: "Proof" });
  for (const [name, bytes] of [["initiator", handshake.initiatorProof], ["responder", handshake.responderProof]] as const) {
    set.accept(`${name}-proof-payload`, subject.op, subject.input(bytes), { rules: ["session.proof.decode"], comment: `the ${name}'s PROOF payload of the example` });
  }
  return set.file;
}

export const helloVectors = (): VectorFile[] => [hellos(), digests(), proofs()];
