// Certificates of the runner, read by the platform.
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { pemOf, selfSigned } from "./x509.js";

const day = 86_400_000;

test.each([
  ["P-256", () => generateKeyPairSync("ec", { namedCurve: "P-256" })],
  ["Ed25519", () => generateKeyPairSync("ed25519")],
] as const)("a certificate of %s is what it says, and signed by itself", (_name, keys) => {
  const { privateKey, publicKey } = keys();
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000 - day);
  const notAfter = new Date(notBefore.getTime() + 3650 * day);
  const der = selfSigned({ name: "motet.test", privateKey, publicKey, notBefore, notAfter, serial: 7 });
  const read = new X509Certificate(der);
  expect(read.verify(publicKey)).toBe(true);
  expect(read.checkPrivateKey(privateKey)).toBe(true);
  expect(read.subject).toBe("CN=motet.test");
  expect(read.issuer).toBe(read.subject);
  expect(read.subjectAltName).toBe("DNS:motet.test");
  expect(new Date(read.validFrom)).toEqual(notBefore);
  expect(new Date(read.validTo)).toEqual(notAfter);
  expect(new X509Certificate(pemOf("CERTIFICATE", der)).raw).toEqual(Buffer.from(der));
});
