// Certificates of an authority of the tests' own, as an operator would have them who validates.

import { webcrypto } from "node:crypto";
import { KeyObject } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { ServerCertificate } from "../../src/transport/index.js";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const hourMs = 3_600_000;

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - hourMs), notAfter: new Date(Date.now() + hourMs) };
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);

export interface Certified {
  /** PEM of the authority's certificate. */
  readonly authority: string;
  /** What a responder shows, signed by the authority. */
  readonly shown: ServerCertificate;
}

/** A new authority, and a certificate of it for hosts. */
export async function certify(hosts: readonly { type: "ip" | "dns"; value: string }[]): Promise<Certified> {
  const [authorityKeys, keys] = [await newKeys(), await newKeys()];
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=authority",
    ...validity(),
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "02",
    subject: "CN=node",
    issuer: authority.subject,
    ...validity(),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [new x509.SubjectAlternativeNameExtension([...hosts])],
  });
  const key = String(KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }));
  return { authority: authority.toString("pem"), shown: { key, certificate: certificate.toString("pem") } };
}
