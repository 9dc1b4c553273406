// Vectors of the incremental reader: any cut of a stream gives the same frames, and a refusal comes with the header.
import { commandOf, concat, encodeFrame, filled, REQUEST, RESERVED, toHex, utf8, type Bytes } from "../golden/index.js";
import { randomOf } from "../run/random.js";
import type { VectorFile } from "./types.js";
import { VectorSet } from "./vector-set.js";

const PING = commandOf("PING");
const LIMIT = 64;
const frames: readonly Bytes[] = [
  encodeFrame({ command: PING, flags: REQUEST, tag: 1 }),
  encodeFrame({ command: commandOf("BROADCAST"), tag: 2, payload: utf8("hello") }),
  encodeFrame({ command: 0x8001, tag: 9, payload: filled(3, 0xff) }),
];
const stream = concat(...frames);
const ORDER = ["frame.order", "frame.unknown.oneway"];

const input = (chunks: readonly Bytes[]): Record<string, unknown> => ({ receiveLimit: LIMIT, chunks: chunks.map(toHex) });

/** Cuts the bytes at these places. */
function cut(bytes: Bytes, places: readonly number[]): Bytes[] {
  const edges = [0, ...places, bytes.length];
  return edges.slice(1).map((end, index) => bytes.slice(edges[index], end));
}

function chunking(): VectorFile {
  const set = new VectorSet("stream", "chunking", "The same frames however the stream is cut");
  const rules = ["frame.chunking"];
  set.accept("one-chunk", "codec.feed", input([stream]), { rules: [...rules, ...ORDER], comment: "three frames in one chunk" });
  set.accept("frame-by-frame", "codec.feed", input(frames), { rules, comment: "a chunk a frame" });
  set.accept("byte-by-byte", "codec.feed", input(cut(stream, Array.from({ length: stream.length - 1 }, (_, at) => at + 1))), { rules, comment: "a chunk a byte" });
  set.accept("empty-chunks", "codec.feed", input([filled(0), stream.slice(0, 9), filled(0), filled(0), stream.slice(9), filled(0)]), { rules, comment: "empty chunks between" });
  set.accept("nothing", "codec.feed", input([]), { rules, comment: "no chunk at all", control: "one-chunk" });
  for (let at = 1; at < stream.length; at++) {
    set.accept(`cut@${at}`, "codec.feed", input(cut(stream, [at])), { rules, comment: `cut before byte ${at}` });
  }
  const random = randomOf(7);
  for (let count = 0; count < 8; count++) {
    const places = Array.from({ length: 6 }, () => Math.floor(random() * stream.length)).sort((a, b) => a - b);
    set.accept(`random-cuts-${count}`, "codec.feed", input(cut(stream, places)), { rules, comment: `cut before ${places.join(", ")}` });
  }
  for (const missing of [1, 2, 3, 8, 10, 11]) {
    const part = stream.slice(0, -missing);
    set.accept(`rest-${missing}`, "codec.feed", input([part]), { rules, comment: `the last ${missing} bytes are missing: an unfinished frame` });
  }
  const seven = encodeFrame({ command: PING, flags: REQUEST | RESERVED, tag: 1 }).slice(0, 7);
  set.accept("seven-bytes", "codec.feed", input([frames[0] as Bytes, seven]), { rules, comment: "seven bytes of a header with flag 10: not judged yet" });
  return set.file;
}

function refusals(): VectorFile {
  const set = new VectorSet("stream", "refusals", "A refused header refuses the stream, as soon as its eight bytes are there");
  const control = "one-chunk";
  const long = encodeFrame({ command: 0x8001 }, LIMIT + 1);
  const longest = encodeFrame({ command: 0x8001 }, 2 ** 24 - 1);
  const flag = encodeFrame({ command: PING, flags: REQUEST | RESERVED, tag: 1 }, 5);
  const kind = encodeFrame({ command: PING });
  const cases: readonly (readonly [string, readonly Bytes[], string, string, string])[] = [
    ["too-large-first", [long], "TOO_LARGE", "frame.length.early", "only a header, one byte too long"],
    ["too-large-bomb", [longest], "TOO_LARGE", "frame.length.early", "only a header of 16 MiB"],
    ["too-large-behind", [concat(stream, long)], "TOO_LARGE", "frame.length.limit", "behind three good frames"],
    ["too-large-cut", cut(concat(stream, long), [stream.length + 2, stream.length + 7]), "TOO_LARGE", "frame.chunking", "its header comes in three chunks"],
    ["too-large-bytes", cut(long, [1, 2, 3, 4, 5, 6, 7]), "TOO_LARGE", "frame.chunking", "its header comes byte by byte"],
    ["flag-early", [flag], "PROTOCOL_ERROR", "frame.flags.reserved", "flag 10; the payload is not waited for"],
    ["flag-bytes", cut(flag, [1, 2, 3, 4, 5, 6, 7]), "PROTOCOL_ERROR", "frame.chunking", "flag 10, byte by byte"],
    ["kind-behind", [frames[0] as Bytes, kind, frames[1] as Bytes], "PROTOCOL_ERROR", "frame.flags.command", "a one-way PING between good frames"],
    ["first-refusal", [concat(kind, long)], "PROTOCOL_ERROR", "frame.order", "two bad frames: the first one decides"],
    ["first-refusal-length", [concat(long, kind)], "TOO_LARGE", "frame.order", "two bad headers: the first one decides"],
  ];
  for (const [name, chunks, code, rule, comment] of cases) {
    set.reject(name, "codec.feed", input(chunks), code, { rules: [rule], comment, control });
  }
  for (let at = 1; at < 8; at++) {
    const chunks = cut(concat(frames[0] as Bytes, flag), [8 + at]);
    const about = { rules: ["frame.chunking"], comment: `a refused header cut before its byte ${at}`, control };
    set.reject(`flag-cut@${at}`, "codec.feed", input(chunks), "PROTOCOL_ERROR", about);
  }
  return set.file;
}

export const streamVectors = (): VectorFile[] => [chunking(), refusals()];
