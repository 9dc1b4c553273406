// The certificate that a responder shows when its operator gave none: self-signed, of a key made for it alone. It proves
// nothing about the node; the channel binding does that (6.4).

import { KeyObject, randomBytes, webcrypto } from "node:crypto";
import type { ServerCertificate } from "./settings.js";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;
/** Clocks differ, and some libraries look at the dates even where nothing is validated. */
const aheadMs = dayMs;
const lifetimeMs = 3650 * dayMs;

/** A new certificate with a new key. */
export async function createCertificate(): Promise<ServerCertificate> {
  // Loaded when it is needed: it takes longer than everything else together.
  const { X509CertificateGenerator } = await import("@peculiar/x509");

  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(15).toString("hex")}`,
    name: "CN=motet",
    notBefore: new Date(now - aheadMs),
    notAfter: new Date(now + lifetimeMs),
    signingAlgorithm: algorithm,
    keys,
  });
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { key: String(key), certificate: certificate.toString("pem") };
}
