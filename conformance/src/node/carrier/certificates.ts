// Certificates of the runner, made when they are first asked for and kept for the whole run: making one for each case would cost
// more than the case. A name is all there is to one.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { concat, fromHex, pemOf, selfSigned, type Bytes } from "../../golden/index.js";

export interface Certificate {
  readonly der: Bytes;
  /** PEM, as node.start takes it. */
  readonly key: string;
  readonly certificate: string;
}

/** Versions of TLS that one side speaks. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

const DAY_MS = 86_400_000;
const PKCS8_ED25519 = fromHex("302e020100300506032b657004220420");

const made = new Map<string, Certificate>();
const contexts = new Map<string, SecureContext>();

/** A new key pair, or the Ed25519 one of a seed. */
function keysOf(name: string, seed: Bytes | undefined): { privateKey: KeyObject; publicKey: KeyObject } {
  if (seed !== undefined) {
    const der = Buffer.from(concat(PKCS8_ED25519, seed));
    const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    return { privateKey, publicKey: createPublicKey(privateKey) };
  }
  if (name.startsWith("ed25519")) return generateKeyPairSync("ed25519");
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

/**
 * The certificate of a name. Names that start with `ed25519` have such a key, others P-256; those that start with `expired` ended a year
 * ago, those with `future` begin in a year. A seed makes one whose key is an identity.
 */
export function certificateOf(name: string, seed?: Bytes): Certificate {
  const found = made.get(name);
  if (found !== undefined) return found;
  const { privateKey, publicKey } = keysOf(name, seed);
  const year = 365 * DAY_MS;
  const middle = Date.now() + (name.startsWith("expired") ? -2 * year : name.startsWith("future") ? 2 * year : 0);
  const [notBefore, notAfter] = [new Date(middle - year), new Date(middle + year)];
  const der = selfSigned({ name: "motet.test", privateKey, publicKey, notBefore, notAfter, serial: made.size + 1 });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const certificate = { der, key, certificate: pemOf("CERTIFICATE", der) };
  made.set(name, certificate);
  return certificate;
}

/** Context for TLS in one version; with a certificate for a server. */
export function contextOf(version: TlsVersion, name?: string): SecureContext {
  const id = `${version} ${name ?? ""}`;
  const found = contexts.get(id);
  if (found !== undefined) return found;
  const { key, certificate: cert } = name === undefined ? {} : certificateOf(name);
  const shown = key === undefined || cert === undefined ? {} : { key, cert };
  const context = createSecureContext({ minVersion: version, maxVersion: version, ...shown });
  contexts.set(id, context);
  return context;
}
