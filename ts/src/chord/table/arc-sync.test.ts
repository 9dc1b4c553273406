import { expect, test } from "vitest";
import { contactAt, positionAt } from "../../../test/harness/ring-network.js";
import { tableLimits, tableRecord, tableShape } from "../../../test/harness/table-records.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";
import { Keeper } from "./keeper.js";
import type { KeeperOutput } from "./keeper-types.js";
import type { Refusal } from "./table-types.js";

const self = contactAt(30_000);
const [predecessor, between, behind] = [contactAt(20_000), contactAt(35_000), contactAt(40_000)];
const { keyId } = tableRecord();
/** On the arc of the member. */
const positionOf = (): Position => positionAt(25_000);

type Ask = Extract<KeeperOutput, { readonly type: "ask" }>;

interface Joined {
  readonly keeper: Keeper;
  readonly see: (list: readonly Contact[]) => void;
  readonly drain: () => KeeperOutput[];
  /** Whom it asks this first, since it was looked last. */
  readonly ask: (command: string) => Ask | undefined;
}

/** A member that has just got its place before `behind`. */
function joined(): Joined {
  const keeper = new Keeper({ limits: tableLimits, shape: tableShape, positionOf, self });
  const see = (successors: readonly Contact[]): void =>
    keeper.ringChanged({ phase: "MEMBER", self, predecessor, successors, wraps: false }, 0);
  const drain = (): KeeperOutput[] => {
    const outputs: KeeperOutput[] = [];
    for (let output = keeper.poll(); output !== undefined; output = keeper.poll()) outputs.push(output);
    return outputs;
  };
  const ask = (command: string): Ask | undefined =>
    drain().find((output): output is Ask => output.type === "ask" && output.request.command === command);
  see([behind]);
  return { keeper, see, drain, ask };
}

const asker = { key: "client", prefix: undefined, receiveBytes: 1 << 20 };
const same = { command: "SYNC", same: true, entries: [], more: false, records: [] } as const;

test("a member goes on comparing with whom it had behind it when it joined, though another has come in between", () => {
  const { keeper, see, ask } = joined();
  expect(ask("SYNC")?.to).toBe(behind);
  see([between, behind]);
  const sync = ask("SYNC");
  expect(sync?.to).toBe(behind);
  keeper.answered(sync?.handle ?? 0, same, 0);
  expect(keeper.isComplete).toBe(true);
  expect(ask("SYNC")?.to).toBe(between);
});

test("where that one does not know it any more, the one between is asked", () => {
  const { keeper, see, ask } = joined();
  ask("SYNC");
  see([between, behind]);
  keeper.failed(ask("SYNC")?.handle ?? 0, "NOT_OWNER", 0);
  expect(keeper.isComplete).toBe(false);
  expect(ask("SYNC")?.to).toBe(between);
});

test("where that one does not know it yet, it is asked again", () => {
  const { keeper, ask } = joined();
  keeper.failed(ask("SYNC")?.handle ?? 0, "NOT_OWNER", 0);
  keeper.wake(tableLimits.RING_STABILIZE_MS);
  expect(ask("SYNC")?.to).toBe(behind);
});

test.each<[string, Refusal, object]>([
  ["holds nothing, there is nothing", "NOT_OWNER", { type: "answer" }],
  ["has not all yet, nobody knows", "BUSY", { type: "refuse", code: "BUSY" }],
])("a read is passed to whom it had behind it when it joined: when that one %s", (_what, code, end) => {
  const { keeper, see, drain } = joined();
  see([between, behind]);
  drain();
  keeper.receive(1, asker, { command: "GET", keyId, position: 0 }, 0);
  const outputs = drain();
  const codes: Refusal[] = [code, "NOT_OWNER"];
  for (const output of outputs) {
    if (output.type !== "ask") continue;
    keeper.failed(output.handle, codes.shift(), 0);
    outputs.push(...drain());
  }
  expect(outputs[0]).toMatchObject({ type: "ask", to: behind });
  expect(outputs.at(-1)).toMatchObject({ ...end, request: 1 });
});
