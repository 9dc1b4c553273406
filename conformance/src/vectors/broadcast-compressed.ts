// Vectors of broadcasts with encoding 1 (4.2, step 4 of 4.5): what is rejected without decompressing, and what is not delivered.
import { buildBroadcast, buildContent, concat, filled, sized, toHex, utf8, wrapContent, type Bytes, type ContentParts } from "../golden/index.js";
import { BitWriter, fixed, literal, match, repeat, stored, zlib } from "./deflate-forge.js";
import type { VectorFile } from "./types.js";
import { decoding, VectorSet, type About } from "./vector-set.js";
import { alice, badKeys, demo, NOW, packed, packedUnsigned, unsigned, type Network } from "./world.js";

const A = 97;
const MAX = 4096;
const bits = (): BitWriter => new BitWriter();
const letters = (count: number): Bytes => filled(count, A);
/** `a`, and `times` times 258 more. */
const run = (times: number): Bytes => fixed(bits(), [literal(A), ...repeat(times, match(0))]).done;
/** 4,096 letters: 1 + 15 × 258 + 225. */
const full = fixed(bits(), [literal(A), ...repeat(15, match(0)), match(0, [283, 30, 5])]).done;

const base: ContentParts = { origin: alice.id, sequence: 5n, sentAt: NOW, channel: "chat", encoding: 1 };
const subjectOf = (network: Network): ReturnType<typeof decoding> => decoding("broadcast", { network: toHex(network.descriptor) });
const subject = subjectOf(packed);

const make = (payload: Bytes, changes: Partial<ContentParts> = {}, network = packed): Bytes =>
  buildBroadcast(alice.seed, network.id, { ...base, payload, ...changes });
const bare = (payload: Bytes, changes: Partial<ContentParts> = {}): Bytes => wrapContent(filled(0), buildContent({ ...base, payload, ...changes }));

/** The one that the specification shows. */
export const compressedExample: Bytes = make(sized(259, run(1)));

const features = ["compression"];
const control = "not-compressed";

/** Rejected by everybody, decompressing or not. */
function rejected(set: VectorSet): void {
  const reject = (name: string, bytes: Bytes, code: string, rule: string, comment: string): void =>
    set.reject(`compressed-${name}`, subject.op, subject.input(bytes), code, { rules: [rule], comment, control });
  const size = (name: string, payload: Bytes, comment: string): void => reject(name, make(payload), "MALFORMED", "mesh.compressed.size", comment);
  for (let length = 0; length < 4; length++) size(`cut@${length}`, sized(259, run(1)).slice(0, length), `the content ends after ${length} of 4 bytes of the original size`);
  size("zero", sized(0, run(1)), "original size 0");
  size("empty", sized(0, filled(0)), "original size 0 and no data");
  size("as-data", sized(run(1).length, run(1)), "the original size is the length of the data");
  size("below-data", sized(run(1).length - 1, run(1)), "the original size is below the length of the data");
  const stays = utf8("as it is");
  const plain = stored(bits(), stays, true).done;
  size("grown", sized(stays.length, plain), "data that is right but for being longer than what it becomes");
  const short = make(filled(2), { channel: "" });
  reject("no-channel-cut", short, "MALFORMED", "mesh.compressed.size", "no channel, and the content ends inside the original size");
  const limit = (name: string, original: number, comment: string, data = full): void =>
    reject(name, make(sized(original, data)), "TOO_LARGE", "mesh.compressed.limit", comment);
  limit("limit", MAX + 1, "an original size one above max_message");
  limit("limit-far", 2 ** 32 - 1, "the largest original size there is");
  limit("limit-sign", 2 ** 31, "an original size that is negative to some");
  limit("limit-broken", MAX + 1, "above max_message, and no data", filled(0));
  const long = make(sized(1, filled(MAX)));
  reject("size-before-limit", long, "TOO_LARGE", "mesh.content.size", "an original size that is too small in a content longer than max_message: step 3 comes first");
  const noOrigin = { origin: badKeys()[0]?.bytes ?? alice.id };
  reject("limit-before-key", make(sized(MAX + 1, full), noOrigin), "TOO_LARGE", "mesh.compressed.limit", "above max_message, and no origin: step 4 comes first");
  reject("size-before-key", make(sized(1, full), noOrigin), "MALFORMED", "mesh.compressed.size", "an original size that is too small, and no origin");
  reject("bad-key", make(sized(MAX, full), noOrigin), "BAD_KEY", "mesh.content.origin", "compressed, and no origin");
  const flipped = make(sized(259, run(1)));
  const signature = concat(flipped.slice(0, 9), Uint8Array.of((flipped[9] ?? 0) ^ 1), flipped.slice(10));
  reject("bad-signature", signature, "BAD_SIGNATURE", "mesh.signature", "compressed, and one bit of the signature is wrong");
  for (const encoding of [2, 3, 255]) {
    reject(`encoding-${encoding}`, make(sized(259, run(1)), { encoding }), "MALFORMED", "mesh.content.decode", `encoding ${encoding}`);
  }
  const policy = { rules: ["mesh.compressed.policy"], control };
  const signed = subjectOf(demo);
  set.reject("compressed-not-allowed", signed.op, signed.input(make(sized(259, run(1)), {}, demo)), "MALFORMED", { ...policy, comment: "a policy without COMPRESSED_BROADCASTS" });
  set.reject("compressed-not-allowed-large", signed.op, signed.input(make(sized(2 ** 31, run(1)), {}, demo)), "MALFORMED", { ...policy, comment: "not allowed, and an original size above max_message: MALFORMED comes first" });
  const free = subjectOf(unsigned);
  set.reject("compressed-not-allowed-unsigned", free.op, free.input(bare(sized(259, run(1)))), "MALFORMED", { ...policy, comment: "a policy with UNSIGNED_BROADCASTS alone" });
}

/** Accepted by everybody, delivered by nobody. */
function broken(set: VectorSet): void {
  const reject = (name: string, payload: Bytes, comment: string, rule = "exact"): void =>
    set.reject(`compressed-${name}`, subject.op, subject.input(make(payload)), "UNDECODABLE", { rules: ["mesh.compressed.broken", `compress.${rule}`], comment, control: "compressed", features });
  reject("one-less", sized(258, run(1)), "one byte more comes out than announced");
  reject("one-more", sized(260, run(1)), "one byte less comes out than announced");
  reject("far-more", sized(MAX, run(1)), "far less comes out than announced");
  reject("truncated", sized(259, run(1).slice(0, -1)), "the data ends too early", "whole");
  reject("no-data", sized(259, filled(0)), "no data at all", "whole");
  reject("behind", sized(259, concat(run(1), filled(1))), "a byte behind the data", "whole");
  reject("no-last-block", sized(259, fixed(bits(), [literal(A), match(0)], false).done), "no block is the last", "whole");
  reject("type-3", sized(259, Uint8Array.of(7, 0, 0)), "block type 3", "deflate");
  reject("distance", sized(259, fixed(bits(), [literal(A), match(1)]).done), "a distance to before the first byte", "deflate");
  reject("zlib", sized(259, zlib(run(1), letters(259))), "zlib in place of raw deflate", "deflate");
  reject("text", sized(259, utf8("hello")), "text in place of deflate", "deflate");
}

export function compressedBroadcastVectors(): VectorFile[] {
  const set = new VectorSet("broadcast", "compressed", "Broadcasts with encoding 1");
  const about = (rule: string, comment: string): About => ({ rules: [rule], comment, features });
  const accept = (name: string, bytes: Bytes, rule: string, comment: string): void =>
    set.accept(name, subject.op, subject.input(bytes), about(rule, comment));
  set.accept(control, subject.op, subject.input(make(letters(259), { encoding: 0 })), {
    rules: ["mesh.compressed.policy"],
    comment: "a payload that is not compressed, where it may be",
  });
  accept("compressed", compressedExample, "mesh.compressed.deliver", "a compressed payload");
  accept("compressed-no-channel", make(sized(259, run(1)), { channel: "" }), "mesh.compressed.deliver", "without channel");
  accept("compressed-longest-channel", make(sized(259, run(1)), { channel: "c".repeat(64) }), "mesh.compressed.deliver", "with the longest channel");
  accept("compressed-stored", make(sized(520, fixed(stored(bits(), utf8("abcd")), repeat(2, match([3, 0, 0]))).done)), "mesh.compressed.deliver", "a stored block, then one of fixed codes");
  accept("compressed-at-limit", make(sized(MAX, full)), "mesh.compressed.limit", "an original size of max_message");
  accept("compressed-just-shrunk", make(sized(5, fixed(bits(), [literal(A), match(0, 258)]).done)), "mesh.compressed.size", "an original size one above the length of the data");
  const free = subjectOf(packedUnsigned);
  set.accept("compressed-unsigned", free.op, free.input(bare(sized(259, run(1)))), about("mesh.compressed.deliver", "in a network whose broadcasts are not signed"));
  rejected(set);
  broken(set);
  return [set.file];
}
