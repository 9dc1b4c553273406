// Vectors of the frame header (2.2): every check in its order, for known, reserved and unknown commands.
import {
  commandName,
  commandOf,
  concat,
  encodeFrame,
  enumEntries,
  FAILED,
  filled,
  REQUEST,
  RESERVED,
  RESPONSE,
  toHex,
  type Bytes,
  type Frame,
} from "../golden/index.js";
import { examples } from "./examples.js";
import type { VectorFile } from "./types.js";
import { decoding, truncations, VectorSet } from "./vector-set.js";

const LIMIT = 4096;
const subject = decoding("frame", { receiveLimit: LIMIT });
const PING = commandOf("PING");
const BROADCAST = commandOf("BROADCAST");
const commands = enumEntries("Command");
const known = commands.filter((entry) => entry.command?.reserved === false);
const compressible = known.filter((entry) => entry.command?.compressible === true);
const reserved = commands.filter((entry) => entry.command?.reserved === true);

type Shape = Partial<Frame> & { command: number };

const label = (command: number): string =>
  commandName(command)?.toLowerCase().replaceAll("_", "-") ?? command.toString(16).padStart(4, "0");

/** The right frame of a known command: the control of its defects. */
const right = (entry: { number: number; command?: { oneWay: boolean } }): Shape =>
  entry.command?.oneWay === true ? { command: entry.number } : { command: entry.number, flags: REQUEST, tag: 1 };

function accepted(): VectorFile {
  const set = new VectorSet("frame", "accepted", "Frames that a READY session takes");
  const accept = (name: string, shape: Shape, rules: readonly string[], comment: string): void => {
    set.accept(name, subject.op, subject.input(encodeFrame(shape)), { rules, comment });
    const { command, flags = 0, tag = 0, payload = new Uint8Array() } = shape;
    const input = { type: "frame", command, flags, tag, payload: toHex(payload) };
    set.accept(`encode-${name}`, "codec.encode", input, { rules, comment });
  };
  for (const entry of known) {
    accept(label(entry.number), right(entry), ["frame.flags.command", "frame.tag.oneway"], `${entry.name} in the kind that it is sent in`);
  }
  accept("ping-request", examples.pingFrame, ["frame.tag.zero", "frame.flags.reserved", "frame.flags.both"], "PING, a request with the tag 7");
  accept("ping-response", { command: PING, flags: RESPONSE, tag: 1 }, ["frame.flags.command"], "a response is allowed where a request is");
  accept("ping-failed", { command: PING, flags: RESPONSE | FAILED, tag: 65_535 }, ["frame.flags.failed"], "FAILED goes with RESPONSE");
  accept("broadcast-hops", { command: BROADCAST, tag: 65_535, payload: filled(3, 9) }, ["frame.tag.oneway"], "the tag of BROADCAST counts hops");
  for (const command of [0, 0x7f, 0x100, 0x7f1a, 0x8000, 0xffff]) {
    const name = `unknown-${command.toString(16).padStart(4, "0")}`;
    accept(`${name}-one-way`, { command, tag: 5 }, ["frame.unknown.oneway", "frame.tag.oneway"], "an unknown command may have any tag");
    accept(`${name}-request`, { command, flags: REQUEST, tag: 5 }, ["frame.unknown.request"], "an unknown command may be a request");
  }
  for (const compression of [1, 15]) {
    const shape = { command: 0x8000, flags: compression, payload: filled(4, 1) };
    accept(`unknown-compressed-${compression}`, shape, ["frame.compression.forbidden"], "the compression id of an unknown command is not looked at");
  }
  for (const entry of compressible) {
    const shape = right(entry);
    for (const compression of [1, 8, 15]) {
      const compressed = { ...shape, flags: (shape.flags ?? 0) | compression, payload: filled(5) };
      const comment = `${entry.name} may be compressed; whether the id is listed and the payload right is no matter of the header`;
      accept(`${label(entry.number)}-compressed-${compression}`, compressed, ["frame.compression.forbidden"], comment);
    }
  }
  for (const { number, name } of reserved) {
    const shape = { command: number, flags: REQUEST | 1, tag: 3 };
    accept(`reserved-${label(number)}`, shape, ["frame.flags.command", "frame.compression.forbidden"], `${name} is reserved, so it is unknown: any kind and compression id`);
  }
  return set.file;
}

function lengths(): VectorFile {
  const set = new VectorSet("frame", "length", "The length against the receive limit, and against the bytes that are there");
  const rules = ["frame.length.limit"];
  const control = "length-at-limit";
  const shape = { command: 0x8000, payload: filled(LIMIT, 7) };
  set.accept("length-at-limit", subject.op, subject.input(encodeFrame(shape)), { rules: [...rules, "frame.length.early"], comment: "as long as the limit" });
  set.accept("length-zero", subject.op, subject.input(encodeFrame({ command: 0x8000 })), { rules, comment: "no payload" });
  const tooLarge = (name: string, bytes: Bytes, comment: string, rule = "frame.length.limit"): void =>
    set.reject(name, subject.op, subject.input(bytes), "TOO_LARGE", { rules: [rule], comment, control });
  const over = { command: 0x8000, payload: filled(LIMIT + 1, 7) };
  tooLarge("length-over-limit", encodeFrame(over), "one byte above the limit");
  tooLarge("length-over-limit-early", encodeFrame({ command: 0x8000 }, LIMIT + 1), "one byte above the limit, the payload not yet there", "frame.length.early");
  tooLarge("length-bomb", encodeFrame({ command: 0x8000 }, 2 ** 24 - 1), "the longest length there is, and nothing behind it", "frame.length.early");
  tooLarge("length-before-flags", encodeFrame({ command: PING, flags: RESERVED }, LIMIT + 1), "too long and flag 10: the length comes first");
  tooLarge("length-before-kind", encodeFrame({ command: PING }, LIMIT + 1), "too long and of a wrong kind: the length comes first");
  const small = encodeFrame({ command: PING, flags: REQUEST, tag: 7, payload: filled(5, 1) });
  set.accept("whole", subject.op, subject.input(small), { rules, comment: "header and five bytes" });
  truncations(set, subject, small, { name: "truncated", control: "whole", rules, code: "MALFORMED" });
  const malformed = (name: string, bytes: Bytes, comment: string): void =>
    set.reject(name, subject.op, subject.input(bytes), "MALFORMED", { rules, comment, control: "whole" });
  malformed("trailing", concat(small, filled(1)), "one byte behind the payload");
  const lying = (length: number): Bytes => encodeFrame({ command: PING, flags: REQUEST, tag: 7, payload: filled(5, 1) }, length);
  malformed("length-less-1", lying(4), "the length is one too small");
  malformed("length-more-1", lying(6), "the length is one too large");
  malformed("length-said-zero", lying(0), "the length says 0, five bytes follow");
  malformed("length-said-limit", lying(LIMIT), "the length says the limit, five bytes follow");
  malformed("two-frames", concat(small, small), "two frames where one is asked for");
  return set.file;
}

function flags(): VectorFile {
  const set = new VectorSet("frame", "flags", "Flags, kinds and tags that are refused");
  const reject = (name: string, shape: Shape, rule: string, comment: string, control: string): void =>
    set.reject(name, subject.op, subject.input(encodeFrame(shape)), "PROTOCOL_ERROR", { rules: rule.split(" "), comment, control });
  for (const entry of known) {
    const shape = right(entry);
    const base = shape.flags ?? 0;
    const name = label(entry.number);
    reject(`${name}-reserved-flag`, { ...shape, flags: base | RESERVED }, "frame.flags.reserved", `${entry.name} with flag 10`, name);
    for (const compression of compressible.includes(entry) ? [] : [1, 8, 15]) {
      const comment = `${entry.name} with the compression id ${compression}`;
      reject(`${name}-compressed-${compression}`, { ...shape, flags: base | compression }, "frame.compression.forbidden", comment, name);
    }
    const oneWay = entry.command?.oneWay === true;
    const wrong = oneWay ? { request: REQUEST, response: RESPONSE, failed: RESPONSE | FAILED } : { "one-way": 0 };
    for (const [kind, bits] of Object.entries(wrong)) {
      const tag = bits === 0 ? 0 : 1;
      reject(`${name}-as-${kind}`, { command: entry.number, flags: bits, tag }, "frame.flags.command", `${entry.name} as ${kind}`, name);
    }
    if (!oneWay || entry.command?.tag !== "ZERO") continue;
    for (const tag of [1, 65_535]) {
      reject(`${name}-tag-${tag}`, { ...shape, tag }, "frame.tag.oneway", `one-way ${entry.name} with the tag ${tag}`, name);
    }
  }
  for (const command of [PING, 0x8000]) {
    const name = command === PING ? "ping" : "unknown";
    const control = command === PING ? "ping-request" : "unknown-8000-request";
    const cases: readonly (readonly [string, number, number, string, string])[] = [
      ["failed-alone", FAILED, 1, "frame.flags.failed", "FAILED without RESPONSE"],
      ["failed-request", FAILED | REQUEST, 1, "frame.flags.failed", "FAILED with REQUEST"],
      ["request-response", REQUEST | RESPONSE, 1, "frame.flags.both", "REQUEST and RESPONSE"],
      ["request-response-failed", REQUEST | RESPONSE | FAILED, 1, "frame.flags.both", "REQUEST, RESPONSE and FAILED"],
      ["request-tag-zero", REQUEST, 0, command === PING ? "frame.tag.zero" : "frame.tag.zero frame.unknown.request", "a request with tag 0"],
      ["response-tag-zero", RESPONSE, 0, "frame.tag.zero", "a response with tag 0"],
      ["failed-tag-zero", RESPONSE | FAILED, 0, "frame.tag.zero", "a failed response with tag 0"],
    ];
    for (const [kind, bits, tag, rule, comment] of cases) reject(`${name}-${kind}`, { command, flags: bits, tag }, rule, comment, control);
  }
  reject("unknown-reserved-flag", { command: 0x8000, flags: RESERVED, tag: 5 }, "frame.flags.reserved frame.unknown.oneway", "an unknown command with flag 10", "unknown-8000-one-way");
  for (const length of [1, 4096]) {
    const bytes = encodeFrame({ command: PING, flags: REQUEST | RESERVED, tag: 1 }, length);
    const about = { rules: ["frame.flags.reserved"], comment: "a header that is refused; its payload is not waited for", control: "ping-request" };
    set.reject(`header-before-payload-${length}`, subject.op, subject.input(bytes), "PROTOCOL_ERROR", about);
  }
  return set.file;
}

function misuse(): VectorFile {
  const set = new VectorSet("frame", "misuse", "Frames that decoding would refuse are not encoded");
  const reject = (name: string, shape: Shape, rule: string, control: string): void => {
    const { command, flags: bits = 0, tag = 0 } = shape;
    const input = { type: "frame", command, flags: bits, tag, payload: "" };
    set.reject(`misuse-${name}`, "codec.encode", input, "MISUSE", { rules: [rule], comment: "not encoded", control: `encode-${control}` });
  };
  reject("reserved-flag", { command: PING, flags: REQUEST | RESERVED, tag: 1 }, "frame.flags.reserved", "ping-request");
  reject("failed-alone", { command: PING, flags: FAILED, tag: 1 }, "frame.flags.failed", "ping-failed");
  reject("request-response", { command: PING, flags: REQUEST | RESPONSE, tag: 1 }, "frame.flags.both", "ping-request");
  reject("tag-zero", { command: PING, flags: REQUEST, tag: 0 }, "frame.tag.zero", "ping-request");
  reject("ping-one-way", { command: PING }, "frame.flags.command", "ping-request");
  reject("hello-tag", { command: commandOf("HELLO"), tag: 1 }, "frame.tag.oneway", "hello");
  reject("compressed", { command: PING, flags: REQUEST | 1, tag: 1 }, "frame.compression.forbidden", "ping-request");
  return set.file;
}

export const frameVectors = (): VectorFile[] => [accepted(), lengths(), flags(), misuse()];
