import { expect, test } from "vitest";
import { contactAt } from "../../../test/harness/ring-network.js";
import { Arcs } from "./arcs.js";

const keepMs = 100;
const keysOf = (arcs: Arcs, place: number, now: number): readonly string[] | undefined =>
  arcs.find(contactAt(place).position, now)?.map(({ key }) => key);

function shown(after: number, ...owners: readonly number[]) {
  const contacts = owners.map((place) => contactAt(place));
  return { after: contactAt(after).position, end: contactAt(owners[0] ?? 0).position, owners: contacts };
}

test("an arc that was shown is known up to its owner, for a while", () => {
  const arcs = new Arcs(keepMs);
  const owners = [contactAt(2000).key, contactAt(3000).key];
  arcs.note(shown(1000, 2000, 3000), 0);
  expect(keysOf(arcs, 1000, 0)).toBeUndefined();
  expect(keysOf(arcs, 1001, 0)).toEqual(owners);
  expect(keysOf(arcs, 2000, keepMs)).toEqual(owners);
  expect(keysOf(arcs, 2001, keepMs)).toBeUndefined();
  expect(keysOf(arcs, 1500, keepMs + 1)).toBeUndefined();
});

test("one that is shown anew replaces the one before", () => {
  const arcs = new Arcs(keepMs);
  arcs.note(shown(1000, 2000), 0);
  arcs.note(shown(1500, 2000), 50);
  expect(keysOf(arcs, 1200, 60)).toBeUndefined();
  expect(keysOf(arcs, 1600, 140)).toEqual([contactAt(2000).key]);
});

test("an owner that was none is forgotten", () => {
  const arcs = new Arcs(keepMs);
  arcs.note(shown(1000, 2000), 0);
  arcs.forget(contactAt(2000));
  expect(keysOf(arcs, 1500, 0)).toBeUndefined();
});

test("so many are remembered", () => {
  const arcs = new Arcs(keepMs);
  for (let i = 1; i <= 100; i++) arcs.note(shown(i * 100, i * 100 + 50), 0);
  expect(keysOf(arcs, 149, 0)).toBeUndefined();
  expect(keysOf(arcs, 10_049, 0)).toEqual([contactAt(10_050).key]);
});
