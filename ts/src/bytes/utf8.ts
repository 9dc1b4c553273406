// UTF-8 exactly as RFC 3629 has it: no surrogates, no over-long forms, nothing above U+10FFFF.

const invalid = -1;

/** Length of the sequence that a first byte announces, or `invalid`. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return invalid;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : invalid;
}

/** Code point of the sequence at `offset`, or `invalid`. */
function codePointAt(bytes: Uint8Array, offset: number, length: number): number {
  if (offset + length > bytes.length) return invalid;
  const first = bytes[offset] as number;
  let point = length === 1 ? first : first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[offset + i] as number;
    if ((next & 0xc0) !== 0x80) return invalid;
    point = (point << 6) | (next & 0x3f);
  }
  if (length === 3 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff))) return invalid;
  if (length === 4 && (point < 0x10000 || point > 0x10ffff)) return invalid;
  return point;
}

/** Decodes UTF-8; `undefined` when the bytes are not valid. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = "";
  for (let offset = 0; offset < bytes.length;) {
    const length = sequenceLength(bytes[offset] as number);
    if (length === invalid) return undefined;
    const point = codePointAt(bytes, offset, length);
    if (point === invalid) return undefined;
    text += String.fromCodePoint(point);
    offset += length;
  }
  return text;
}

/** Whether `bytes[start … end)` is valid UTF-8, without making a string. */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let offset = start;
  while (offset < end && (bytes[offset] as number) < 0x80) offset++;
  return offset === end || decodeUtf8(bytes.subarray(offset, end)) !== undefined;
}

/** Encodes text as UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) as number;
    const scalar = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (scalar < 0x80) bytes.push(scalar);
    else if (scalar < 0x800) bytes.push(0xc0 | (scalar >> 6), tail(scalar, 0));
    else if (scalar < 0x10000) bytes.push(0xe0 | (scalar >> 12), tail(scalar, 6), tail(scalar, 0));
    else bytes.push(0xf0 | (scalar >> 18), tail(scalar, 12), tail(scalar, 6), tail(scalar, 0));
  }
  return Uint8Array.from(bytes);
}

const tail = (point: number, shift: number): number => 0x80 | ((point >> shift) & 0x3f);
