// Bech32m (BIP 350) for 32-byte ids (1.3). The checksum constant is a parameter, so that a text of plain Bech32 can be made as a defect.
import type { Bytes } from "./bytes.js";
import { checkKey } from "./ed25519.js";
import { GoldenError } from "./errors.js";

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
export const BECH32M = 0x2bc830a3;
export const BECH32 = 1;

function polymod(values: readonly number[]): number {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((generator, bit) => {
      if ((top >>> bit) & 1) checksum ^= generator;
    });
  }
  return checksum >>> 0;
}

function expand(part: string): number[] {
  const codes = Array.from(part, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)];
}

/** Five-bit groups of the bytes, the last one padded with `padding` (0 unless a defect is wanted). */
export function toFives(bytes: Bytes, padding = 0): number[] {
  const groups: number[] = [];
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) groups.push((pending >>> (bits -= 5)) & 31);
    pending &= (1 << bits) - 1;
  }
  if (bits > 0) groups.push(((pending << (5 - bits)) | padding) & 31);
  return groups;
}

/** The text of a part and five-bit groups, with the checksum of `constant`. */
export function encodeFives(part: string, groups: readonly number[], constant: number = BECH32M): string {
  const checksum = polymod([...expand(part), ...groups, 0, 0, 0, 0, 0, 0]) ^ constant;
  const tail = [5, 4, 3, 2, 1, 0].map((index) => (checksum >>> (5 * index)) & 31);
  return `${part}1${[...groups, ...tail].map((group) => ALPHABET[group]).join("")}`;
}

/** Text of 32 bytes under a human-readable part. */
export function encodeText(part: string, bytes: Bytes): string {
  return encodeFives(part, toFives(bytes));
}

/** True when the checksum of a Bech32 text is right for `constant`; for the vectors of BIP 350. */
export function checksumHolds(text: string, constant: number = BECH32M): boolean {
  const split = text.lastIndexOf("1");
  const groups = Array.from(text.slice(split + 1), (character) => ALPHABET.indexOf(character));
  if (split < 1 || groups.length < 6 || groups.includes(-1)) return false;
  return polymod([...expand(text.slice(0, split)), ...groups]) === constant;
}

/** 32 bytes of the text, or BAD_TEXT: r[id.text.decode]. */
export function decodeText(part: string, text: string): Bytes {
  const groups = Array.from(text.slice(part.length + 1, -6), (character) => ALPHABET.indexOf(character));
  const bytes = new Uint8Array(32);
  let pending = 0;
  let bits = 0;
  let at = 0;
  for (const group of groups) {
    pending = ((pending & 0xff) << 5) | group;
    bits += 5;
    if (bits >= 8) bytes[at++] = (pending >>> (bits -= 8)) & 0xff;
  }
  // Whatever the text was: it is right exactly when encoding gives it back.
  if (groups.length === 52 && encodeText(part, bytes) === text) return bytes;
  throw new GoldenError("BAD_TEXT", "id.text.decode", `no text of ${part}1…: ${JSON.stringify(text.slice(0, 100))}`);
}

export const formatNodeId = (nodeId: Bytes): string => encodeText("motet", nodeId);
export const formatNetworkId = (networkId: Bytes): string => encodeText("motetnet", networkId);
export const parseNetworkId = (text: string): Bytes => decodeText("motetnet", text);

/** Node id of a text: BAD_TEXT, then BAD_KEY (r[id.text.key]). */
export function parseNodeId(text: string): Bytes {
  const bytes = decodeText("motet", text);
  checkKey(bytes);
  return bytes;
}
