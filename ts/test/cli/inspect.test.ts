// motet inspect over a capture with every command: what each frame says, and that cut and damaged captures are told so.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8, formatHex, writeU64 } from "../../src/bytes/index.js";
import { compress, compressions, encodeContent, encodeMessage, type MessageInit } from "../../src/codec/index.js";
import { inspectBytes, type Inspection } from "../../src/cli/inspect.js";
import { encodeFrame, encodePreface, Flag, spokenVersions } from "../../src/framing/index.js";
import { Command, commandNames, Compression, ErrorCode, type MessageName } from "../../src/gen/registry.js";
import { formatNodeId } from "../../src/identity/index.js";
import { identityFromSeed } from "../../src/runtime/index.js";
import { longTest } from "../harness/runs.js";
import { run, runProcess } from "./motet.js";

const { REQUEST, RESPONSE, FAILED } = Flag;
const { nodeId } = identityFromSeed(new Uint8Array(32).fill(7));
const nodeText = formatNodeId(nodeId);
const words = encodeUtf8("many voices, one song; ".repeat(40));

function frame<N extends MessageName>(
  command: number,
  flags: number,
  tag: number,
  name: N,
  init: MessageInit<N>,
): Uint8Array {
  return encodeFrame({ flags, command, tag }, encodeMessage(name, init));
}

function compressed<N extends MessageName>(
  command: number,
  flags: number,
  id: number,
  name: N,
  init: MessageInit<N>,
): Uint8Array {
  const payload = compress(id, encodeMessage(name, init));
  if (payload === undefined) throw new Error("not worth compressing");
  return encodeFrame({ flags: flags | id, command, tag: flags === 0 ? 0 : 7 }, payload);
}

function record(): Uint8Array {
  const times = new Uint8Array(24);
  for (const offset of [0, 8, 16]) writeU64(times, offset, 1_767_225_600_000n);
  const body = encodeMessage("PeerRecordBody", { addresses: ["tls://192.0.2.1:4000"], features: [1, 0x7f1b] });
  return concatBytes(nodeId, times, body, new Uint8Array(64));
}

function broadcast(encoding: number, payload: Uint8Array): Uint8Array {
  const content = {
    origin: nodeId,
    sequence: 5n,
    sentAt: 1_767_225_600_000n,
    encoding,
    channel: encodeUtf8("chat"),
    payload,
  };
  const bytes = concatBytes(Uint8Array.of(64), new Uint8Array(64), encodeContent(content, 1 << 20));
  return encodeFrame({ flags: 0, command: Command.BROADCAST, tag: 3 }, bytes);
}

const hello = {
  networkId: new Uint8Array(32),
  nonce: new Uint8Array(32),
  record: record(),
  wanted: nodeId,
  clockMs: 1_767_225_600_000n,
  compressions: [Compression.DEFLATE, 200],
  receiveLimit: 1 << 20,
  bindingKinds: [4, 1],
  agent: "test/1",
};

const tableRecord = encodeMessage("Record", { kind: 3, key: new Uint8Array(32), expires: 9n, value: words });
/** Commands without a meaning yet. */
const reserved = [Command.ANNOUNCE, Command.FETCH, Command.PRUNE, Command.GRAFT];

/** One frame for each command, and the other shapes that some of them have. */
const frames: readonly Uint8Array[] = [
  frame(Command.HELLO, 0, 0, "Hello", hello),
  frame(Command.PROOF, 0, 0, "Proof", { bindingKind: 4, signature: new Uint8Array(64) }),
  frame(Command.PING, REQUEST, 1, "Ping", {}),
  frame(Command.PING, RESPONSE, 1, "Ping", {}),
  frame(Command.UPDATE, REQUEST, 2, "Update", { compressions: [1], receiveLimit: 1 << 20, record: record() }),
  frame(Command.UPDATE, RESPONSE, 2, "UpdateAnswer", {}),
  frame(Command.TELL, 0, 0, "Tell", { channel: "chat", payload: encodeUtf8("hello") }),
  ...compressions.map((id) => compressed(Command.TELL, 0, id, "Tell", { channel: "chat", payload: words })),
  frame(Command.ASK, REQUEST, 7, "Ask", { channel: "math", payload: encodeUtf8("1+1"), timeoutMs: 10_000 }),
  compressed(Command.ASK, RESPONSE, Compression.GZIP, "AskAnswer", { payload: words }),
  frame(Command.ASK, RESPONSE | FAILED, 8, "Error", { code: ErrorCode.NOT_SERVED, text: "nobody" }),
  frame(Command.PEERS, REQUEST, 9, "Peers", { limit: 32 }),
  frame(Command.PEERS, RESPONSE, 9, "PeersAnswer", { records: [record(), record()] }),
  broadcast(0, encodeUtf8("hello")),
  broadcast(1, compress(Compression.DEFLATE, words) ?? words),
  frame(Command.LOCATE, 0, 6, "Locate", { query: new Uint8Array(16), wanted: nodeId }),
  frame(Command.FOUND, 0, 0, "Found", { query: new Uint8Array(16), record: record() }),
  frame(Command.STALE_SEQUENCE, 0, 0, "StaleSequence", { highest: 5n }),
  frame(Command.STATE, REQUEST, 11, "State", {}),
  frame(Command.STATE, RESPONSE, 11, "StateAnswer", { self: record(), phase: 2, successors: [record()], wraps: 1 }),
  frame(Command.NOTIFY, 0, 0, "Notify", {}),
  frame(Command.HINT, 0, 0, "Hint", {}),
  frame(Command.LEAVE, REQUEST, 12, "Leave", {}),
  frame(Command.STEP, REQUEST, 13, "Step", { target: new Uint8Array(32) }),
  frame(Command.STEP, RESPONSE, 13, "StepAnswer", { owners: [record()] }),
  frame(Command.PUT, REQUEST, 14, "Put", { record: tableRecord, position: 1, place: 0, copies: 2 }),
  frame(Command.PUT, RESPONSE, 14, "PutAnswer", { holders: [nodeId], whole: 1 }),
  frame(Command.GET, REQUEST, 15, "Get", { keyId: new Uint8Array(32), position: 1 }),
  frame(Command.GET, RESPONSE, 15, "GetAnswer", { record: Uint8Array.of(8) }),
  frame(Command.SCAN, REQUEST, 16, "Scan", { after: new Uint8Array(32) }),
  frame(Command.SYNC, REQUEST, 17, "Sync", { from: new Uint8Array(32), to: new Uint8Array(32) }),
  frame(Command.WATCH, REQUEST, 18, "Watch", { keyId: new Uint8Array(32), leaseMs: 1000 }),
  frame(Command.CHANGED, 0, 0, "Changed", { record: tableRecord }),
  ...[...reserved, 0x7f1a, 0x90].map((command) => encodeFrame({ flags: 0, command, tag: 0 }, Uint8Array.of(1, 2, 3))),
  encodeFrame({ flags: REQUEST, command: 0x8001, tag: 10 }, encodeUtf8("my own")),
  frame(0x8001, RESPONSE | FAILED, 10, "Error", { code: ErrorCode.APPLICATION, text: "no" }),
  frame(Command.GOODBYE, 0, 0, "Goodbye", { code: ErrorCode.CLOSED, text: "the node stops" }),
];
const capture = concatBytes(encodePreface(spokenVersions), ...frames);
const whole = inspectBytes(capture);

const meanings = ({ lines }: Inspection, field: string): string[] =>
  lines.filter((line) => line.field === field).map((line) => line.meaning);

describe("a whole capture", () => {
  test("is read to its end, with every command by its name", () => {
    expect(whole.problem).toBeUndefined();
    expect(whole.frames).toBe(frames.length);
    expect(meanings(whole, "command")).toEqual(expect.arrayContaining([...commandNames.values()]));
    expect(meanings(whole, "command")).toEqual(
      expect.arrayContaining(["8001, a command of an application", "7f1a, a registered extension"]),
    );
  });

  test("has a line for every byte", () => {
    const covered = new Uint8Array(capture.length);
    for (const { offset, length, isDecompressed } of whole.lines) {
      if (isDecompressed !== true) covered.fill(1, offset, offset + length);
    }
    expect(covered.indexOf(0)).toBe(-1);
  });

  test.each([
    ["Hello.compressions", ["1 DEFLATE, 200"]],
    ["Hello.bindingKinds", ["4 EXPORTER, 1 CERTIFICATE"]],
    ["Hello.clockMs", ["1767225600000, 2026-01-01T00:00:00.000Z"]],
    ["Hello.wanted", [nodeText]],
    ["Proof.bindingKind", ["4 EXPORTER"]],
    ["record.nodeId", [...Array(8).keys()].map(() => nodeText)],
    ["StateAnswer.phase", ["2 MEMBER"]],
    ["Update.compressions", ["1 DEFLATE"]],
    ["Tell.channel", ['"chat"', '"chat"', '"chat"', '"chat"']],
    ["Ask.payload", ['3 bytes of the application: "1+1"']],
    ["Ask.timeoutMs", ["10000 ms"]],
    ["AskAnswer.payload", [`${words.length} bytes of the application`]],
    ["Error.code", ["403 NOT_SERVED", "404 APPLICATION"]],
    ["Peers.limit", ["32"]],
    ["Locate.wanted", [nodeText]],
    ["Goodbye.code", ["101 CLOSED"]],
    ["broadcast.encoding", ["0, none", "1, raw deflate"]],
    ["broadcast.originalSize", [`${words.length} bytes`]],
    ["broadcast.payload", ['5 bytes of the application: "hello"', `${words.length} bytes of the application`]],
  ])("explains %s", (field, expected) => {
    expect(meanings(whole, field)).toEqual(expected);
  });

  test("tells tags by what they mean", () => {
    const tags = meanings(whole, "tag");
    for (const tag of ["0", "correlation id 7", "3 hops so far", "6 hops left"]) expect(tags).toContain(tag);
  });

  test("tells what compressed payloads hold, apart from the bytes of the capture", () => {
    const decompressed = whole.lines.filter((line) => line.isDecompressed === true).map((line) => line.field);
    const tell = ["Tell.channel", "Tell.payload"];
    expect(decompressed).toEqual([...tell, ...tell, ...tell, "AskAnswer.payload", "broadcast.payload"]);
    expect(meanings(whole, "flags")).toEqual(
      expect.arrayContaining(["one-way, compressed, 3 ZLIB", "RESPONSE, compressed, 2 GZIP"]),
    );
  });

  test("may begin with a frame", () => {
    expect(inspectBytes(concatBytes(...frames))).toMatchObject({ frames: frames.length });
  });
});

describe("a capture that is cut", () => {
  test("is told so at every byte, with the frames before it", () => {
    let end = 8;
    const ends = new Map([[end, 0]]);
    frames.forEach((one, index) => ends.set((end += one.length), index + 1));
    let read = 0;
    for (let length = 1; length <= capture.length; length++) {
      const { lines, frames: count, problem } = inspectBytes(capture.subarray(0, length));
      read = ends.get(length) ?? read;
      expect(count).toBe(read);
      if (ends.has(length)) expect(problem).toBeUndefined();
      else
        expect(problem).toMatch(/^the capture ends inside .* before it (?:was|were) read; capture more of the stream$/);
      expect(lines.length).toBeGreaterThan(0);
    }
  });

  test("may be empty", () => {
    expect(inspectBytes(new Uint8Array(0)).problem).toMatch(/no bytes; capture/);
  });
});

describe("a capture that is damaged", () => {
  test("is explained up to there, whatever bit is wrong", { timeout: longTest }, () => {
    for (let bit = 0; bit < capture.length * 8; bit += 3) {
      const damaged = capture.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { problem = "", frames: count } = inspectBytes(damaged);
      expect(problem).toMatch(
        /^$|^the capture ends |^damaged at byte \d+, .*: [A-Z_]+: .*; a node refuses it so; check/,
      );
      expect(count).toBeLessThanOrEqual(frames.length + 1);
    }
  });

  test.each([
    ["a compressed payload", Command.TELL, Compression.DEFLATE, Uint8Array.of(0, 0, 0, 9, 7), "UNDECODABLE"],
    ["compression that nobody has", Command.TELL, Compression.SNAPPY, Uint8Array.of(0, 0, 0, 9, 7), "UNDECODABLE"],
    ["a broadcast", Command.BROADCAST, 0, Uint8Array.of(1, 2, 3), "MALFORMED"],
    ["an empty broadcast", Command.BROADCAST, 0, new Uint8Array(0), "MALFORMED"],
    ["a message", Command.TELL, 0, Uint8Array.of(0x0a, 9, 1), "MALFORMED"],
    ["flags", Command.TELL, Flag.RESERVED, new Uint8Array(0), "PROTOCOL_ERROR"],
  ])("names place and code: %s", (_, command, flags, payload, code) => {
    const bytes = concatBytes(frames[2] ?? payload, encodeFrame({ flags, command, tag: 0 }, payload));
    const { problem, frames: count } = inspectBytes(bytes);
    expect(problem).toMatch(new RegExp(`^damaged at byte 8, ${commandNames.get(command)}: ${code}: `));
    expect(problem).toContain("1 frame before it was read");
    expect(count).toBe(1);
  });
});

describe("where a capture comes from", () => {
  test("raw or in hexadecimal, from a file, from stdin or from the command line", { timeout: longTest }, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "motet-"));
    const [raw, hex] = [path.join(folder, "raw"), path.join(folder, "hex")];
    await writeFile(raw, capture);
    await writeFile(hex, formatHex(capture).replaceAll(/.{32}/g, "$&\n").toUpperCase());
    const expected = await run("inspect", formatHex(capture), "--json");
    expect(expected.code).toBe(0);
    expect(
      expected.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(whole.lines);
    expect(await run("inspect", "--file", raw, "--json")).toEqual(expected);
    expect(await run("inspect", "--file", hex, "--json")).toEqual(expected);
    expect(await runProcess(capture, "inspect", "--file", "-", "--json")).toEqual(expected);
  });

  test("one that is cut shows what was read, and why not more", async () => {
    const outcome = await run("inspect", formatHex(capture.subarray(0, 100)));
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain("length: ");
    expect(outcome.stderr).toMatch(
      /^motet: the capture ends inside the payload of HELLO at byte 8, 84 of its \d+ bytes/,
    );
  });
});
