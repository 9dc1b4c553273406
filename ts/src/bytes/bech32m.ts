// Bech32m (BIP 350), lower case only, over whole bytes. Knows no human-readable part; the caller names the one it expects.

const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const checksumConstant = 0x2bc830a3;
const checksumLength = 6;

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    generators.forEach((generator, bit) => {
      if ((top >>> bit) & 1) sum ^= generator;
    });
  }
  return sum;
}

function expandPrefix(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function toFives(bytes: Uint8Array): number[] {
  const fives: number[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) fives.push((held >> (bits -= 5)) & 31);
  }
  if (bits > 0) fives.push((held << (5 - bits)) & 31);
  return fives;
}

/** Bytes of five-bit groups; `undefined` when bits that belong to no byte are not zero. */
function fromFives(fives: readonly number[]): Uint8Array | undefined {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const five of fives) {
    held = ((held << 5) | five) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255);
  }
  return bits < 5 && (held & ((1 << bits) - 1)) === 0 ? Uint8Array.from(bytes) : undefined;
}

/** Formats bytes under a human-readable part: section 1.3. */
export function formatBech32m(prefix: string, bytes: Uint8Array): string {
  const fives = toFives(bytes);
  const sum = polymod([...expandPrefix(prefix), ...fives, 0, 0, 0, 0, 0, 0]) ^ checksumConstant;
  for (let i = checksumLength - 1; i >= 0; i--) fives.push((sum >>> (5 * i)) & 31);
  return `${prefix}1${fives.map((five) => alphabet.charAt(five)).join("")}`;
}

/** Parses text under exactly this human-readable part; `undefined` when it is not the text of any bytes. */
export function parseBech32m(prefix: string, text: string): Uint8Array | undefined {
  if (!text.startsWith(`${prefix}1`)) return undefined;
  const fives = Array.from(text.slice(prefix.length + 1), (character) => alphabet.indexOf(character));
  if (fives.includes(-1) || fives.length < checksumLength) return undefined;
  if (polymod([...expandPrefix(prefix), ...fives]) !== checksumConstant) return undefined;
  return fromFives(fives.slice(0, -checksumLength));
}
