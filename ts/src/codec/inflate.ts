// Inflates raw deflate (RFC 1951) of a known size, strictly: what the format does not allow, one byte too many or too few
// and anything behind the last block are refused. Libraries differ in what they let pass; here nothing is left to them.

import { ProtocolError } from "../errors/index.js";
import { PrefixCode } from "./inflate-code.js";

/** No deflate data makes more of one byte: a length of 258 for two bits. */
const highestRatio = 1032;
/** From here on the platform copies faster than a loop. */
const longCopy = 32;
const endOfBlock = 256;
const mostLiterals = 286;
const mostDistances = 30;

const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtras = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12_289, 16_385, 24_577,
];
const distanceExtras = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** In what order the lengths of the code for code lengths are sent. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Refusal of data that does not decompress: section 2.5. */
export function undecodable(rule: string, what: string): ProtocolError {
  return new ProtocolError("UNDECODABLE", what, { rule: `compress.${rule}` });
}

interface Codes {
  readonly literals: PrefixCode;
  readonly distances: PrefixCode;
}

let fixed: Codes | undefined;

function fixedCodes(): Codes {
  if (fixed !== undefined) return fixed;
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  const literals = PrefixCode.of(lengths, 0, 288) as PrefixCode;
  fixed = { literals, distances: PrefixCode.of(new Uint8Array(32).fill(5), 0, 32) as PrefixCode };
  return fixed;
}

class Inflater {
  readonly #data: Uint8Array;
  readonly #output: Uint8Array;
  #at = 0;
  #written = 0;
  /** Bits that were read and not used, lowest first, and how many. */
  #bits = 0;
  #bitCount = 0;

  constructor(data: Uint8Array, size: number) {
    this.#data = data;
    this.#output = new Uint8Array(size);
  }

  run(): Uint8Array {
    while (!this.#block());
    // r[compress.whole]
    if (this.#at - (this.#bitCount >> 3) !== this.#data.length)
      throw undecodable("whole", "data behind the last block");
    const { length } = this.#output;
    // r[compress.exact]
    if (this.#written !== length) throw undecodable("exact", `${this.#written} bytes where ${length} are announced`);
    return this.#output;
  }

  #fill(): void {
    while (this.#bitCount <= 24 && this.#at < this.#data.length) {
      this.#bits |= (this.#data[this.#at++] as number) << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  #drop(count: number): void {
    // r[compress.whole] also
    if (count > this.#bitCount) throw undecodable("whole", "the data ends inside a block");
    this.#bits >>>= count;
    this.#bitCount -= count;
  }

  /** The next bits as a number; at most 16. */
  #take(count: number): number {
    if (this.#bitCount < count) this.#fill();
    const value = this.#bits & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  #symbol(code: PrefixCode): number {
    if (this.#bitCount < 15) this.#fill();
    const found = code.find(this.#bits);
    // Nothing is found also where the data ends; that is the same refusal.
    // r[compress.deflate] also
    if (found === 0) throw undecodable("deflate", "bits that are no code");
    this.#drop(found & 15);
    return found >> 4;
  }

  /** One block; whether it was the last. */
  #block(): boolean {
    const isLast = this.#take(1) === 1;
    const type = this.#take(2);
    // r[compress.deflate] also
    if (type === 3) throw undecodable("deflate", "block type 3");
    if (type === 0) this.#stored();
    else this.#coded(type === 1 ? fixedCodes() : this.#dynamicCodes());
    return isLast;
  }

  #stored(): void {
    this.#drop(this.#bitCount & 7);
    const length = this.#take(16);
    const complement = this.#take(16);
    // r[compress.deflate]
    if ((length ^ complement) !== 0xffff) throw undecodable("deflate", "NLEN is not the complement of LEN");
    // Whole bytes that were read ahead go back.
    this.#at -= this.#bitCount >> 3;
    this.#bits = 0;
    this.#bitCount = 0;
    // r[compress.whole] also
    if (length > this.#data.length - this.#at) throw undecodable("whole", "the data ends inside a stored block");
    this.#reserve(length);
    this.#output.set(this.#data.subarray(this.#at, this.#at + length), this.#written);
    this.#at += length;
    this.#written += length;
  }

  #reserve(count: number): void {
    // r[compress.exact] also
    if (count > this.#output.length - this.#written) throw undecodable("exact", "more bytes than announced");
  }

  #dynamicCodes(): Codes {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const lengths = this.#codeLengths(literalCount + distanceCount);
    const literals = PrefixCode.of(lengths, 0, literalCount);
    const distances = PrefixCode.of(lengths, literalCount, lengths.length);
    const isInRange = literalCount <= mostLiterals && distanceCount <= mostDistances;
    // r[compress.deflate] also
    if (!isInRange || literals === undefined || distances === undefined || lengths[endOfBlock] === 0) {
      throw undecodable("deflate", "code lengths that form no code");
    }
    return { literals, distances };
  }

  #codeLengths(count: number): Uint8Array {
    const sent = this.#take(4) + 4;
    const own = new Uint8Array(lengthOrder.length);
    for (let i = 0; i < sent; i++) own[lengthOrder[i] as number] = this.#take(3);
    const code = PrefixCode.of(own, 0, own.length);
    // r[compress.deflate] also
    if (code === undefined) throw undecodable("deflate", "lengths of code lengths that form no code");
    const lengths = new Uint8Array(count);
    for (let at = 0; at < count;) at = this.#codeLength(code, lengths, at);
    return lengths;
  }

  /** Reads one length or a run of equal ones; where the next stands. */
  #codeLength(code: PrefixCode, lengths: Uint8Array, at: number): number {
    const symbol = this.#symbol(code);
    if (symbol < 16) {
      lengths[at] = symbol;
      return at + 1;
    }
    const [bits, least] = symbol === 16 ? [2, 3] : symbol === 17 ? [3, 3] : [7, 11];
    const end = at + this.#take(bits) + least;
    // r[compress.deflate] also
    if (end > lengths.length || (symbol === 16 && at === 0)) throw undecodable("deflate", "a run of code lengths");
    lengths.fill(symbol === 16 ? (lengths[at - 1] as number) : 0, at, end);
    return end;
  }

  #coded({ literals, distances }: Codes): void {
    const output = this.#output;
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === endOfBlock) return;
      if (symbol < endOfBlock) {
        if (this.#written === output.length) this.#reserve(1);
        output[this.#written++] = symbol;
      } else {
        this.#copy(symbol - endOfBlock - 1, distances);
      }
    }
  }

  /** Repeats what was written before; `kind` is the number of the length's symbol. */
  #copy(kind: number, distances: PrefixCode): void {
    // r[compress.deflate] also
    if (kind >= lengthBases.length) throw undecodable("deflate", "an undefined length");
    const length = (lengthBases[kind] as number) + this.#take(lengthExtras[kind] as number);
    const far = this.#symbol(distances);
    // r[compress.deflate] also
    if (far >= distanceBases.length) throw undecodable("deflate", "an undefined distance");
    const distance = (distanceBases[far] as number) + this.#take(distanceExtras[far] as number);
    // r[compress.deflate] also
    if (distance > this.#written) throw undecodable("deflate", "a distance to before the first byte");
    this.#reserve(length);
    this.#repeat(length, distance);
  }

  /** Writes again what stands so far back; where that reaches into what is being written, with a period of `distance`. */
  #repeat(length: number, distance: number): void {
    const output = this.#output;
    const from = this.#written - distance;
    const end = (this.#written += length);
    let to = end - length;
    if (distance === 1 && length >= longCopy) return void output.fill(output[from] as number, to, end);
    const periods = Math.ceil(longCopy / distance);
    const start = length < longCopy ? end : from + periods * distance;
    for (; to < start; to++) output[to] = output[to - distance] as number;
    // Whole periods stand there now, and each copy doubles them.
    for (; to < end; to += to - from) output.copyWithin(to, from, Math.min(to, from + end - to));
  }
}

/**
 * Inflates raw deflate into exactly `size` new bytes. A size that no data of this length can have costs no memory.
 * @throws {ProtocolError} UNDECODABLE (r[compress.exact], r[compress.whole], r[compress.deflate])
 */
export function inflate(data: Uint8Array, size: number): Uint8Array {
  if (size > data.length * highestRatio) throw undecodable("exact", `${data.length} bytes cannot become ${size}`);
  return new Inflater(data, size).run();
}
