// Says what each piece of some bytes is: for worked examples of the specification and for `explain`.
// Reads leniently: where bytes end or make no sense, what is left is one line.
import {
  commandName,
  HEADER_BYTES,
  knownCommand,
  parseHeader,
  readU64,
  readUint,
  REQUEST,
  RESPONSE,
  COMPRESSION,
  FAILED,
  textOf,
  toHex,
  DESCRIPTOR_FIELDS,
  type Bytes,
} from "../golden/index.js";
import { annotateMessage } from "./message.js";

export interface Annotation {
  readonly at: number;
  readonly bytes: Bytes;
  readonly meaning: string;
}

/** Walks over bytes and notes what the pieces are. */
export class Annotator {
  readonly lines: Annotation[] = [];
  readonly #bytes: Bytes;
  readonly #base: number;
  at = 0;

  constructor(bytes: Bytes, base = 0) {
    this.#bytes = bytes;
    this.#base = base;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** Notes the next bytes, as far as they go, and gives them. */
  take(size: number, meaning: string | ((bytes: Bytes) => string)): Bytes {
    const bytes = this.#bytes.slice(this.at, this.at + size);
    if (bytes.length > 0) {
      const said = typeof meaning === "string" ? meaning : meaning(bytes);
      const missing = bytes.length < size ? ` (cut short: ${bytes.length} of ${size} bytes)` : "";
      this.lines.push({ at: this.#base + this.at, bytes, meaning: said + missing });
    }
    this.at += bytes.length;
    return bytes;
  }

  /** Notes what others found in the next bytes. */
  nest(size: number, find: (bytes: Bytes, base: number) => readonly Annotation[]): void {
    const bytes = this.#bytes.slice(this.at, this.at + size);
    this.lines.push(...find(bytes, this.#base + this.at));
    this.at += bytes.length;
  }

  rest(meaning: string): void {
    if (this.left > 0) this.take(this.left, meaning);
  }
}

const number =
  (name: string): ((bytes: Bytes) => string) =>
  (bytes) =>
    `${name} ${readUint(bytes, 0, bytes.length)}`;
const u64 =
  (name: string): ((bytes: Bytes) => string) =>
  (bytes) =>
    `${name} ${bytes.length === 8 ? readU64(bytes, 0) : ""}`;

/** A time as text, where it is one of our age. */
function time(name: string): (bytes: Bytes) => string {
  return (bytes) => {
    const ms = bytes.length === 8 ? readU64(bytes, 0) : 0n;
    return `${name} ${ms}${ms < 2n ** 42n ? ` (${new Date(Number(ms)).toISOString()})` : ""}`;
  };
}

const text =
  (name: string): ((bytes: Bytes) => string) =>
  (bytes) =>
    `${name} ${JSON.stringify(textOf(bytes) ?? toHex(bytes))}`;

export function annotatePreface(bytes: Bytes, base = 0): readonly Annotation[] {
  const notes = new Annotator(bytes, base);
  notes.take(5, text("magic"));
  notes.take(1, number("lowest version"));
  notes.take(1, number("highest version"));
  notes.take(1, "00");
  notes.rest("behind the preface");
  return notes.lines;
}

function flagNames(flags: number): string {
  const names = [
    flags & RESPONSE && "RESPONSE",
    flags & FAILED && "FAILED",
    flags & REQUEST && "REQUEST",
    flags & 0x10 && "reserved",
  ];
  const compression = flags & 15 ? [`compression ${flags & 15}`] : [];
  const set = [...names.filter((name) => typeof name === "string"), ...compression];
  return set.length === 0 ? "none: one-way" : set.join(" | ");
}

/** Name of the message that a frame carries; empty where it is none. */
function messageOf(command: number, flags: number): string {
  if ((flags & FAILED) !== 0) return "Error";
  const shape = knownCommand(command);
  return ((flags & RESPONSE) === 0 ? shape?.payload : shape?.answer) ?? "";
}

/** A frame: header, then its payload by command. */
export function annotateFrame(bytes: Bytes, base = 0): readonly Annotation[] {
  const notes = new Annotator(bytes, base);
  const { length, command, flags } = parseHeader(bytes);
  notes.take(3, number("length of the payload"));
  notes.take(1, ([byte = 0]) => `flags: ${flagNames(byte)}`);
  notes.take(2, () => `command ${commandName(command) ?? "unknown"}`);
  notes.take(2, number("tag"));
  if (bytes.length <= HEADER_BYTES) return notes.lines;
  const message = messageOf(command, flags);
  const size = Math.min(length, notes.left);
  if ((flags & COMPRESSION) !== 0 && knownCommand(command) !== undefined) notes.nest(size, annotateCompressed);
  else if (message !== "") notes.nest(size, (inner, at) => annotateMessage(message, inner, at));
  else if (commandName(command) === "BROADCAST") notes.nest(size, annotateBroadcast);
  else notes.take(size, "payload");
  notes.rest("behind the frame");
  return notes.lines;
}

/** Compressed payload of a frame (2.5), the data as one piece. */
function annotateCompressed(bytes: Bytes, base = 0): readonly Annotation[] {
  const notes = new Annotator(bytes, base);
  notes.take(4, number("original size"));
  notes.rest("compressed data");
  return notes.lines;
}

export function annotateDescriptor(bytes: Bytes, base = 0): readonly Annotation[] {
  const notes = new Annotator(bytes, base);
  notes.take(1, number("layout"));
  for (const { key, size } of DESCRIPTOR_FIELDS) notes.take(size, number(key));
  const [length = 0] = notes.take(1, number("length of the name"));
  notes.take(length, text("name"));
  notes.rest("behind the descriptor");
  return notes.lines;
}

export function annotateRecord(bytes: Bytes, base = 0): readonly Annotation[] {
  const notes = new Annotator(bytes, base);
  notes.take(32, "node id");
  notes.take(8, time("issued"));
  notes.take(8, time("expires"));
  notes.take(8, time("incarnation"));
  if (notes.left > 64) notes.nest(notes.left - 64, (inner, at) => annotateMessage("PeerRecordBody", inner, at));
  notes.take(64, "signature");
  return notes.lines;
}

/** Payload of BROADCAST. */
export function annotateBroadcast(bytes: Bytes, base = 0): readonly Annotation[] {
  const notes = new Annotator(bytes, base);
  const [size = 0] = notes.take(1, number("length of the signature"));
  notes.take(size, "signature");
  notes.take(32, "content: origin");
  notes.take(8, u64("content: sequence"));
  notes.take(8, time("content: sent_at"));
  const [encoding = 0] = notes.take(1, number("content: encoding"));
  const [channel = 0] = notes.take(1, number("content: length of the channel"));
  notes.take(channel, text("content: channel"));
  if (encoding === 1) notes.take(4, number("content: original size"));
  if (notes.left > 0)
    notes.take(notes.left, encoding === 1 ? "content: payload in raw deflate" : text("content: payload"));
  return notes.lines;
}

/** What `motet/1 proof` hashes behind its domain (3.4). */
export function annotateTranscript(bytes: Bytes, base = 0): readonly Annotation[] {
  const notes = new Annotator(bytes, base);
  notes.take(13, text("domain"));
  notes.take(1, "00");
  notes.take(1, number("role"));
  notes.take(8, "initiator's preface");
  notes.take(8, "responder's preface");
  notes.take(32, "hash of the initiator's HELLO payload");
  notes.take(32, "hash of the responder's HELLO payload");
  notes.take(1, number("binding kind"));
  notes.take(32, "binding");
  return notes.lines;
}

/** Annotations of the bytes of a type of link/1; `name` is that of a message. */
export function annotate(type: string, bytes: Bytes, name = ""): readonly Annotation[] {
  const byType: Readonly<Record<string, (bytes: Bytes) => readonly Annotation[]>> = {
    preface: annotatePreface,
    frame: annotateFrame,
    descriptor: annotateDescriptor,
    record: annotateRecord,
    broadcast: annotateBroadcast,
    compressed: annotateCompressed,
    message: (inner) => annotateMessage(name === "" ? "Goodbye" : name, inner, 0),
  };
  return byType[type]?.(bytes) ?? [{ at: 0, bytes, meaning: type }];
}
