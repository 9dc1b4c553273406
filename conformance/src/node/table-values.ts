// Keys and records of the table that a scenario has made, and the values of messages that are made of them. Gives values of link/1.
import { setImmediate } from "node:timers/promises";
import { buildTableRecord, concat, filled, flipped, forward, fromHex, keyIdOf, keyPositionOf, positionBytes, positionNumber, sha256, splitTableRecord, tableDigestOf, toHex, uint, utf8 } from "../golden/index.js"; // prettier-ignore
import type { Bytes, TableRecord, TableRecordParts } from "../golden/index.js";
import { identityOf } from "./identity.js";
import { positionOf } from "./ring/positions.js";
import type { EntrySpec, KeyOptions, TableRecordOptions, TableValueSpec } from "./scenario-table.js";
import type { Stage } from "./stage.js";
import { contentOf } from "./content.js";

const HOUR_MS = 3_600_000;
const IMMUTABLE = 3;
/** Where each of five positions is to be owned by one of nine nodes, one in 60,000 is right. */
const MOST_KEYS = 1_000_000;
const KEYS_AT_ONCE = 500;

/** A key by the name that a step gave it. */
export interface TableKey {
  readonly kind: number;
  /** Whole: of kind 2 with the owner. */
  readonly key: Bytes;
  readonly keyId: Bytes;
  /** The value that belongs to a key of kind 3. */
  readonly value: Bytes;
}

export interface MadeRecord {
  readonly record: TableRecord;
  readonly bytes: Bytes;
  readonly digest: Bytes;
}

function wanted(stage: Stage, keyId: Bytes, { owned = {}, anywhere = false }: KeyOptions): boolean {
  const ring = stage.ring?.ring;
  if (ring === undefined) return true;
  const near = ["testee", "after1", "before1"];
  for (let index = 0; index < stage.network.tables; index++) {
    const position = positionNumber(keyPositionOf(keyId, index));
    const owner = ring.ownerOf(position, stage.scenario.member === true).node?.name ?? "testee";
    const name = owned[index] ?? (anywhere ? undefined : "others");
    const isRight = name === "others" ? !near.includes(owner) : name === owner;
    if (name !== undefined && !isRight) return false;
  }
  return true;
}

/** The first key of a row whose positions are owned as the step wants it. Virtual nodes go on answering meanwhile. */
export async function makeTableKey(stage: Stage, options: KeyOptions): Promise<TableKey> {
  const { key: name, kind = 1, by = "x" } = options;
  for (let count = 0; count < MOST_KEYS; count++) {
    const text = utf8(`${name} ${count}`);
    const shapes = [text, concat(stage.identity(by).nodeId, text), sha256(text)];
    const key = shapes[kind - 1] ?? text;
    const made = { kind, key, keyId: keyIdOf(stage.networkId, kind, key), value: text };
    if (wanted(stage, made.keyId, options)) return made;
    if (count % KEYS_AT_ONCE === KEYS_AT_ONCE - 1) await setImmediate();
  }
  throw new Error(`the scenario wants a key ${name} whose positions nobody owns so`);
}

export function tableKey(stage: Stage, name: string): TableKey {
  const found = stage.notebook.tableKeys.get(name);
  if (found === undefined) throw new Error(`the scenario has no key ${name}`);
  return found;
}

function timesOf(
  stage: Stage,
  options: TableRecordOptions,
  like?: TableRecord,
): Pick<TableRecord, "issued" | "expires"> {
  const { issued, ttlMs, expiresPlus = 0 } = options;
  const plus = BigInt(expiresPlus);
  const isAlike = issued === undefined && ttlMs === undefined && like !== undefined;
  if (isAlike) return { issued: like.issued, expires: like.expires + plus };
  const since = BigInt(stage.now() + (issued ?? 0));
  return { issued: since, expires: since + BigInt(ttlMs ?? HOUR_MS) + plus };
}

/** Value and flags: what the step says, or what belongs to the key, or as in the other one, or the name of the record. */
function contentPart(
  options: TableRecordOptions,
  given?: TableKey,
  like?: TableRecord,
): Pick<TableRecord, "value" | "flags"> {
  // prettier-ignore
  if (options.tombstone === true) return { value: filled(0), flags: options.flags ?? 1 };
  const said = [options.payload, options.hex, options.size, options.noise].some((part) => part !== undefined);
  if (said) return { value: contentOf(options), flags: options.flags ?? 0 };
  const usual = given?.kind === IMMUTABLE ? given.value : like?.value;
  return { value: usual ?? utf8(options.record), flags: options.flags ?? like?.flags ?? 0 };
}

/** Parts of a record that a step describes, but for a value that is looked for. */
function partsOf(stage: Stage, options: TableRecordOptions): TableRecordParts {
  const like = options.like === undefined ? undefined : stage.notebook.tableRecord(options.like).record;
  const given = options.key === undefined ? undefined : tableKey(stage, options.key);
  const kind = given?.kind ?? like?.kind ?? 1;
  const isFree = kind === IMMUTABLE;
  const writer = options.by ?? nameOfWriter(stage, options.like) ?? "x";
  return {
    seed: isFree ? filled(0) : identityOf(writer).seed,
    networkId: options.otherNetwork === true ? sha256(stage.networkId) : stage.networkId,
    kind,
    key: given?.key ?? like?.key ?? utf8("key"),
    sequence: isFree ? 0n : sequenceOfRecord(stage, options, like),
    ...timesOf(stage, options, like),
    ...contentPart(options, given, like),
  };
}

function nameOfWriter(stage: Stage, record: string | undefined): string | undefined {
  return record === undefined ? undefined : stage.notebook.tableWriters.get(record);
}

function sequenceOfRecord(stage: Stage, { sequence }: TableRecordOptions, like: TableRecord | undefined): bigint {
  if (typeof sequence === "string") return BigInt(sequence);
  if (sequence !== undefined && "clockMs" in sequence) return BigInt(stage.now() + sequence.clockMs) * 1000n;
  const base = like?.sequence ?? BigInt(stage.now()) * 1000n;
  return base + BigInt(sequence?.plus ?? 0);
}

function writerOf(stage: Stage, writer: string): Bytes {
  if (writer === "none") return filled(0);
  return /^[0-9a-f]{64}$/.test(writer) ? fromHex(writer) : stage.identity(writer).nodeId;
}

/** Bytes of a record of these parts, with the defects that the step wants. */
function withDefects(stage: Stage, options: TableRecordOptions, parts: TableRecordParts): Bytes {
  const { writer, signature } = options;
  const named = writer === undefined ? parts : { ...parts, writer: writerOf(stage, writer) };
  const bytes = buildTableRecord(named);
  if (signature === undefined) return bytes;
  const right = splitTableRecord(bytes).signature;
  return buildTableRecord({ ...named, signature: signature === "none" ? filled(0) : flipped(right, 7) });
}

const digestOf = (stage: Stage, record: TableRecord): Bytes => tableDigestOf(stage.networkId, record);

/** A record that a step describes. */
export function makeRecordOf(stage: Stage, options: TableRecordOptions): MadeRecord {
  const parts = partsOf(stage, options);
  const than = options.like === undefined ? undefined : stage.notebook.tableRecord(options.like).digest;
  for (let count = 0; ; count++) {
    const value = options.digest === undefined ? parts.value : utf8(`value ${count}`);
    const bytes = withDefects(stage, options, { ...parts, value });
    const record = splitTableRecord(bytes);
    const digest = digestOf(stage, record);
    const isLarger = than !== undefined && toHex(digest) > toHex(than);
    if (options.digest === undefined || isLarger === (options.digest === "larger")) return { record, bytes, digest };
  }
}

/** What is remembered of a record. */
export function madeOf(stage: Stage, bytes: Bytes): MadeRecord {
  const record = splitTableRecord(bytes);
  return { record, bytes, digest: digestOf(stage, record) };
}

function partOf(stage: Stage, name: string, part: "id" | "key" | "whole" | number): string {
  const { kind, key, keyId } = tableKey(stage, name);
  if (typeof part === "number") return toHex(keyPositionOf(keyId, part));
  if (part === "id") return toHex(keyId);
  return toHex(part === "key" ? key : concat(Uint8Array.of(kind), key));
}

/** From the testee's predecessor on. */
function distance(stage: Stage, keyId: Bytes, index: number): bigint {
  const before = stage.ring?.ring.testeePredecessor?.position ?? stage.ring?.ring.testeePosition ?? 0n;
  return forward(before, positionNumber(keyPositionOf(keyId, index)));
}

const inOrder = <T>(items: readonly T[], at: (item: T) => bigint): T[] =>
  items.toSorted((one, other) => (at(one) < at(other) ? -1 : 1));

function keysInOrder(stage: Stage, names: readonly string[]): string[] {
  return inOrder(names, (name) => distance(stage, tableKey(stage, name).keyId, 0));
}

const keyIdOfRecord = (stage: Stage, { kind, key }: TableRecord): Bytes => keyIdOf(stage.networkId, kind, key);

function entryHex(stage: Stage, { record: name, position, place, copies }: EntrySpec): string {
  const { record, digest } = stage.notebook.tableRecord(name);
  const head = concat(uint(position, 1), uint(place, 1), uint(copies, 1));
  return toHex(concat(head, keyIdOfRecord(stage, record), digest));
}

function entriesInOrder(stage: Stage, entries: readonly EntrySpec[]): string[] {
  const at = ({ record, position }: EntrySpec): bigint =>
    distance(stage, keyIdOfRecord(stage, stage.notebook.tableRecord(record).record), position);
  return inOrder(entries, at).map((entry) => entryHex(stage, entry));
}

/** A value of a message of the table. */
export function resolveTableValue(stage: Stage, spec: TableValueSpec): string | string[] {
  if ("tableKey" in spec) return partOf(stage, spec.tableKey, spec.part);
  if ("circle" in spec) return toHex(positionBytes(positionOf(stage, spec.circle)));
  if ("entry" in spec) return entryHex(stage, spec.entry);
  if ("entriesInOrder" in spec) return entriesInOrder(stage, spec.entriesInOrder).slice(spec.skip ?? 0);
  if ("firstOf" in spec) return partOf(stage, keysInOrder(stage, spec.firstOf)[0] ?? "", 0);
  if ("keysInOrder" in spec) {
    const names = keysInOrder(stage, spec.keysInOrder).slice(spec.skip ?? 0);
    return names.map((name) => partOf(stage, name, "whole"));
  }
  const digests = spec.sumOf.map((name) => positionNumber(stage.notebook.tableRecord(name).digest));
  return toHex(positionBytes(digests.reduce((sum, one) => sum + one, 0n)));
}

/** Whether an object of a step is such a value. */
export function isTableValue(spec: object): spec is TableValueSpec {
  const names = ["tableKey", "circle", "entry", "sumOf", "keysInOrder", "entriesInOrder", "firstOf"];
  return names.some((name) => name in spec);
}
