// Vectors of BROADCAST payloads (4.2, 4.3, the stateless steps of 4.5) and of message ids.
import {
  buildBroadcast,
  buildContent,
  concat,
  filled,
  flipped,
  fromHex,
  messageIdOf,
  sign,
  toHex,
  U64_MAX,
  utf8,
  wrapContent,
  type Bytes,
  type ContentParts,
} from "../golden/index.js";
import { examples } from "./examples.js";
import { withLargeS } from "./signature-forge.js";
import type { VectorFile } from "./types.js";
import { decoding, truncations, VectorSet } from "./vector-set.js";
import { alice, badKeys, bob, demo, NOW, other, small, unsigned, work, worker, type Network, type Person } from "./world.js";

type Changes = Partial<ContentParts>;
const base: ContentParts = { origin: alice.id, sequence: 5n, sentAt: NOW, channel: "chat", payload: utf8("hello") };
const subjectOf = (network: Network): ReturnType<typeof decoding> => decoding("broadcast", { network: toHex(network.descriptor) });
const subject = subjectOf(demo);

/** A payload, signed by its origin for the network. */
function make(changes: Changes = {}, network = demo, who: Person = alice): Bytes {
  return buildBroadcast(who.seed, network.id, { ...base, origin: who.id, ...changes });
}

const bare = (changes: Changes = {}): Bytes => wrapContent(filled(0), buildContent({ ...base, ...changes }));

function encoding(changes: Changes, network: Network): Record<string, unknown> {
  const { sequence, sentAt, channel, payload = filled(0) } = { ...base, ...changes };
  const numbers = { sequence: `${sequence}`, sentAt: `${sentAt}` };
  return { type: "broadcast", seed: toHex(alice.seed), network: toHex(network.descriptor), ...numbers, channel, payload: toHex(payload) };
}

const good: Readonly<Record<string, readonly [Changes, string, string]>> = {
  plain: [{}, "mesh.signature mesh.content.origin", "a channel and a payload"],
  "no-channel": [{ channel: "" }, "mesh.content.decode", "no channel"],
  "no-payload": [{ payload: filled(0) }, "mesh.content.decode", "no payload"],
  empty: [{ channel: "", payload: filled(0) }, "mesh.payload.signature-length", "neither channel nor payload: 115 bytes"],
  "channel-64": [{ channel: "c".repeat(64), payload: filled(0) }, "mesh.content.decode", "the longest channel"],
  "channel-utf8": [{ channel: "caf\u00e9 \ud83d\ude00" }, "mesh.content.decode", "a channel beyond ASCII"],
  "channel-nul": [{ channel: "a\0b" }, "mesh.content.decode", "a channel with a 00 inside"],
  "sequence-0": [{ sequence: 0n }, "mesh.content.decode", "sequence 0"],
  "sequence-last": [{ sequence: U64_MAX }, "int.u64.range", "the last sequence"],
  "sent-at-0": [{ sentAt: 0n }, "mesh.content.decode", "sent in 1970: freshness is not looked at here"],
  "sent-at-last": [{ sentAt: U64_MAX }, "int.u64.range", "sent at the last moment"],
  binary: [{ payload: Uint8Array.from({ length: 256 }, (_, index) => index) }, "mesh.content.decode", "all bytes there are"],
};

function accepted(): VectorFile {
  const set = new VectorSet("broadcast", "accepted", "Broadcasts, both ways");
  const rules = ["mesh.signature", "mesh.content.decode", "mesh.payload.signature-length"];
  set.accept("signed", subject.op, subject.input(examples.broadcast), { rules, comment: "the example of section 4" });
  for (const [name, [changes, rule, comment]] of Object.entries(good)) {
    set.accept(name, subject.op, subject.input(make(changes)), { rules: rule.split(" "), comment });
    set.accept(`encode-${name}`, "codec.encode", encoding(changes, demo), { rules: rule.split(" "), comment });
  }
  const largest = { channel: "", payload: filled(78, 1) };
  const size = ["mesh.content.size"];
  set.accept("largest", "codec.decode", subjectOf(small).input(make(largest, small)), { rules: size, comment: "a content of max_message bytes" });
  set.accept("encode-largest", "codec.encode", encoding(largest, small), { rules: size, comment: "a content of max_message bytes" });
  const free = subjectOf(unsigned);
  const without = ["mesh.payload.signature-length"];
  set.accept("unsigned", free.op, free.input(bare()), { rules: without, comment: "no signature in an unsigned network" });
  set.accept("unsigned-empty", free.op, free.input(bare({ channel: "", payload: filled(0) })), { rules: without, comment: "51 bytes, the shortest" });
  set.accept("encode-unsigned", "codec.encode", encoding({}, unsigned), { rules: without, comment: "no signature in an unsigned network" });
  const strong = worker(8);
  set.accept("enough-work", "codec.decode", subjectOf(work).input(make({}, work, strong)), { rules: ["id.work.origin"], comment: "8 bits of work where 8 are wanted" });
  return set.file;
}

function sizes(): VectorFile {
  const set = new VectorSet("broadcast", "sizes", "Lengths of the signature, of the content, of the payload as a whole");
  const rules = ["mesh.payload.signature-length"];
  const bytes = make();
  const whole = make({ channel: "", payload: filled(0) });
  truncations(set, subject, whole, { name: "truncated", control: "empty", rules, code: "MALFORMED" });
  const channel = ["mesh.content.decode"];
  for (const length of [115, 116, 117, 118]) {
    const about = { rules: channel, comment: `the channel ends after ${length - 115} of 4 bytes`, control: "plain" };
    set.reject(`channel-cut@${length}`, subject.op, subject.input(bytes.slice(0, length)), "MALFORMED", about);
  }
  for (const length of [119, 123]) {
    const about = { rules: ["mesh.signature"], comment: "a shorter payload than was signed", control: "plain" };
    set.reject(`payload-cut@${length}`, subject.op, subject.input(bytes.slice(0, length)), "BAD_SIGNATURE", about);
  }
  for (const size of [0, 1, 63, 65, 128, 255]) {
    const defect = concat(Uint8Array.of(size), bytes.slice(1));
    const about = { rules, comment: `signature length ${size} in a signed network`, control: "plain" };
    set.reject(`signature-length-${size}`, subject.op, subject.input(defect), "MALFORMED", about);
  }
  set.reject("unsigned-in-signed", subject.op, subject.input(bare()), "MALFORMED", { rules, comment: "no signature in a signed network", control: "plain" });
  const free = subjectOf(unsigned);
  set.reject("signed-in-unsigned", free.op, free.input(make({}, unsigned)), "MALFORMED", { rules, comment: "a signature in an unsigned network", control: "unsigned" });
  truncations(set, free, bare({ channel: "", payload: filled(0) }), { name: "unsigned-truncated", control: "unsigned-empty", rules, code: "MALFORMED" });
  const large = (name: string, changes: Changes, comment: string): void =>
    set.reject(name, "codec.decode", subjectOf(small).input(make({ channel: "", payload: filled(79, 1), ...changes }, small)), "TOO_LARGE", {
      rules: ["mesh.content.size"],
      comment,
      control: "largest",
    });
  large("too-large", {}, "one byte more than max_message");
  large("too-large-far", { payload: filled(3000, 1) }, "3,050 bytes where 128 are allowed");
  large("too-large-before-encoding", { encoding: 1 }, "too large and encoding 1: the size comes first");
  large("too-large-before-key", { origin: filled(32) }, "too large and no origin: the size comes first");
  large("too-large-before-sequence", { sequence: U64_MAX + 1n }, "too large and a sequence out of range: the size comes first");
  const unsignedLarge = free.input(bare({ channel: "", payload: filled(79, 1) }));
  set.reject("unsigned-too-large", free.op, unsignedLarge, "TOO_LARGE", { rules: ["mesh.content.size"], comment: "one byte too large, unsigned", control: "unsigned" });
  const misuse = { rules: ["mesh.content.size"], comment: "one byte more than max_message", control: "encode-largest" };
  set.reject("encode-too-large", "codec.encode", encoding({ channel: "", payload: filled(79, 1) }, small), "TOO_LARGE", misuse);
  return set.file;
}

function contents(): VectorFile {
  const set = new VectorSet("broadcast", "content", "Contents that are refused, in the order of the steps");
  const reject = (name: string, changes: Changes, code: string, rule: string, comment: string): void =>
    set.reject(name, subject.op, subject.input(make(changes)), code, { rules: [rule], comment, control: "plain" });
  const malformed: readonly (readonly [string, Changes, string])[] = [
    ["encoding-2", { encoding: 2 }, "encoding 2"],
    ["encoding-255", { encoding: 255 }, "encoding 255"],
    ["channel-65", { channel: "c".repeat(65) }, "a channel of 65 bytes"],
    ["channel-255", { channel: "c".repeat(255) }, "a channel of 255 bytes"],
    ["channel-beyond", { channelLength: 10 }, "a channel that reaches one byte beyond the content"],
    ["channel-beyond-64", { channelLength: 64 }, "a channel that reaches far beyond the content"],
    ["channel-latin1", { channel: fromHex("e9") }, "a channel in Latin-1"],
    ["channel-surrogate", { channel: fromHex("eda080") }, "a surrogate in the channel"],
    ["channel-over-long", { channel: fromHex("c0af") }, "an over-long form in the channel"],
    ["channel-above", { channel: fromHex("f4908080") }, "U+110000 in the channel"],
    ["channel-split", { channel: utf8("\u00e9"), channelLength: 1 }, "the channel ends inside a character"],
  ];
  reject("encoding-1", { encoding: 1 }, "MALFORMED", "mesh.compressed.policy", "encoding 1 where the policy does not have it");
  for (const [name, changes, comment] of malformed) reject(name, changes, "MALFORMED", "mesh.content.decode", comment);
  const ranges: readonly (readonly [string, Changes])[] = [
    ["sequence-2-63", { sequence: U64_MAX + 1n }],
    ["sequence-max", { sequence: 2n ** 64n - 1n }],
    ["sent-at-2-63", { sentAt: U64_MAX + 1n }],
    ["sent-at-max", { sentAt: 2n ** 64n - 1n }],
  ];
  for (const [name, changes] of ranges) {
    const about = { rules: ["mesh.content.decode", "int.u64.range"], comment: "above 2^63 − 1", control: "plain" };
    set.reject(name, subject.op, subject.input(make(changes)), "MALFORMED", about);
    set.reject(`misuse-${name}`, "codec.encode", encoding(changes, demo), "MISUSE", { ...about, control: "encode-plain" });
  }
  const long = encoding({ channel: "c".repeat(65) }, demo);
  set.reject("misuse-channel-65", "codec.encode", long, "MISUSE", { rules: ["mesh.content.decode"], comment: "a channel of 65 bytes", control: "encode-channel-64" });
  for (const { name, bytes, comment } of badKeys()) {
    const about = { rules: ["mesh.content.origin", "id.key.valid"], comment: `origin: ${comment}`, control: "plain" };
    set.reject(`origin-${name}`, subject.op, subject.input(make({ origin: bytes })), "BAD_KEY", about);
  }
  reject("malformed-before-key", { origin: filled(32), encoding: 1 }, "MALFORMED", "mesh.compressed.policy", "encoding 1 and no origin: step 4 comes first");
  const free = subjectOf(unsigned);
  set.reject("unsigned-origin", free.op, free.input(bare({ origin: filled(32) })), "BAD_KEY", { rules: ["mesh.content.origin"], comment: "no origin, unsigned", control: "unsigned" });
  set.reject("unsigned-encoding", free.op, free.input(bare({ encoding: 1 })), "MALFORMED", { rules: ["mesh.compressed.policy"], comment: "encoding 1, unsigned", control: "unsigned" });
  for (const bits of [0, 7]) {
    const input = subjectOf(work).input(make({}, work, worker(bits)));
    set.reject(`work-${bits}`, "codec.decode", input, "BAD_KEY", { rules: ["id.work.origin"], comment: `${bits} bits of work where 8 are wanted`, control: "enough-work" });
  }
  return set.file;
}

function signatures(): VectorFile {
  const set = new VectorSet("broadcast", "signature", "Signatures of broadcasts that are refused");
  const bytes = make();
  const reject = (name: string, defect: Bytes, comment: string): void =>
    set.reject(name, subject.op, subject.input(defect), "BAD_SIGNATURE", { rules: ["mesh.signature"], comment, control: "plain" });
  for (let at = 1; at <= 64; at++) reject(`signature-flipped@${at - 1}`, flipped(bytes, at, 1 << (at % 8)), `one bit of byte ${at - 1} of the signature`);
  const content = buildContent(base);
  const signed = (domain: string, digest: Bytes, who = alice): Bytes => wrapContent(sign(who.seed, domain, digest), content);
  const id = messageIdOf(demo.id, content);
  reject("signature-s-plus-l", wrapContent(withLargeS(bytes.slice(1, 65), 1n), content), "S + L");
  reject("signature-zero", wrapContent(filled(64), content), "64 zero bytes");
  reject("signature-other-network", make({}, other), "signed for another network");
  reject("signature-other-origin", signed("motet/1 message", id, bob), "signed by another node");
  reject("signature-other-domain", signed("motet/1 peer", id), "signed in the domain of records");
  reject("signature-other-sequence", wrapContent(make({ sequence: 6n }).slice(1, 65), content), "the signature of another broadcast");
  const offsets = { sequence: 65 + 39, "sent-at": 65 + 47, channel: 65 + 51, payload: 65 + 55 };
  for (const [name, at] of Object.entries(offsets)) reject(`signature-${name}-changed`, flipped(bytes, at), `${name} changed after signing`);
  reject("signature-origin-changed", concat(bytes.slice(0, 65), bob.id, bytes.slice(97)), "another origin after signing");
  reject("signature-channel-moved", concat(bytes.slice(0, 65 + 49), Uint8Array.of(5), bytes.slice(65 + 50)), "the border of channel and payload moved after signing");
  reject("signature-trailing", concat(bytes, utf8("!")), "a byte behind the payload after signing");
  return set.file;
}

function ids(): VectorFile {
  const set = new VectorSet("broadcast", "message-id", "Message ids");
  const accept = (name: string, content: Bytes, network: Network, comment: string): void => {
    const input = { type: "messageId", network: toHex(network.descriptor), content: toHex(content) };
    set.accept(name, "codec.derive", input, { rules: ["mesh.signature"], comment });
  };
  const content = buildContent(base);
  accept("id-plain", content, demo, "of a plain content");
  accept("id-other-network", content, other, "of the same content in another network");
  accept("id-empty", buildContent({ ...base, channel: "", payload: filled(0) }), demo, "of a content of 50 bytes");
  for (const at of [0, 32, 39, 47, 48, 49, 50, 54]) accept(`id-byte@${at}`, flipped(content, at), demo, `one bit of byte ${at} is another`);
  return set.file;
}

export const broadcastVectors = (): VectorFile[] => [accepted(), sizes(), contents(), signatures(), ids()];
