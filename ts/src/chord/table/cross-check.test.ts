// When a member has all that it holds compared with the other groups: not when members come one by one, but when two rings have
// become one.

import { expect, test } from "vitest";
import { contactAt } from "../../../test/harness/ring-network.js";
import { keyPositionAt, tableLimits, tableRecord, tableShape } from "../../../test/harness/table-records.js";
import { Keeper } from "./keeper.js";
import type { Snapshot } from "../ring-types.js";

const self = contactAt(30_000);

function viewOf(predecessor: number, ...successors: readonly number[]): Snapshot {
  const list = successors.map((place) => contactAt(place));
  return { phase: "MEMBER", self, predecessor: contactAt(predecessor), successors: list, wraps: false };
}

/** A member in the middle of a long list that holds one record; answers how often that is to be read. */
function member() {
  const keeper = new Keeper({ limits: tableLimits, shape: tableShape, positionOf: keyPositionAt, self });
  let now = 0;
  let reads = 0;
  const drain = (): void => {
    for (let output = keeper.poll(); output !== undefined; output = keeper.poll()) {
      if (output.type === "write") keeper.written(output.handle, undefined, now);
      else if (output.type === "ask") keeper.failed(output.handle, undefined, now);
      else if (output.type === "read") keeper.wasRead(output.handle, [tableRecord()], now);
      else if (output.type === "check") {
        if (output.isDeep) reads++;
        keeper.checked(output.handle, now);
      }
    }
  };
  return {
    see: (...view: Parameters<typeof viewOf>): void => {
      keeper.ringChanged(viewOf(...view), now);
      drain();
    },
    store: (): void => {
      const put = { command: "PUT", record: tableRecord(), position: 0, place: 0, copies: 2 } as const;
      const predecessor = { key: contactAt(29_000).key, prefix: undefined, receiveBytes: 1 << 20 };
      keeper.receive(1, predecessor, put, now);
      drain();
    },
    /** Lets the ring come to rest, and answers what was read since the last time. */
    rest: (): number => {
      now += 2 * tableLimits.RING_STABILIZE_MS;
      keeper.wake(now);
      drain();
      const before = reads;
      reads = 0;
      return before;
    },
  };
}

function settled() {
  const one = member();
  one.see(29_000, 31_000, 33_000, 35_000, 37_000);
  one.store();
  one.rest();
  return one;
}

test("not when members come in one by one", () => {
  const one = settled();
  one.see(29_000, 31_000, 32_000, 33_000, 35_000);
  expect(one.rest()).toBe(0);
  one.rest();
  one.see(29_000, 31_000, 32_000, 32_500, 33_000);
  expect(one.rest()).toBe(0);
});

test("not when the list moves up because some have failed", () => {
  const one = settled();
  one.see(29_000, 35_000, 37_000, 39_000, 41_000);
  expect(one.rest()).toBe(0);
});

test("when several come in among those that it had, all at once or while the ring is not at rest", () => {
  const one = settled();
  one.see(29_000, 31_000, 32_000, 33_000, 34_000);
  expect(one.rest()).toBe(1);
  expect(one.rest()).toBe(0);
  const other = settled();
  other.see(29_000, 31_000, 32_000, 33_000, 35_000);
  other.see(29_000, 31_000, 32_000, 33_000, 34_000);
  expect(other.rest()).toBe(1);
});
