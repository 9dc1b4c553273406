// Self-signed certificates (RFC 5280) as a small DER writer makes them: one key, one name, two dates, nothing more.
// They prove nothing to anybody; a session is bound to their bytes (6.4). Signing is the platform's.
import { sign, type KeyObject } from "node:crypto";
import { concat, fromHex, uint, utf8, type Bytes } from "./bytes.js";

export interface CertificateOptions {
  /** Common name and DNS name. */
  readonly name: string;
  /** P-256 or Ed25519. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Up to 8 bytes; certificates of one name need different ones. */
  readonly serial: number;
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
/** Tags [0], [2] and [3] of the surrounding type. */
const [VERSION, DNS_NAME, EXTENSIONS] = [0xa0, 0x82, 0xa3];

// Object identifiers, tag and length included.
const ECDSA_WITH_SHA256 = fromHex("06082a8648ce3d040302");
const ED25519 = fromHex("06032b6570");
const COMMON_NAME = fromHex("0603550403");
const SUBJECT_ALT_NAME = fromHex("0603551d11");

/** One value of DER: tag, length, content. */
function der(tag: number, ...parts: readonly Bytes[]): Bytes {
  const content = concat(...parts);
  if (content.length < 0x80) return concat(Uint8Array.of(tag, content.length), content);
  const size = content.length < 0x100 ? 1 : 2;
  return concat(Uint8Array.of(tag, 0x80 | size), uint(content.length, size), content);
}

/** `YYYYMMDDHHMMSSZ`. */
function time(date: Date): Bytes {
  const digits = date.toISOString().replace(/\.\d+|[^\d]/g, "");
  return der(GENERALIZED_TIME, utf8(`${digits.slice(0, 14)}Z`));
}

/** DER of a certificate that its own key has signed. */
export function selfSigned(options: CertificateOptions): Bytes {
  const { name, privateKey, publicKey, notBefore, notAfter, serial } = options;
  const isEd25519 = privateKey.asymmetricKeyType === "ed25519";
  const algorithm = der(SEQUENCE, isEd25519 ? ED25519 : ECDSA_WITH_SHA256);
  const who = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, utf8(name)))));
  const names = der(OCTET_STRING, der(SEQUENCE, der(DNS_NAME, utf8(name))));
  const body = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Uint8Array.of(2))),
    der(INTEGER, concat(Uint8Array.of(1), uint(serial, 8))),
    algorithm,
    who,
    der(SEQUENCE, time(notBefore), time(notAfter)),
    who,
    new Uint8Array(publicKey.export({ type: "spki", format: "der" })),
    der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, SUBJECT_ALT_NAME, names))),
  );
  const signature = new Uint8Array(sign(isEd25519 ? null : "sha256", body, privateKey));
  return der(SEQUENCE, body, algorithm, der(BIT_STRING, Uint8Array.of(0), signature));
}

/** PEM of DER bytes. */
export function pemOf(label: string, bytes: Bytes): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
