// Vectors of compressed payloads (2.5), made bit by bit: every kind of block in every format, and every defect with its control.
import { concat, DEFLATE, filled, flipped, GZIP, inflateExactly, sha256, sized, toHex, uint, utf8, withByte, ZLIB, type Bytes } from "../golden/index.js";
import { BitWriter, dynamic, END, fixed, gzip, literal, LONGEST, match, repeat, stored, zlib, zlibHead, type Dynamic, type Item, type Piece } from "./deflate-forge.js";
import type { VectorFile } from "./types.js";
import { VectorSet, type About } from "./vector-set.js";

const LIMIT = 65_536;
const A = 97;
const features = ["compression"];
const bits = (): BitWriter => new BitWriter();
/** Far more than what any forged data here is long. */
const text = (count: number): Bytes => filled(count, A);

/** Raw deflate and what it becomes. */
interface Sample {
  readonly data: Bytes;
  readonly payload: Bytes;
}

const sample = (data: Bytes, payload: Bytes): Sample => ({ data, payload });
/** One letter, then 258 times the same. */
const run: readonly Item[] = [literal(A), match(0)];

/** Four literal and length codes of two bits, two distance codes of one. */
const even: Dynamic = { literals: { [A]: 2, 98: 2, [END]: 2, [LONGEST]: 2 }, distances: { 0: 1, 1: 1 } };
/** Codes of every length from 1 to 15. */
const steep: Dynamic = {
  literals: { [LONGEST]: 1, ...Object.fromEntries(Array.from({ length: 14 }, (_, at) => [A + at, at + 2])), [END]: 15 },
  distances: { 0: 1, 1: 1 },
};
/** The shortest codes there are: a length and a distance in two bits. */
const dense: Dynamic = { literals: { [A]: 2, [END]: 2, [LONGEST]: 1 }, distances: { 0: 1 }, distanceCount: 1 };

const abc = utf8("abc".repeat(173));
/** No literal, no length. */
const onlyEnd: Dynamic = { literals: { [END]: 1 }, distances: {}, distanceCount: 1, literalCount: 257 };

const base = sample(fixed(bits(), run).done, text(259));
const letters = Uint8Array.from({ length: 14 }, (_, at) => A + at);

const good: Readonly<Record<string, readonly [Sample, string]>> = {
  fixed: [base, "a block of fixed codes"],
  dynamic: [sample(dynamic(bits(), even, [literal(A), ...repeat(4, match(0))]).done, text(1033)), "a block of dynamic codes"],
  stored: [sample(fixed(stored(bits(), utf8("abc")), repeat(2, match(2))).done, abc), "a stored block before one of fixed codes"],
  "stored-empty": [sample(fixed(stored(bits(), filled(0)), run).done, text(259)), "an empty stored block, as a flush leaves it"],
  "stored-last": [sample(stored(fixed(bits(), run, false), utf8("b"), true).done, concat(text(259), utf8("b"))), "a stored block at the end"],
  "blocks-of-all-kinds": [
    sample(dynamic(stored(fixed(bits(), run, false), utf8("b")), even, [match(1)]).done, concat(text(259), utf8("b"), utf8("ab".repeat(129)))),
    "fixed, stored, dynamic, and distances across their borders",
  ],
  "fixed-empty-first": [sample(fixed(fixed(bits(), [], false), run).done, text(259)), "an empty block of fixed codes before"],
  "codes-of-15-bits": [sample(dynamic(bits(), steep, [...Array.from(letters, literal), match(0)]).done, concat(letters, filled(258, A + 13))), "codes of all lengths"],
  "one-distance-code": [sample(dynamic(bits(), dense, [literal(A), ...repeat(9, match(0))]).done, text(1 + 9 * 258)), "a single distance code of one bit"],
  "no-distance-code": [
    sample(
      fixed(dynamic(bits(), { literals: { [A]: 1, [END]: 1 }, distances: {}, distanceCount: 1, literalCount: 257 }, repeat(40, literal(A)), false), repeat(2, match(0))).done,
      text(40 + 516),
    ),
    "no distance code where only literals are used",
  ],
  "one-literal-code": [sample(fixed(dynamic(bits(), onlyEnd, [], false), run).done, text(259)), "a single code of one bit, for the end of the block"],
  "distance-count-30": [sample(dynamic(bits(), { ...even, distanceCount: 30 }, run).done, text(259)), "30 distance codes"],
  "skipped-bits": [sample(fixed(stored(bits(), utf8("abc"), false, 0xfffc, 1), repeat(2, match(2))).done, abc), "the bits before a stored block are no matter"],
  "runs-of-lengths": [
    sample(
      dynamic(
        bits(),
        // a…g, the end of the block and the longest length, with zeros between them.
        { literals: { ...Object.fromEntries(Array.from({ length: 7 }, (_, at) => [A + at, 3])), [END]: 4, [LONGEST]: 4 }, distances: { 0: 1, 1: 1 }, sent: [[18, 97 - 11, 7], 3, [16, 6 - 3, 2], [18, 138 - 11, 7], [17, 10 - 3, 3], [17, 4 - 3, 3], 4, [18, 28 - 11, 7], 4, 1, 1] },
        [literal(A), match(0)],
      ).done,
      text(259),
    ),
    "lengths sent in runs of each kind",
  ],
  "lengths-3-and-257": [
    sample(fixed(bits(), [literal(A), match(0, 257), match(0, [284, 30, 5]), match(0, [265, 1, 1]), match(0)]).done, text(1 + 3 + 257 + 12 + 258)),
    "the shortest length, one with extra bits, the longest by two symbols",
  ],
  "length-258-as-284": [sample(fixed(bits(), [literal(A), match(0, [284, 31, 5])]).done, text(259)), "258 written as 227 and 31"],
  "distance-32768": [
    sample(
      fixed(dynamic(stored(bits(), utf8("b")), dense, [literal(A), ...repeat(127, match(0))], false), [match([29, 8191, 13])]).done,
      concat(utf8("b"), text(1 + 127 * 258)),
    ),
    "the farthest distance",
  ],
  "padding-bits": [sample(fixed(bits(), run).align(1).done, text(259)), "the bits behind the last block are no matter"],
};

const wraps: readonly (readonly [name: string, id: number, wrap: (sample: Sample) => Bytes])[] = [
  ["deflate", DEFLATE, ({ data }) => data],
  ["gzip", GZIP, ({ data, payload }) => gzip(data, payload)],
  ["zlib", ZLIB, ({ data, payload }) => zlib(data, payload)],
];

/** A compression id and the payload as sent. */
type Given = readonly [id: number, bytes: Bytes];

class CompressedSet {
  readonly set: VectorSet;

  constructor(name: string, title: string) {
    this.set = new VectorSet("compressed", name, title);
  }

  accept(name: string, [id, bytes]: Given, rules: string, comment: string, limit = LIMIT): void {
    this.set.accept(name, "codec.decode", input(id, bytes, limit), about(rules, comment));
  }

  reject(name: string, [id, bytes]: Given, rules: string, comment: string, other: { code?: string; limit?: number; control?: string } = {}): void {
    const { code = "UNDECODABLE", limit = LIMIT, control = `${formatOf(id)}-fixed` } = other;
    this.set.reject(name, "codec.decode", input(id, bytes, limit), code, { ...about(rules, comment), control });
  }
}

const formatOf = (id: number): string => wraps.find(([, one]) => one === id)?.[0] ?? "deflate";
const input = (id: number, bytes: Bytes, limit: number): Record<string, unknown> => ({ type: "compressed", compression: id, bytes: toHex(bytes), limit });
const about = (rules: string, comment: string): About => ({ rules: rules.split(" "), comment, features });

function accepted(): VectorFile {
  const set = new CompressedSet("accepted", "Payloads that decompress, in all three formats");
  for (const [format, id, wrap] of wraps) {
    for (const [name, [one, comment]] of Object.entries(good)) {
      // The farthest distance makes long vectors: one is enough.
      if (name === "distance-32768" && id !== DEFLATE) continue;
      const payload = inflateExactly(one.data, inflatedSize(name, one));
      set.accept(`${format}-${name}`, [id, sized(payload.length, wrap({ data: one.data, payload }))], "compress.deflate compress.exact", comment);
    }
  }
  const free = { mtime: [4, 0x5f], xfl: [8, 2], os: [9, 3] } as const;
  for (const [name, [at, value]] of Object.entries(free)) {
    const bytes = withByte(gzip(base.data, base.payload), at, value);
    set.accept(`gzip-${name}`, [GZIP, sized(259, bytes)], "compress.gzip.header", `${name.toUpperCase()} is not looked at`);
  }
  for (let level = 0; level < 4; level++) {
    const head = zlibHead(0x78, level << 6);
    set.accept(`zlib-level-${level}`, [ZLIB, sized(259, zlib(base.data, base.payload, { head }))], "compress.zlib.header", `FLEVEL ${level}`);
  }
  for (let window = 0; window < 8; window++) {
    const head = zlibHead((window << 4) | 8, 0);
    set.accept(`zlib-window-${window}`, [ZLIB, sized(259, zlib(base.data, base.payload, { head }))], "compress.zlib.header", `CINFO ${window}`);
  }
  return set.set.file;
}

/** Known beforehand but for the one that is made to reach as far as can be. */
const inflatedSize = (name: string, { payload }: Sample): number => payload.length + (name === "distance-32768" ? 258 : 0);

function sizes(): VectorFile {
  const set = new CompressedSet("size", "Original size against data, limit and what comes out");
  const room = fixed(bits(), [literal(A), ...repeat(3, match(0))]).done;
  const four = sample(room, text(775));
  for (const [format, id, wrap] of wraps) {
    const data = wrap(four);
    const name = (one: string): string => `${format}-${one}`;
    set.accept(name("at-limit"), [id, sized(775, data)], "compress.limit", "as long as the limit", 775);
    const control = name("at-limit");
    const large = (one: string, size: number, bytes: Bytes, limit: number, comment: string): void =>
      set.reject(name(one), [id, sized(size, bytes)], "compress.limit", comment, { code: "TOO_LARGE", limit, control });
    large("over-limit", 775, data, 774, "one byte above the limit");
    large("over-limit-far", 2 ** 32 - 1, data, LIMIT, "the largest original size there is");
    large("over-limit-sign", 2 ** 31, data, LIMIT, "an original size that is negative to some");
    large("over-limit-broken", 776, concat(Uint8Array.of(7), data), 775, "above the limit, and no data: the limit comes first");
    large("over-limit-empty", 776, filled(0), 775, "above the limit, and no data at all");
    const size = (one: string, bytes: Bytes, comment: string, limit = LIMIT): void =>
      set.reject(name(one), [id, bytes], "compress.size", comment, { limit, control });
    for (let length = 0; length < 4; length++) size(`short-${length}`, sized(775, data).slice(0, length), `${length} bytes`);
    size("nothing", sized(0, filled(0)), "original size 0 and no data");
    size("zero", sized(0, data), "original size 0");
    size("as-data", sized(data.length, data), "the original size is the length of the data");
    size("below-data", sized(data.length - 1, data), "the original size is below the length of the data");
    size("as-data-over-limit", sized(data.length, data), "not above the length of the data, and above the limit", data.length - 1);
    const exact = (one: string, bytes: Bytes, comment: string): void => set.reject(name(one), [id, bytes], "compress.exact", comment, { control });
    exact("one-less", sized(774, data), "one byte more comes out than announced");
    exact("one-more", sized(776, data), "one byte less comes out than announced");
    exact("far-less", sized(259, data), "far more comes out than announced");
    exact("far-more", sized(LIMIT, data), "far less comes out than announced");
    const bomb = dynamic(bits(), dense, [literal(A), ...repeat(4064, match(0))]).done;
    exact("stored-beyond", sized(270, wrap(sample(stored(fixed(bits(), run, false), text(20), true).done, text(279)))), "a stored block reaches beyond what is announced");
    exact("bomb", sized(2000, wrap(sample(bomb, text(259)))), "a megabyte in a thousand bytes, announced as 2,000 bytes");
    exact("empty", sized(259, wrap(sample(fixed(bits(), []).done, filled(0)))), "no byte comes out");
  }
  storedAlone(set);
  return set.set.file;
}

/** Data that decompresses and must be refused for its length alone. */
function storedAlone(set: CompressedSet): void {
  const payload = utf8("stored as it is");
  const data = stored(bits(), payload, true).done;
  const control = "deflate-at-limit";
  set.reject("stored-longer", [DEFLATE, sized(payload.length, data)], "compress.size", "data that is right but for being longer than what it becomes", { control });
  const grown = fixed(bits(), [literal(A), match(0, 257)]).done;
  set.reject("as-long", [DEFLATE, sized(4, grown)], "compress.size", "data that is right but for being as long as what it becomes", { control });
}

function wholes(): VectorFile {
  const set = new CompressedSet("whole", "Data that ends too early or goes on");
  for (const [format, id, wrap] of wraps) {
    const data = wrap(base);
    const reject = (name: string, bytes: Bytes, comment: string): void =>
      set.reject(`${format}-${name}`, [id, sized(259, bytes)], "compress.whole", comment);
    for (let length = 0; length < data.length; length++) reject(`truncated@${length}`, data.slice(0, length), `the first ${length} of ${data.length} bytes`);
    for (const [name, behind] of Object.entries({ zero: filled(1), ff: filled(1, 255), block: fixed(bits(), []).done, again: data, "8-zeros": filled(8) })) {
      reject(`behind-${name}`, concat(data, behind), "bytes behind the end of the format");
    }
    const open = wrap({ data: fixed(bits(), run, false).done, payload: base.payload });
    reject("no-last-block", open, "no block is the last");
    const early = wrap({ data: stored(fixed(bits(), run, false), filled(0), false).done, payload: base.payload });
    reject("flushed", early, "flushed, but not ended");
    const inside = wrap({ data: concat(base.data, filled(1)), payload: base.payload });
    reject("inside", inside, "a byte between the last block and what the format puts behind it");
    reject("stored-short", wrap({ data: stored(fixed(bits(), run, false), utf8("ab"), true).done.slice(0, -1), payload: concat(base.payload, utf8("a")) }), "a stored block of one byte less than it says");
  }
  const member = gzip(fixed(bits(), [literal(A)]).done, text(1));
  set.reject("gzip-two-members", [GZIP, sized(260, concat(gzip(base.data, base.payload), member))], "compress.whole", "two members that together have the original size");
  return set.set.file;
}

/** The same bits under block type 3. */
const asType3 = (data: Bytes): Bytes => withByte(data, 0, (data[0] ?? 0) | 6);

/** What the data would become if nobody minded the defect; 259 letters where nothing is said. */
const broken: Readonly<Record<string, readonly [Bytes, string, Bytes?]>> = {
  "type-3": [bits().number(1, 1).number(3, 2).number(0, 5).bytes(filled(9)).done, "block type 3"],
  "type-3-second": [fixed(bits(), run, false).number(7, 3).align().done, "block type 3 behind a right block"],
  "type-3-as-fixed": [asType3(fixed(bits(), run).done), "block type 3, and what would be a block of fixed codes"],
  "type-3-as-dynamic": [asType3(dynamic(bits(), even, run).done), "block type 3, and what would be a block of dynamic codes"],
  "type-3-as-stored": [concat(fixed(bits(), run, false).number(7, 3).align().done, uint(0, 2), uint(0xffff, 2)), "block type 3, and what would be an empty stored block"],
  "nlen-zero": [fixed(stored(bits(), utf8("abc"), false, 0), repeat(2, match(2))).done, "NLEN 0", abc],
  "nlen-same": [fixed(stored(bits(), utf8("abc"), false, 3), repeat(2, match(2))).done, "NLEN is LEN", abc],
  "nlen-bit-0": [fixed(stored(bits(), utf8("abc"), false, 0xfffd), repeat(2, match(2))).done, "the lowest bit of NLEN is wrong", abc],
  "nlen-bit-15": [fixed(stored(bits(), utf8("abc"), false, 0x7ffc), repeat(2, match(2))).done, "the highest bit of NLEN is wrong", abc],
  "length-286": [fixed(bits(), [literal(A), match(0, 286)]).done, "the undefined symbol 286"],
  "length-287": [fixed(bits(), [literal(A), match(0, 287)]).done, "the undefined symbol 287"],
  "distance-30": [fixed(bits(), [literal(A), match(30)]).done, "the undefined distance symbol 30"],
  "distance-31": [fixed(bits(), [literal(A), match(31)]).done, "the undefined distance symbol 31"],
  "before-start": [fixed(bits(), [literal(A), match(1)]).done, "a distance of 2 behind one byte"],
  "before-start-first": [fixed(bits(), [match(0)]).done, "a distance at the very start"],
  "before-start-far": [fixed(bits(), [literal(A), match([29, 8191, 13])]).done, "the farthest distance behind one byte"],
  "before-start-block": [fixed(stored(bits(), utf8("abc")), [match(3)]).done, "a distance of 4 behind a stored block of 3 bytes", filled(261)],
};

/** Sixteen distance codes of four bits. */
const wide = Object.fromEntries(Array.from({ length: 16 }, (_, symbol) => [symbol, 4]));
/** The lengths of `even`, as far as the last literal. */
const evenSent: readonly Piece[] = [[18, 97 - 11, 7], 2, 2, [18, 138 - 11, 7], [18, 19 - 11, 7], 2, [18, 28 - 11, 7], 2];

/** Sets of lengths; behind some of them what a decoder that takes them would make of the block. */
const codes: Readonly<Record<string, readonly [code: Dynamic, comment: string, items?: readonly Item[], payload?: Bytes]>> = {
  "literals-too-many": [{ ...even, literals: { ...even.literals, 99: 2 } }, "five literal codes of two bits"],
  "literals-too-many-unused": [
    { ...even, literals: { 96: 2, [A]: 2, [END]: 2, 284: 2, [LONGEST]: 2 } },
    "five literal codes of two bits; the two that collide are not used",
    [literal(A), match(0, [284, 31, 5])],
  ],
  "distances-too-many-unused": [
    { ...even, distances: { 0: 1, 1: 1, 2: 1 }, distanceCount: 3 },
    "three distance codes of one bit; the two that collide are not used",
    [literal(A), literal(A), match(1)],
    text(260),
  ],
  "literals-too-few": [{ ...even, literals: { [A]: 2, [END]: 2, [LONGEST]: 2 } }, "three literal codes of two bits"],
  "literals-long-missing": [{ ...even, literals: { ...steep.literals, [A + 13]: 0 } }, "the last of the long codes is missing"],
  "distances-too-many": [{ ...even, distances: { 0: 1, 1: 1, 2: 1 }, distanceCount: 3 }, "three distance codes of one bit"],
  "distances-too-few": [{ ...even, distances: { 0: 2, 1: 2 } }, "two distance codes of two bits"],
  "distances-one-of-two-bits": [{ ...even, distances: { 0: 2 }, distanceCount: 1 }, "a single distance code, of two bits"],
  "no-end": [{ ...even, literals: { [A]: 1, [LONGEST]: 1 } }, "no code for the end of the block"],
  "lengths-too-many": [{ ...even, lengthCode: [...new Array<number>(17).fill(4), 5, 5] }, "too many codes for code lengths"],
  "lengths-too-few": [{ ...even, lengthCode: [...new Array<number>(12).fill(4), 0, ...new Array<number>(6).fill(5)] }, "too few codes for code lengths"],
  "lengths-none": [{ ...even, lengthCode: [0] }, "no code for code lengths"],
  "literal-count-287": [{ ...even, literalCount: 287 }, "287 literal and length codes"],
  "literal-count-288": [{ ...even, literalCount: 288 }, "288 literal and length codes"],
  "end-of-two-bits": [{ ...onlyEnd, literals: { [END]: 2 } }, "a single code, of two bits", []],
  "distance-count-31": [{ ...even, distanceCount: 31 }, "31 distance codes"],
  "distance-count-32": [{ ...even, distanceCount: 32 }, "32 distance codes"],
  "run-first": [{ ...even, sent: [[16, 0, 2]] }, "a run of the length before, and there is none"],
  "run-first-as-zeros": [{ ...even, sent: [[16, 0, 2], [18, 94 - 11, 7], ...evenSent.slice(1), 1, 1] }, "the same, where three zeros would be right"],
  "run-16-beyond-right": [{ ...even, distances: wide, distanceCount: 16, sent: [...evenSent, 4, [16, 3, 2], [16, 3, 2], [16, 1, 2]] }, "a run of equal lengths, right but for being one too long"],
  "run-17-beyond-right": [{ ...even, distanceCount: 5, sent: [...evenSent, 1, 1, [17, 1, 3]] }, "a short run of zeros, right but for being one too long"],
  "run-18-beyond-right": [{ ...even, distanceCount: 20, sent: [...evenSent, 1, 1, [18, 8, 7]] }, "a long run of zeros, right but for being one too long"],
  "run-16-beyond": [{ ...even, sent: [[18, 127, 7], [18, 127, 7], 2, [16, 3, 2], [16, 3, 2]] }, "a run of equal lengths beyond the last"],
  "run-17-beyond": [{ ...even, sent: [[18, 127, 7], [18, 127, 7], [17, 7, 3], [17, 7, 3]] }, "a short run of zeros beyond the last"],
  "run-18-beyond": [{ ...even, sent: [[18, 127, 7], [18, 127, 7], [18, 2, 7]] }, "a long run of zeros beyond the last"],
};

function deflates(): VectorFile {
  const set = new CompressedSet("deflate", "Deflate data that RFC 1951 does not allow");
  const reject = (name: string, one: Sample, comment: string, control: string): void => {
    for (const [format, id, wrap] of wraps) {
      const bytes = sized(one.payload.length, wrap(one));
      set.reject(`${format}-${name}`, [id, bytes], "compress.deflate", comment, { control: `${format}-${control}` });
    }
  };
  for (const [name, [data, comment, payload = base.payload]] of Object.entries(broken)) {
    reject(name, sample(data, payload), comment, name.startsWith("nlen") ? "stored" : "fixed");
  }
  for (const [name, [code, comment, items = run, payload = base.payload]] of Object.entries(codes)) {
    reject(name, sample(dynamic(bits(), code, items).done, payload), comment, "dynamic");
  }
  const only = fixed(dynamic(bits(), onlyEnd, [literal(A)], false), run).done;
  reject("literal-of-no-code", sample(only, base.payload), "the bit that the single literal code is not", "one-literal-code");
  const none = dynamic(bits(), { literals: even.literals, distances: {}, distanceCount: 1 }, run).done;
  reject("distance-without-code", sample(none, base.payload), "a length, and no distance code at all", "no-distance-code");
  const other = dynamic(bits(), dense, [literal(A), match(5)]).done;
  reject("distance-of-no-code", sample(other, base.payload), "the bit that the single distance code is not", "one-distance-code");
  return set.set.file;
}

function headers(): VectorFile {
  const set = new CompressedSet("header", "Headers and checksums of gzip and zlib");
  const { data, payload } = base;
  const whole = gzip(data, payload);
  const gz = (name: string, bytes: Bytes, comment: string, rule = "compress.gzip.header"): void => set.reject(`gzip-${name}`, [GZIP, sized(259, bytes)], rule, comment);
  for (let bit = 0; bit < 8; bit++) gz(`flag-${bit}`, flipped(whole, 3, 1 << bit), `bit ${bit} of FLG`);
  const named = concat(withByte(whole.slice(0, 10), 3, 8), utf8("name\0"), whole.slice(10));
  gz("name", named, "FNAME, and a name");
  gz("extra", concat(withByte(whole.slice(0, 10), 3, 4), Uint8Array.of(2, 0, 1, 2), whole.slice(10)), "FEXTRA, and an extra field");
  for (const at of [0, 1]) for (const mask of [1, 0x80]) gz(`id-${at}-${mask}`, flipped(whole, at, mask), `ID${at + 1} is wrong`);
  for (const method of [0, 7, 9, 255]) gz(`method-${method}`, withByte(whole, 2, method), `method ${method}`);
  gz("is-deflate", data, "raw deflate");
  gz("is-zlib", zlib(data, payload), "zlib");
  const check = (name: string, at: number, mask: number, comment: string): void => gz(name, flipped(whole, at, mask), comment, "compress.gzip.check");
  for (const at of [-8, -7, -6, -5]) check(`crc@${8 + at}`, at, 1 << (8 + at), "one bit of CRC32");
  for (const at of [-4, -3, -2, -1]) check(`isize@${4 + at}`, at, 1, "one bit of ISIZE");
  gz("crc-zero", gzip(data, payload, { check: filled(4) }), "CRC32 0", "compress.gzip.check");
  gz("crc-reversed", gzip(data, payload, { check: whole.slice(-8, -4).toReversed() }), "CRC32 in big-endian order", "compress.gzip.check");
  gz("crc-other", gzip(data, payload, { check: gzip(data, text(258)).slice(-8, -4) }), "CRC32 of other bytes", "compress.gzip.check");
  gz("isize-reversed", gzip(data, payload, { isize: uint(259, 4) }), "ISIZE in big-endian order", "compress.gzip.check");
  zlibHeaders(set);
  return set.set.file;
}

function zlibHeaders(set: CompressedSet): void {
  const { data, payload } = base;
  const reject = (name: string, bytes: Bytes, comment: string, rule = "compress.zlib.header"): void =>
    set.reject(`zlib-${name}`, [ZLIB, sized(259, bytes)], rule, comment);
  const head = (name: string, bytes: Bytes, comment: string): void => reject(name, zlib(data, payload, { head: bytes }), comment);
  for (const method of [0, 7, 9, 15]) head(`method-${method}`, zlibHead(0x70 | method, 0x80), `method ${method}, the check bits right`);
  for (let window = 8; window < 16; window++) head(`window-${window}`, zlibHead((window << 4) | 8, 0x80), `CINFO ${window}, the check bits right`);
  for (let bit = 0; bit < 5; bit++) head(`check-${bit}`, flipped(zlibHead(0x78, 0x80), 1, 1 << bit), `bit ${bit} of FCHECK`);
  head("level-changed", flipped(zlibHead(0x78, 0x80), 1, 0x40), "another FLEVEL under the same FCHECK");
  head("dictionary", zlibHead(0x78, 0xa0), "FDICT, and no dictionary");
  head("dictionary-id", concat(zlibHead(0x78, 0xa0), uint(1, 4)), "FDICT, and the id of a dictionary");
  reject("is-deflate", data, "raw deflate");
  reject("is-gzip", gzip(data, payload), "gzip");
  const whole = zlib(data, payload);
  for (const at of [-4, -3, -2, -1]) reject(`adler@${4 + at}`, flipped(whole, at, 1 << (4 + at)), "one bit of ADLER32", "compress.zlib.check");
  reject("adler-reversed", zlib(data, payload, { check: whole.slice(-4).toReversed() }), "ADLER32 in little-endian order", "compress.zlib.check");
  reject("adler-empty", zlib(data, payload, { check: uint(1, 4) }), "ADLER32 of nothing", "compress.zlib.check");
  reject("adler-crc", zlib(data, payload, { check: gzip(data, payload).slice(-8, -4) }), "a CRC32 in its place", "compress.zlib.check");
}

/** Bytes that nothing compresses. */
function noise(count: number): Bytes {
  const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, at) => sha256(utf8(`motet vectors: noise ${at}`)));
  return concat(...blocks).slice(0, count);
}

function formats(): VectorFile {
  const set = new CompressedSet("format", "Ids of formats, and what encoders make");
  for (const id of [0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]) {
    set.reject(`id-${id}`, [id, sized(259, base.data)], "compress.listed", `the id ${id}, which has no format`);
  }
  for (const [format, id, wrap] of wraps) {
    for (const [other, otherId] of wraps) {
      if (id !== otherId) set.reject(`${format}-under-${other}`, [otherId, sized(259, wrap(base))], "compress.whole compress.deflate", `${format} under the id of ${other}`);
    }
  }
  const prose = utf8("A payload that says the same thing over and over, and over again. ".repeat(20));
  const payloads = { "zeros-256": filled(256), "zeros-10000": filled(10_000), prose, "noise-and-zeros": concat(noise(500), filled(500)) };
  for (const [format, id] of wraps) {
    const encode = (payload: Bytes, compression = id): Record<string, unknown> => ({ type: "compressed", compression, payload: toHex(payload) });
    for (const [name, payload] of Object.entries(payloads)) {
      const value = { compression: id, payload: toHex(payload) };
      set.set.equivalentTo(`encode-${format}-${name}`, encode(payload), { name: "compressed", value }, about("compress.exact", "any data that becomes the payload"));
    }
    for (const size of [256, 4000]) {
      const misuse = { ...about("compress.size", "a payload that does not shrink"), control: `encode-${format}-zeros-256` };
      set.set.reject(`encode-${format}-noise-${size}`, "codec.encode", encode(noise(size)), "MISUSE", misuse);
    }
  }
  for (const id of [0, 4, 15]) {
    const misuse = { ...about("compress.listed", `the id ${id}, which has no format`), control: "encode-deflate-zeros-256" };
    set.set.reject(`encode-id-${id}`, "codec.encode", { type: "compressed", compression: id, payload: toHex(filled(256)) }, "MISUSE", misuse);
  }
  return set.set.file;
}

export const compressionVectors = (): VectorFile[] => [accepted(), sizes(), wholes(), deflates(), headers(), formats()];
