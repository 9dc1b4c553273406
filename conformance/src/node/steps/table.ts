// Steps of the table: records are made, virtual nodes hold them and ask the testee, its application writes and reads.
import { decodeMessage, decodeTableRecord, FAILED, fromHex, fromLinkValue, GoldenError, keyPositionOf, knownCommand, commandOf, layMessage, positionNumber, toHex, toLinkValue, type Bytes, type Frame } from "../../golden/index.js"; // prettier-ignore
import { codeOf, frameText } from "../arrival.js";
import { identityOf } from "../identity.js";
import { decodePayload } from "../peer.js";
import { observerOf } from "../ring/observer.js";
import type { RingHost, RingSession } from "../ring/index.js";
import type { StepOf } from "../scenario.js";
import type { TableCommand } from "../scenario-table.js";
import { eventText, type Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { madeOf, makeRecordOf, makeTableKey, tableKey, type TableKey } from "../table-values.js";
import { contentOf } from "../content.js";
import { resolveMembers } from "../values.js";
import { atLast } from "./at-last.js";
import { wrongMember } from "./table-members.js";

type Members = Readonly<Record<string, unknown>>;

/** A sequence that a node makes of its clock may be this far from the runner's. */
const CLOCK_US = 30_000_000n;

function host(stage: Stage): RingHost {
  if (stage.ring === undefined) throw new Error("the scenario has no ring: buildRing comes first");
  return stage.ring;
}

export async function makeKey(stage: Stage, options: StepOf<"makeKey">): Promise<void> {
  stage.notebook.tableKeys.set(options.key, await makeTableKey(stage, options));
}

function remember(stage: Stage, name: string, bytes: Bytes, writer?: string): void {
  stage.notebook.tableRecords.set(name, madeOf(stage, bytes));
  stage.notebook.bytes.set(name, toHex(bytes));
  if (writer !== undefined) stage.notebook.tableWriters.set(name, writer);
}

export async function makeTableRecord(stage: Stage, options: StepOf<"makeTableRecord">): Promise<void> {
  const { record, like, by = like === undefined ? "x" : stage.notebook.tableWriters.get(like) } = options;
  remember(stage, record, makeRecordOf(stage, options).bytes, by);
}

async function sessionOf(stage: Stage, by: string): Promise<RingSession> {
  return by === "observer" ? observerOf(stage, stage.node()) : host(stage).sessionOf(host(stage).node(by));
}

const payloadName = (command: string): string => knownCommand(commandOf(command))?.payload ?? "";

function requestOf(stage: Stage, step: StepOf<"tableAsk">): Bytes {
  const { command, record, key, position = 0, place = 0, copies = stage.network.copies, value = {} } = step;
  const keyId = key === undefined ? undefined : toHex(tableKey(stage, key).keyId);
  const bytes = record === undefined ? undefined : toHex(stage.notebook.tableRecord(record).bytes);
  const usual: Readonly<Record<TableCommand, Members>> = {
    PUT: { record: bytes, position, place, copies },
    GET: { keyId, position },
    SCAN: {},
    SYNC: {},
    WATCH: { keyId, position },
  };
  const members = { ...usual[command], ...resolveMembers(stage, value) };
  return layMessage(payloadName(command), fromLinkValue(payloadName(command), members));
}

/** Asks the testee as a member or as somebody who is none. */
export async function tableAsk(stage: Stage, step: StepOf<"tableAsk">): Promise<void> {
  const session = await sessionOf(stage, step.by);
  const answer = session.request(step.command, requestOf(stage, step));
  if (step.later === undefined) return checkAnswer(stage, step, await answer);
  const later = { answer, isThere: false };
  const arrived = (): void => void (later.isThere = true);
  answer.then(arrived, arrived);
  stage.notebook.later.set(step.later, later);
}

export async function tableAnswer(stage: Stage, step: StepOf<"tableAnswer">): Promise<void> {
  checkAnswer(stage, step, await stage.notebook.answer(step.later).answer);
}

export async function tableNoAnswer(stage: Stage, step: StepOf<"tableNoAnswer">): Promise<void> {
  await stage.settleEvents(stage.node());
  if (stage.notebook.answer(step.later).isThere) throw new StepFailure(`no answer to ${step.later} yet`, "one");
}

function checkAnswer(
  stage: Stage,
  { code, answer = {} }: Pick<StepOf<"tableAsk">, "code" | "answer">,
  frame: Frame,
): void {
  const isFailed = (frame.flags & FAILED) !== 0;
  if (code !== undefined) {
    if (isFailed && codeOf(frame) === code) return;
    throw new StepFailure(`FAILED ${code}`, frameText(frame), codeOf(frame));
  }
  if (isFailed) throw new StepFailure("an answer", frameText(frame), codeOf(frame));
  decodePayload(frame);
  const name = knownCommand(frame.command)?.answer ?? "";
  const actual = toLinkValue(name, decodeMessage(name, frame.payload));
  const wanted = resolveMembers(stage, answer);
  const wrong = wrongMember(stage, wanted, actual);
  if (wrong === undefined) return;
  const text = (value: unknown): string => JSON.stringify(value)?.slice(0, 400) ?? "nothing";
  throw new StepFailure(`${name}.${wrong} ${text(wanted[wrong])}`, text(actual[wrong]));
}

/** A member says that a watched key has changed. */
export async function tableTell(stage: Stage, { by, record }: StepOf<"tableTell">): Promise<void> {
  const session = await sessionOf(stage, by);
  await session.send("CHANGED", layMessage("Changed", { record: stage.notebook.tableRecord(record).bytes }));
  await session.fence();
}

/** Virtual nodes hold these from now on. */
export async function hold(stage: Stage, step: StepOf<"hold">): Promise<void> {
  const { nodes, records, position = 0, place = 0, copies = stage.network.copies } = step;
  for (const name of nodes) {
    for (const record of records) {
      const made = stage.notebook.tableRecord(record);
      host(stage).table.store(host(stage).node(name), made.record, { bytes: made.bytes, position, place, copies });
    }
  }
}

/** The groups of these hold them, but for the testee. */
export async function spread(stage: Stage, { records, positions }: StepOf<"spread">): Promise<void> {
  const { ring, table } = host(stage);
  const { copies, tables } = stage.network;
  const indexes = positions ?? Array.from({ length: tables }, (_, index) => index);
  for (const name of records) {
    const made = stage.notebook.tableRecord(name);
    const key = [...stage.notebook.tableKeys.values()].find(({ key: one }) => toHex(one) === toHex(made.record.key));
    for (const position of indexes) {
      let at = positionNumber(keyPositionOf(key?.keyId ?? made.digest, position));
      for (let place = 0; place < copies; place++) {
        const owner = ring.ownerOf(at, stage.scenario.member === true);
        if (owner.node !== undefined)
          table.store(owner.node, made.record, { bytes: made.bytes, position, place, copies });
        at = owner.position + 1n;
      }
    }
  }
}

/** At last these hold this record. */
export async function expectHeld(stage: Stage, { nodes, record }: StepOf<"expectHeld">): Promise<void> {
  const { record: wanted, digest } = stage.notebook.tableRecord(record);
  const { table } = host(stage);
  const keyId = keyOfRecord(stage, wanted.key);
  await atLast(stage, async () => {
    for (const name of nodes) {
      const held = table.heldBy(host(stage).node(name), keyId);
      if (held !== undefined && toHex(madeOf(stage, held.bytes).digest) === toHex(digest)) continue;
      return new StepFailure(`${name} to hold ${record}`, held === undefined ? "nothing" : "another record");
    }
    return undefined;
  });
}

function keyOfRecord(stage: Stage, key: Bytes): Bytes {
  const found = [...stage.notebook.tableKeys.values()].find((one) => toHex(one.key) === toHex(key));
  if (found === undefined) throw new Error("a record of no key that a step has made");
  return found.keyId;
}

export async function expectNotHeld(stage: Stage, { nodes, key }: StepOf<"expectNotHeld">): Promise<void> {
  await stage.settleEvents(stage.node());
  const { keyId } = tableKey(stage, key);
  const found = nodes.find((name) => host(stage).table.heldBy(host(stage).node(name), keyId) !== undefined);
  if (found !== undefined) throw new StepFailure(`${found} not to hold ${key}`, "it does");
}

/** New keys whose position 0 the testee owns, one after the other. */
export async function fillStore(stage: Stage, step: StepOf<"fillStore">): Promise<void> {
  const { by, count, valueBytes, keyBytes = 0, writers = false, code, last, ttlMs = 3_600_000 } = step;
  const session = await sessionOf(stage, by);
  for (let index = 0; index < count; index++) {
    const name = `fill ${index}`.padEnd(keyBytes, ".");
    await makeKey(stage, { do: "makeKey", key: name, owned: { "0": "testee" } });
    const writer = writers ? `writer ${index}` : "x";
    await makeTableRecord(stage, {
      do: "makeTableRecord",
      record: name,
      key: name,
      by: writer,
      noise: valueBytes,
      ttlMs,
    });
    const payload = requestOf(stage, { do: "tableAsk", by, command: "PUT", record: name });
    const frame = await session.request("PUT", payload);
    if ((frame.flags & FAILED) === 0) {
      if (last !== undefined) stage.notebook.tableKeys.set(last, tableKey(stage, name));
      if (last !== undefined) remember(stage, last, stage.notebook.tableRecord(name).bytes, writer);
      continue;
    }
    if (codeOf(frame) === code) return;
    throw new StepFailure(
      `an answer to PUT ${index}${code === undefined ? "" : ` or ${code}`}`,
      frameText(frame),
      codeOf(frame),
    );
  }
  if (code !== undefined) throw new StepFailure(`FAILED ${code} at last`, `${count} records were stored`);
}

async function request(
  stage: Stage,
  op: string,
  step: { readonly request: string; readonly node?: string; readonly reject?: string },
  input: Members,
): Promise<void> {
  // prettier-ignore
  const { handle } = stage.node(step.node);
  const whole = { node: handle, ...input };
  if (step.reject !== undefined) return stage.refusedCommand(op, whole, step.reject);
  const ok = await stage.command(op, whole);
  stage.notebook.requests.set(step.request, { node: handle, request: Number(ok["request"]) });
}

const ID_BYTES = 32;

/** A key as its writer names it: of kind 2 the name only, of kind 3 nothing. */
function ownName({ kind, key }: TableKey): string {
  if (kind === 3) return "";
  return toHex(kind === 2 ? key.slice(ID_BYTES) : key);
}

export async function tablePut(stage: Stage, step: StepOf<"tablePut">): Promise<void> {
  const key = tableKey(stage, step.key);
  const said = [step.payload, step.hex, step.size, step.noise].some((part) => part !== undefined);
  const value = toHex(said ? contentOf(step) : key.value);
  await request(stage, "node.put", step, { kind: key.kind, key: ownName(key), value, ttlMs: step.ttlMs ?? 3_600_000 });
}

export async function tableDelete(stage: Stage, step: StepOf<"tableDelete">): Promise<void> {
  const key = tableKey(stage, step.key);
  await request(stage, "node.delete", step, { kind: key.kind, key: ownName(key) });
}

export async function tableGet(stage: Stage, step: StepOf<"tableGet">): Promise<void> {
  const { kind, key } = tableKey(stage, step.key);
  await request(stage, "node.get", step, { kind, key: toHex(key) });
}

export async function tableKeys(stage: Stage, step: StepOf<"tableKeys">): Promise<void> {
  await request(stage, "node.keys", step, {});
}

export async function tableWatch(stage: Stage, step: StepOf<"tableWatch">): Promise<void> {
  const { kind, key } = tableKey(stage, step.key);
  await stage.command("node.watch", { node: stage.node(step.node).handle, kind, key: toHex(key) });
}

/** The testee has sent a record of its own under this key, as it should be. */
export async function expectWritten(stage: Stage, step: StepOf<"expectWritten">): Promise<void> {
  const { key } = tableKey(stage, step.key);
  const isIt = (hex: unknown): boolean =>
    typeof hex === "string" && hex.length > 0 && toHex(madeOf(stage, fromHex(hex)).record.key) === toHex(key);
  const { asks } = host(stage);
  const index = await asks.find(({ command, value }) => command === "PUT" && isIt(value["record"]), 0, stage.waitMs);
  if (index === undefined) throw new StepFailure(`a PUT of ${step.key}`, "none");
  const bytes = fromHex(String(asks.items[index]?.value["record"]));
  checkWritten(stage, step, bytes);
  remember(stage, step.record, bytes);
}

function checkWritten(stage: Stage, step: StepOf<"expectWritten">, bytes: Bytes): void {
  const { record } = madeOf(stage, bytes);
  try {
    decodeTableRecord(bytes, stage.descriptor, BigInt(stage.now()));
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    throw new StepFailure("a right record", error.message);
  }
  const writer = record.kind === 3 ? "" : toHex(identityOf("testee").nodeId);
  if (toHex(record.writer) !== writer) throw new StepFailure("the testee's own record", toHex(record.writer));
  const { sequence } = record;
  const than = step.above === undefined ? 0n : stage.notebook.tableRecord(step.above).record.sequence;
  const fault = (what: string): never => {
    throw new StepFailure(`a record with ${what}`, `sequence ${sequence}, flags ${record.flags}`);
  };
  if (record.kind === 2 && sequence < 1n) fault("a sequence of 1 at least");
  if (step.above !== undefined && sequence <= than) fault(`a sequence above ${than}`);
  if (step.plus !== undefined && sequence !== than + BigInt(step.plus))
    fault(`the sequence ${than + BigInt(step.plus)}`);
  const apart = sequence - BigInt(stage.now()) * 1000n;
  if (step.clock === true && (apart > CLOCK_US || apart < -CLOCK_US)) fault("its clock as its sequence");
  if (step.tombstone !== undefined && (record.flags === 1) !== step.tombstone) fault(`a tombstone: ${step.tombstone}`);
}

/** The next change that the application hears of is this one. */
export async function expectChanged(stage: Stage, step: StepOf<"expectChanged">): Promise<void> {
  const { handle } = stage.node(step.node);
  const event = await stage.event((one) => one.event === "changed" && one["node"] === handle);
  if (event === undefined) throw new StepFailure(`the event changed of ${step.key}`, stage.waitingText());
  const { record } = stage.notebook.tableRecord(step.record);
  const keyId = toHex(tableKey(stage, step.key).keyId);
  const wanted: Members = {
    keyId,
    deleted: step.deleted ?? false,
    sequence: `${record.sequence}`,
    value: toHex(record.value),
  };
  const wrong = Object.keys(wanted).find((member) => event[member] !== wanted[member]);
  if (wrong !== undefined) throw new StepFailure(`changed with the ${wrong} of ${step.record}`, eventText(event));
}
