// What PROOF signs over each kind of channel binding (6.4), as the specification shows it. Each is a vector.
import { createPrivateKey, createPublicKey } from "node:crypto";
import {
  domainHash,
  fromHex,
  PREFACE_V1,
  selfSigned,
  sha256,
  utf8,
  concat,
  type Bytes,
  type ProofTranscript,
} from "../golden/index.js";
import { helloPair } from "./examples.js";
import { seedOf } from "./world.js";

const [CERTIFICATE, AUTHORITY, EXPORTER] = [1, 3, 4];

/** Any 32 bytes may come out of an exporter. */
const exporterBytes: Bytes = sha256(utf8("motet vectors: exporter"));

/** Self-signed, of a key of its own. */
function makeCertificate(): Bytes {
  const key = concat(fromHex("302e020100300506032b657004220420"), seedOf("certificate"));
  const privateKey = createPrivateKey({ key: Buffer.from(key), format: "der", type: "pkcs8" });
  const dates = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2036-01-01T00:00:00Z") };
  return selfSigned({ name: "node.example", privateKey, publicKey: createPublicKey(privateKey), ...dates, serial: 1 });
}

export const certificate: Bytes = makeCertificate();

/** A `wss` address as it is dialled. */
export const authority = "wss://node.example:443/motet";

function transcript(kind: number, binding: Bytes, ofInitiator: readonly number[], ofResponder: readonly number[]): ProofTranscript {
  const [initiatorHello, responderHello] = helloPair(ofInitiator, ofResponder);
  const prefaces = { initiatorPreface: PREFACE_V1, responderPreface: PREFACE_V1 };
  return { role: 0, ...prefaces, initiatorHello, responderHello, bindingKind: kind, binding };
}

export interface BindingExample {
  readonly says: string;
  readonly transcript: ProofTranscript;
}

export const bindingExamples = {
  exporter: { says: "both sides have an exporter", transcript: transcript(EXPORTER, exporterBytes, [EXPORTER, CERTIFICATE], [EXPORTER, CERTIFICATE]) },
  certificate: { says: "the initiator has none", transcript: transcript(CERTIFICATE, sha256(certificate), [CERTIFICATE], [EXPORTER, CERTIFICATE]) },
  authority: { says: "a browser dials a node behind a proxy", transcript: transcript(AUTHORITY, domainHash("motet/1 authority", utf8(authority)), [AUTHORITY], [AUTHORITY]) },
} as const satisfies Readonly<Record<string, BindingExample>>;
