// Deflate data bit by bit (RFC 1951), right or defective, and its wrappings: libraries make other bytes from version to version.
import { adlerBytes, concat, crcBytes, filled, isizeBytes, type Bytes } from "../golden/index.js";

/** Bits in the order of deflate: numbers lowest bit first, codes highest first. */
export class BitWriter {
  readonly #bits: number[] = [];

  number(value: number, count: number): this {
    for (let bit = 0; bit < count; bit++) this.#bits.push((value >> bit) & 1);
    return this;
  }

  code(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit--) this.#bits.push((value >> bit) & 1);
    return this;
  }

  /** To the next whole byte; what is skipped may be anything. */
  align(fill = 0): this {
    while (this.#bits.length % 8 !== 0) this.#bits.push(fill);
    return this;
  }

  bytes(bytes: Bytes): this {
    for (const byte of bytes) this.number(byte, 8);
    return this;
  }

  get done(): Bytes {
    const out = filled(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, at) => {
      out[at >> 3] = (out[at >> 3] ?? 0) | (bit << (at & 7));
    });
    return out;
  }
}

/** A symbol and the extra bits behind it. */
export type Piece = number | readonly [symbol: number, extra: number, extraBits: number];

/** A length of 258 and a distance. */
export type Match = readonly [length: Piece, distance: Piece];

export type Item = { readonly literal: Piece } | { readonly match: Match };

export const END = 256;
export const LONGEST = 285;

export const literal = (symbol: number): Item => ({ literal: symbol });
export const match = (distance: Piece, length: Piece = LONGEST): Item => ({ match: [length, distance] });
export const repeat = (count: number, item: Item): Item[] => new Array<Item>(count).fill(item);

/** Codes of code lengths by symbol (RFC 1951, 3.2.2). Sets that are no code give some values all the same. */
function codesOf(lengths: readonly number[]): Map<number, readonly [value: number, bits: number]> {
  const codes = new Map<number, readonly [number, number]>();
  let value = 0;
  for (let bits = 1; bits <= 15; bits++) {
    value <<= 1;
    for (const [symbol, length] of lengths.entries()) if (length === bits) codes.set(symbol, [value++, bits]);
  }
  return codes;
}

type Codes = ReturnType<typeof codesOf>;

function putPiece(writer: BitWriter, codes: Codes, piece: Piece): void {
  const [symbol, extra, extraBits] = typeof piece === "number" ? [piece, 0, 0] : piece;
  const [value, bits] = codes.get(symbol) ?? [1, 1];
  writer.code(value, bits).number(extra, extraBits);
}

function putItems(writer: BitWriter, literals: Codes, distances: Codes, items: readonly Item[]): void {
  for (const item of items) {
    if ("literal" in item) putPiece(writer, literals, item.literal);
    else {
      putPiece(writer, literals, item.match[0]);
      putPiece(writer, distances, item.match[1]);
    }
  }
}

export function stored(writer: BitWriter, bytes: Bytes, last = false, complement = bytes.length ^ 0xffff, skipped = 0): BitWriter {
  writer.number(last ? 1 : 0, 1).number(0, 2).align(skipped);
  return writer.number(bytes.length, 16).number(complement, 16).bytes(bytes);
}

const FIXED_LENGTHS = [...new Array<number>(144).fill(8), ...new Array<number>(112).fill(9), ...new Array<number>(24).fill(7), ...new Array<number>(8).fill(8)];

export function fixed(writer: BitWriter, items: readonly Item[], last = true): BitWriter {
  writer.number(last ? 1 : 0, 1).number(1, 2);
  putItems(writer, codesOf(FIXED_LENGTHS), codesOf(new Array<number>(32).fill(5)), [...items, literal(END)]);
  return writer;
}

/** Code lengths by symbol, as the header of a dynamic block sends them. */
export interface Dynamic {
  readonly literals: Readonly<Record<number, number>>;
  readonly distances: Readonly<Record<number, number>>;
  /** How many literal and length codes are announced, and how many distance codes. */
  readonly literalCount?: number;
  readonly distanceCount?: number;
  /** Lengths of the code for code lengths by symbol: nineteen, complete, unless a defect is wanted. */
  readonly lengthCode?: readonly number[];
  /** Sent in place of the lengths: symbols 0…15, or a run with its extra bits. */
  readonly sent?: readonly Piece[];
}

const LENGTH_CODE: readonly number[] = [...new Array<number>(13).fill(4), ...new Array<number>(6).fill(5)];
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const listed = (lengths: Readonly<Record<number, number>>, count: number): number[] =>
  Array.from({ length: count }, (_, symbol) => lengths[symbol] ?? 0);

/** Lengths with runs of zeros made short. */
function withRuns(lengths: readonly number[]): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < lengths.length;) {
    let zeros = 0;
    while (lengths[at + zeros] === 0 && zeros < 138) zeros++;
    if (zeros >= 11) pieces.push([18, zeros - 11, 7]);
    else if (zeros >= 3) pieces.push([17, zeros - 3, 3]);
    else pieces.push(lengths[at] ?? 0);
    at += zeros >= 3 ? zeros : 1;
  }
  return pieces;
}

export function dynamic(writer: BitWriter, code: Dynamic, items: readonly Item[], last = true): BitWriter {
  const { literalCount = 286, distanceCount = 2, lengthCode = LENGTH_CODE } = code;
  const [literals, distances] = [listed(code.literals, literalCount), listed(code.distances, distanceCount)];
  writer.number(last ? 1 : 0, 1).number(2, 2);
  writer.number(literalCount - 257, 5).number(distanceCount - 1, 5).number(15, 4);
  for (const symbol of LENGTH_ORDER) writer.number(lengthCode[symbol] ?? 0, 3);
  const lengthCodes = codesOf(lengthCode);
  for (const piece of code.sent ?? withRuns([...literals, ...distances])) putPiece(writer, lengthCodes, piece);
  putItems(writer, codesOf(literals), codesOf(distances), [...items, literal(END)]);
  return writer;
}

export interface GzipParts {
  readonly head: Bytes;
  readonly check: Bytes;
  readonly isize: Bytes;
}

export function gzip(deflated: Bytes, payload: Bytes, changes: Partial<GzipParts> = {}): Bytes {
  const { head = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255), check = crcBytes(payload), isize = isizeBytes(payload) } = changes;
  return concat(head, deflated, check, isize);
}

/** Both bytes of a header of zlib, the check bits made to fit. */
export function zlibHead(cmf: number, flags: number): Bytes {
  const rest = (cmf * 256 + (flags & 0xe0)) % 31;
  return Uint8Array.of(cmf, (flags & 0xe0) | ((31 - rest) % 31));
}

export function zlib(deflated: Bytes, payload: Bytes, changes: { readonly head?: Bytes; readonly check?: Bytes } = {}): Bytes {
  return concat(changes.head ?? zlibHead(0x78, 0x80), deflated, changes.check ?? adlerBytes(payload));
}
