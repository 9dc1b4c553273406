// Vectors of r[payload.bounds]: every bound of every field of 9.8, on its edge and one beyond, made from the registry itself.
import {
  filled,
  layMessage,
  messageShape,
  U64_MAX,
  type FieldItem,
  type FieldShape,
  type FieldValue,
  type MessageValue,
} from "../golden/index.js";
import { full, linkValue, smallest, SPECIFIED, type Specified } from "./messages.js";
import type { VectorFile } from "./types.js";
import { decoding, VectorSet } from "./vector-set.js";

interface Edge {
  readonly name: string;
  readonly value: FieldValue;
  readonly good: boolean;
  /** Rule beside that of bounds. */
  readonly rule?: string;
}

/** Rules of a section that a message's bounds also prove. */
const ALSO: Partial<Record<Specified, string>> = { Hello: "session.hello.decode", Proof: "session.proof.decode" };

const sized = (field: FieldShape, size: number): FieldItem =>
  field.type === "string" ? "a".repeat(size) : filled(size, 0x61);

function sizeEdges(field: FieldShape): Edge[] {
  const { minBytes = 0, maxBytes, exactOrEmpty, printable } = field.bounds;
  const item = (name: string, value: FieldItem, good: boolean): Edge => ({ name, value: field.repeated ? [value] : value, good });
  const at = (size: number, good: boolean): Edge => item(`${size}-bytes`, sized(field, size), good);
  const edges: Edge[] = [];
  if (exactOrEmpty !== undefined) {
    const wrong = [1, exactOrEmpty - 1, exactOrEmpty + 1, 2 * exactOrEmpty];
    edges.push(at(0, true), at(exactOrEmpty, true), ...wrong.map((size) => at(size, false)));
  }
  if (maxBytes !== undefined) {
    edges.push(at(maxBytes, true), at(maxBytes + 1, false));
    if (maxBytes !== minBytes) edges.push(at(minBytes, true));
  }
  if (minBytes > 0) edges.push(at(minBytes - 1, false));
  if (minBytes > 1) edges.push(at(0, false));
  if (printable === true) {
    edges.push(item("printable", " !~", true));
    const wrong = { "0": "\0", "1f": "\u001f", "7f": "\u007f", newline: "a\n", latin: "\u00e9" };
    for (const [name, text] of Object.entries(wrong)) edges.push(item(`not-printable-${name}`, text, false));
  }
  return edges;
}

function rangeEdges(field: FieldShape): Edge[] {
  const { min, max } = field.bounds;
  const wrap = (value: bigint): FieldItem => (field.type === "uint32" ? Number(value) : value);
  const edge = (value: bigint, good: boolean): Edge => ({ name: `${value}`, value: wrap(value), good });
  const edges: Edge[] = [];
  if (min !== undefined) edges.push(edge(BigInt(min), true), edge(BigInt(min) - 1n, false));
  if (max !== undefined) {
    const rule = BigInt(max) === U64_MAX ? { rule: "int.u64.range" } : {};
    const top = field.type === "uint32" ? 2n ** 32n - 1n : 2n ** 64n - 1n;
    edges.push({ ...edge(BigInt(max), true), ...rule }, { ...edge(BigInt(max) + 1n, false), ...rule }, { ...edge(top, false), ...rule });
  }
  return edges;
}

function countEdges(field: FieldShape): Edge[] {
  const { maxItems } = field.bounds;
  if (maxItems === undefined) return [];
  const entry = (index: number): FieldItem => (field.type === "uint32" ? index * 2 + 1 : sized(field, Math.max(5, field.bounds.minBytes ?? 0)));
  const list = (count: number): FieldItem[] => Array.from({ length: count }, (_, index) => entry(index));
  const edge = (count: number, good: boolean): Edge => ({ name: `${count}-entries`, value: list(count), good });
  return [edge(0, true), edge(maxItems, true), edge(maxItems + 1, false)];
}

function edgesOf(field: FieldShape): Edge[] {
  const isNumber = field.type === "uint32" || field.type === "uint64";
  return [...countEdges(field), ...(isNumber ? (field.repeated ? [] : rangeEdges(field)) : sizeEdges(field))];
}

function boundsOf(name: Specified): VectorFile {
  const set = new VectorSet("payload", `bounds-${name.toLowerCase()}`, `Bounds of the fields of ${name}`);
  const subject = decoding("message", {}, { name });
  const lower = name.toLowerCase();
  const also = ALSO[name];
  const rules = (edge?: Edge): string[] => ["payload.bounds", also, edge?.rule].filter((rule) => rule !== undefined);
  const about = (comment: string, edge?: Edge): { rules: string[]; comment: string } => ({ rules: rules(edge), comment });
  const control = `${lower}-full`;
  const decode = (value: MessageValue): Record<string, unknown> => subject.input(layMessage(name, value));
  const encode = (value: MessageValue): { type: string; name: string; value: Record<string, unknown> } => ({
    type: "message",
    name,
    value: linkValue(name, value),
  });
  set.accept(control, subject.op, decode(full[name]), about("every field has a value"));
  set.accept(`${lower}-smallest`, subject.op, decode(smallest[name]), about("only what is required"));
  set.equivalent(`encode-${control}`, encode(full[name]), about("every field has a value"));
  set.equivalent(`encode-${lower}-smallest`, encode(smallest[name]), { ...about("only what is required"), control: `encode-${control}` });
  for (const field of messageShape(name).fields) {
    for (const edge of edgesOf(field)) {
      const value = { ...full[name], [field.json]: edge.value };
      const id = `${lower}-${field.json}-${edge.name}`;
      const comment = `${field.json}: ${edge.name.replaceAll("-", " ")}`;
      if (edge.good) {
        set.accept(id, subject.op, decode(value), about(comment, edge));
        continue;
      }
      set.reject(id, subject.op, decode(value), "MALFORMED", { ...about(comment, edge), control });
      set.reject(`misuse-${id}`, "codec.encode", encode(value), "MISUSE", { ...about(comment, edge), control: `encode-${control}` });
    }
  }
  return set.file;
}

export const boundsVectors = (): VectorFile[] => SPECIFIED.map(boundsOf);
