import { describe, expect, it } from "vitest";
import { contactAt } from "../../../test/harness/ring-network.js";
import { keyPositionAt, tableLimits, tableRecord, tableShape } from "../../../test/harness/table-records.js";
import { MemoryShelf } from "../../../test/harness/memory-shelf.js";
import type { TableRecord } from "../../identity/index.js";
import { Keeper } from "./keeper.js";
import type { KeeperOutput } from "./keeper-types.js";
import type { Asker, TableRequest } from "./table-types.js";

const self = contactAt(30_000);
const asker: Asker = { key: "client", prefix: "there", receiveBytes: 1 << 20 };

/** A member that is alone, so that it owns everything. */
function alone(limits: Partial<typeof tableLimits> = {}): {
  readonly keeper: Keeper;
  readonly ask: (request: TableRequest, now?: number) => KeeperOutput[];
} {
  const keeper = new Keeper({
    limits: { ...tableLimits, ...limits },
    shape: tableShape,
    positionOf: keyPositionAt,
    self,
  });
  const shelf = new MemoryShelf();
  const drain = (now: number): KeeperOutput[] => {
    const kept: KeeperOutput[] = [];
    for (let output = keeper.poll(); output !== undefined; output = keeper.poll()) {
      if (output.type === "write") {
        shelf.write(output.write);
        keeper.written(output.handle, undefined, now);
      } else if (output.type === "read") keeper.wasRead(output.handle, shelf.read(output.keyIds), now);
      else if (output.type !== "gained" && output.type !== "lost") kept.push(output);
    }
    return kept;
  };
  keeper.ringChanged({ phase: "FOUNDER", self, predecessor: undefined, successors: [], wraps: true }, 0);
  const ask = (request: TableRequest, now = 0): KeeperOutput[] => {
    keeper.receive(1, asker, request, now);
    return drain(now);
  };
  return { keeper, ask };
}

const put = (record: TableRecord, place = 0, copies = 2, position = 0): TableRequest => ({
  command: "PUT",
  record,
  position,
  place,
  copies,
});

const refused = (code: string): unknown => [expect.objectContaining({ type: "refuse", code })];

describe("a member", () => {
  it.each([
    ["EXPIRED", put(tableRecord({ expires: 10 }))],
    ["FUTURE", put(tableRecord({ issued: 700_000 }))],
    ["FUTURE", put(tableRecord({ sequence: 2n ** 62n }))],
    ["MISUSE", put(tableRecord(), 0, 2, 5)],
    ["MISUSE", put(tableRecord(), 0, 1)],
    ["MISUSE", put(tableRecord(), 0, 18)],
    ["NOT_OWNER", put(tableRecord(), 1)],
  ])("refuses as %s", (code, request) => {
    expect(alone().ask(request, 20)).toEqual(refused(code));
  });

  it("refuses what it has no room for, and keeps what it holds", () => {
    const { keeper, ask } = alone({ STORE_BYTES: 250 });
    for (const key of [1, 2]) expect(ask(put(tableRecord({ key })))).toMatchObject([{ type: "answer" }]);
    expect(ask(put(tableRecord({ key: 3 })))).toEqual(refused("STORE_FULL"));
    expect(ask(put(tableRecord({ key: 2, sequence: 2n })))).toMatchObject([{ type: "answer" }]);
    expect(keeper.size).toEqual({ records: 2, bytes: 200 });
  });

  it("gives one writer an eighth of a store that is more than half full", () => {
    const { ask } = alone({ STORE_BYTES: 1_000 });
    for (let key = 1; key <= 6; key++)
      expect(ask(put(tableRecord({ key, writer: 8 })))).toMatchObject([{ type: "answer" }]);
    expect(ask(put(tableRecord({ key: 7, writer: 8 })))).toEqual(refused("STORE_FULL"));
  });

  it("tells watchers of newer records until their lease is over", () => {
    const { ask } = alone({ WATCHES: 1 });
    const record = tableRecord();
    const watch = { command: "WATCH" as const, keyId: record.keyId, position: 0, leaseMs: 1_000 };
    expect(ask(watch)).toMatchObject([{ type: "answer", answer: { leaseMs: 1_000 } }]);
    expect(ask({ ...watch, keyId: tableRecord({ key: 2 }).keyId })).toEqual(refused("BUSY"));
    expect(ask(put(record))).toContainEqual({ type: "changed", to: "client", record });
    expect(ask(put(record))).not.toContainEqual({ type: "changed", to: "client", record });
    const newer = tableRecord({ sequence: 2n });
    expect(ask(put(newer), 2_000)).not.toContainEqual({ type: "changed", to: "client", record: newer });
  });

  it("lists its keys in pages, without what was deleted", () => {
    const { ask } = alone();
    for (let key = 0; key < 200; key++) ask(put(tableRecord({ key, isTombstone: key === 7 })));
    const scan = { command: "SCAN" as const, after: self.position };
    const [all] = ask(scan);
    expect(all).toMatchObject({ type: "answer", answer: { more: false } });
    expect(all?.type === "answer" && all.answer.command === "SCAN" && all.answer.keys.length).toBe(199);
  });
});
