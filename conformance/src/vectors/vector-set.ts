// Collects the vectors of one file. Every vector is tried on the golden codec at once: a generator that expects something else fails.
import { goldenReply, judge } from "../codec/index.js";
import type { CodecCase, Expectation, Level } from "../case/index.js";
import { toHex, type Bytes } from "../golden/index.js";
import type { Vector, VectorFile } from "./types.js";

export interface About {
  readonly rules: readonly string[];
  readonly comment: string;
  readonly level?: Level;
  readonly source?: string;
  /** Features of hello that a testee must declare, beyond `codec`. */
  readonly features?: readonly string[];
  /** Id within the area. */
  readonly control?: string;
}

type Op = CodecCase["op"];
type Input = Readonly<Record<string, unknown>>;

/** What the cases of a family have in common: an operation and how bytes become its input. */
export interface Subject {
  readonly op: Op;
  readonly input: (bytes: Bytes) => Input;
}

/** `codec.decode` of a type; `before` and `after` are further members of the input, in the order of link/1. */
export function decoding(type: string, after: Input = {}, before: Input = {}): Subject {
  return { op: "codec.decode", input: (bytes) => ({ type, ...before, bytes: toHex(bytes), ...after }) };
}

export class VectorSet {
  readonly #area: string;
  readonly #path: string;
  readonly #title: string;
  readonly #cases = new Map<string, Vector>();

  constructor(area: string, name: string, title: string) {
    this.#area = area;
    this.#path = `${area}/${name}.json`;
    this.#title = title;
  }

  get file(): VectorFile {
    return { path: this.#path, area: this.#area, title: this.#title, cases: [...this.#cases.values()] };
  }

  /** Accepted, with what the golden codec makes of it, or with a known answer. */
  accept(name: string, op: Op, input: Input, about: About, ok?: Input): void {
    const reply = goldenReply(op, input);
    if (reply.kind !== "ok") throw new Error(`${this.#area}/${name}: golden says ${JSON.stringify(reply)}`);
    this.#add(name, op, input, { ok: ok ?? reply.ok }, about);
  }

  /** Encoded in any form that decodes to the value. */
  equivalent(name: string, input: Input & { name: string; value: Input }, about: About): void {
    this.equivalentTo(name, input, { name: input.name, value: input.value }, about);
  }

  /** Encoded in any form that decodes to the value, which is that of a message or of a compressed payload. */
  equivalentTo(name: string, input: Input, equivalent: { name: string; value: Input }, about: About): void {
    this.#add(name, "codec.encode", input, { equivalent }, about);
  }

  /** Refused with one of these codes. */
  reject(name: string, op: Op, input: Input, codes: string | readonly string[], about: About & { control: string }): void {
    this.#add(name, op, input, { reject: typeof codes === "string" ? [codes] : codes }, about);
  }

  #add(name: string, op: Op, input: Input, expect: Expectation, about: About): void {
    const { rules, comment, level = "MUST", features = [], source = "generated", control } = about;
    const id = `codec/${this.#area}/${name}`;
    if (this.#cases.has(id)) throw new Error(`${id} is made twice`);
    const { passed, expected, actual } = judge(expect, goldenReply(op, input));
    if (!passed) throw new Error(`${id}: expected ${expected}, golden says ${actual}`);
    const head = { id, rules, level, since: 1, features, comment, op, in: input, expect };
    const linked = control === undefined ? {} : { control: control.startsWith("codec/") ? control : `codec/${this.#area}/${control}` };
    this.#cases.set(id, { ...head, ...linked, source });
  }
}

/** Bytes cut short: one refusal for each length from `from` to one below the whole; lengths in `valid` are left out. */
export function truncations(
  set: VectorSet,
  subject: Subject,
  bytes: Bytes,
  about: { name: string; control: string; rules: readonly string[]; code: string; from?: number; valid?: readonly number[] },
): void {
  const { name, control, rules, code, from = 0, valid = [] } = about;
  for (let length = from; length < bytes.length; length++) {
    if (valid.includes(length)) continue;
    const comment = `the first ${length} of ${bytes.length} bytes`;
    set.reject(`${name}@${length}`, subject.op, subject.input(bytes.slice(0, length)), code, { rules, comment, control });
  }
}
