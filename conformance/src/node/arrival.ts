// What comes out of a connection, as steps see it: preface, frames, the end. Cuts the testee's bytes and judges none of them.
import { commandName, decodeMessage, errorNameOf, FrameReader, PREFACE_BYTES, toHex } from "../golden/index.js";
import { FAILED, REQUEST, RESPONSE, concat, type Bytes, type Frame } from "../golden/index.js";

export type Arrival =
  | { readonly kind: "preface"; readonly bytes: Bytes }
  | { readonly kind: "frame"; readonly frame: Frame }
  /** The testee ended its direction; `rest` is what was left of something unfinished. */
  | { readonly kind: "eof"; readonly rest: Bytes }
  | { readonly kind: "reset"; readonly detail: string }
  /** The testee broke a rule of what carries the bytes. */
  | { readonly kind: "broken"; readonly detail: string }
  /** The testee refused the handshake of what carries the bytes, with a status where it is HTTP. */
  | { readonly kind: "refused"; readonly status?: number; readonly detail: string };

/** Cuts one direction of a connection. */
export class ArrivalReader {
  readonly #frames = new FrameReader({ strict: false });
  #head: Bytes = new Uint8Array();
  #hasPreface = false;

  push(chunk: Bytes): Arrival[] {
    if (this.#hasPreface) return this.#cut(chunk);
    this.#head = concat(this.#head, chunk);
    if (this.#head.length < PREFACE_BYTES) return [];
    this.#hasPreface = true;
    const preface: Arrival = { kind: "preface", bytes: this.#head.slice(0, PREFACE_BYTES) };
    return [preface, ...this.#cut(this.#head.slice(PREFACE_BYTES))];
  }

  /** Bytes of a preface or frame that is not whole. */
  get rest(): Bytes {
    return this.#hasPreface ? this.#frames.rest : this.#head;
  }

  #cut(chunk: Bytes): Arrival[] {
    return this.#frames.push(chunk).map((frame) => ({ kind: "frame", frame }));
  }
}

/** Name of a command, or its number in hex. */
export function commandText(command: number): string {
  return commandName(command) ?? `command ${command.toString(16).padStart(4, "0")}`;
}

/** Code named in a GOODBYE or in a FAILED answer; undefined when it is none. */
export function codeOf(frame: Frame): string | undefined {
  const carries = commandName(frame.command) === "GOODBYE" || (frame.flags & FAILED) !== 0;
  if (!carries) return undefined;
  try {
    return errorNameOf(Number(decodeMessage("Goodbye", frame.payload)["code"]));
  } catch {
    return undefined;
  }
}

/** One line for people. */
export function frameText(frame: Frame): string {
  const { command, flags, tag, payload } = frame;
  const kinds: readonly [number, string][] = [
    [REQUEST, "REQUEST"],
    [RESPONSE, "RESPONSE"],
    [FAILED, "FAILED"],
  ];
  const names = kinds.filter(([bit]) => flags & bit).map(([, name]) => name);
  const other = flags & 0x1f ? [`flags ${flags.toString(16).padStart(2, "0")}`] : [];
  const code = codeOf(frame);
  const start = toHex(payload.slice(0, 16)) + (payload.length > 16 ? "…" : "");
  return [commandText(command), ...names, ...other, `tag ${tag}`, `${payload.length} bytes`, code ?? start]
    .filter((part) => part !== "")
    .join(" ");
}

/** One line for people. */
export function arrivalText(arrival: Arrival | undefined): string {
  if (arrival === undefined) return "nothing in time";
  if (arrival.kind === "preface") return `preface ${toHex(arrival.bytes)}`;
  if (arrival.kind === "frame") return frameText(arrival.frame);
  if (arrival.kind === "reset") return `a reset (${arrival.detail})`;
  if (arrival.kind === "broken") return `what the carrier forbids: ${arrival.detail}`;
  if (arrival.kind === "refused") return `no connection: ${arrival.detail}`;
  return arrival.rest.length === 0 ? "the end" : `the end inside a frame, after ${toHex(arrival.rest.slice(0, 16))}`;
}
