import { expect, test } from "vitest";
import { contactAt } from "../../../test/harness/ring-network.js";
import { keyPositionAt, tableLimits, tableRecord, tableShape } from "../../../test/harness/table-records.js";
import { Mender, type MenderOutput } from "./mender.js";
import { VersionsSeen } from "./versions-seen.js";

const record = tableRecord();
const context = { limits: tableLimits, shape: tableShape, positionOf: keyPositionAt };

/** A check that has begun, and what it wants. */
function begun(): { readonly mender: Mender; readonly drain: () => MenderOutput[] } {
  const { kind, keyId } = record;
  const mender = new Mender(context, new VersionsSeen(1), { kind, keyId, isDeep: true });
  mender.begin(0);
  const drain = (): MenderOutput[] => {
    const outputs: MenderOutput[] = [];
    for (let output = mender.poll(); output !== undefined; output = mender.poll()) outputs.push(output);
    return outputs;
  };
  return { mender, drain };
}

const types = (outputs: readonly MenderOutput[]): string[] => outputs.map(({ type }) => type);

/** Finds two owners for every lookup. */
function find(mender: Mender, outputs: readonly MenderOutput[]): void {
  let at = 1000;
  for (const output of outputs)
    if (output.type === "lookup") mender.found(output.handle, [contactAt(at++), contactAt(at++)], 0);
}

test("reads from those whom it found when it looked who holds the key, and looks up again whom it does not reach", () => {
  const { mender, drain } = begun();
  const lookups = drain();
  expect(types(lookups)).toEqual(Array(tableShape.tables).fill("lookup"));
  find(mender, lookups);
  const asks = drain();
  expect(types(asks)).toEqual(Array(tableShape.tables).fill("ask"));
  for (let [ask] = asks; ask?.type === "ask"; ask = drain().find(({ type }) => type === "ask"))
    mender.failed(ask.handle, undefined, 0);
  expect(mender.isDone).toBe(false);
  mender.wake(mender.deadline);
  expect(types(drain())).toContain("lookup");
});

test("ends when the groups agree", () => {
  const { mender, drain } = begun();
  find(mender, drain());
  for (const ask of drain()) {
    if (ask.type === "ask") mender.answered(ask.handle, { command: "GET", record }, 0);
  }
  expect(types(drain())).toEqual(["mended"]);
  expect(mender.isDone).toBe(true);
});
