// The table of the ring role: who is where, and what a right node in each place knows. Small numbers stand for positions.
import { expect, test } from "vitest";
import { VirtualRing, type VirtualNode } from "../../src/node/ring/index.js";
import { identityOf } from "../../src/node/identity.js";

const TESTEE = 50n;

function ringOf(positions: readonly number[], r: number): VirtualRing {
  const seats = positions.map((position, index) => ({
    identity: identityOf(`seat ${index}`),
    position: BigInt(position),
  }));
  return new VirtualRing(TESTEE, r, seats);
}

const at = (ring: VirtualRing, name: string): VirtualNode => {
  const node = ring.find(name);
  if (node === undefined) throw new Error(`no ${name}`);
  return node;
};

function viewText(ring: VirtualRing, name: string): string {
  const { predecessor, successors, wraps } = ring.viewOf(at(ring, name));
  const list = successors.map(({ position }) => position).join(" ");
  return `${predecessor?.position ?? "none"} | ${list}${wraps ? " wraps" : ""}`;
}

function stepText(ring: VirtualRing, name: string, target: bigint): string {
  const { owners, next } = ring.stepOf(at(ring, name), target, 4);
  const text = (places: typeof owners): string => (places ?? []).map(({ position }) => position).join(" ");
  return owners === undefined ? `next ${text(next)}` : `owners ${text(owners)}`;
}

test("names go both ways round from the testee", () => {
  const ring = ringOf([10, 40, 60, 90], 16);
  expect(["after1", "after2", "after3", "before1", "before2"].map((name) => at(ring, name).position)).toEqual([60n, 90n, 10n, 40n, 10n]); // prettier-ignore
  expect(ring.find("after5")).toBeUndefined();
  expect(ring.find("before0")).toBeUndefined();
  expect(ring.find("testee")).toBeUndefined();
});

test("lists go round, wrap when all are on them, and hold the testee when it takes part", () => {
  const ring = ringOf([10, 40, 60, 90], 16);
  expect(viewText(ring, "after1")).toBe("40 | 90 10 40 wraps");
  ring.hasTestee = true;
  expect(viewText(ring, "after1")).toBe("50 | 90 10 40 50 wraps");
  expect(viewText(ring, "before1")).toBe("10 | 50 60 90 10 wraps");
  expect(viewText(ringOf([10, 40, 60, 90], 2), "after1")).toBe("40 | 90 10");
  expect(viewText(ringOf([10], 16), "after1")).toBe("none |  wraps");
});

test("who is not there is on no list, and knows its place all the same", () => {
  const ring = ringOf([10, 40, 60, 90], 16);
  ring.setPresent(at(ring, "after1"), false);
  expect(viewText(ring, "before1")).toBe("10 | 90 10 wraps");
  expect(viewText(ring, "after1")).toBe("40 | 90 10 40 wraps");
});

test("steps name the owners, or the nearest before the target", () => {
  const ring = ringOf([10, 40, 60, 90], 2);
  expect(stepText(ring, "after1", 80n)).toBe("owners 90 10");
  expect(stepText(ring, "after1", 90n)).toBe("owners 90 10");
  expect(stepText(ring, "after1", 5n)).toBe("next 90");
  expect(stepText(ring, "after1", 30n)).toBe("next 10 90");
  expect(stepText(ring, "after1", 60n)).toBe("next 10 90");
  expect(stepText(ringOf([10], 2), "after1", 7n)).toBe("owners 10");
});
