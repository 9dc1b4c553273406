import { describe, expect, it, vi } from "vitest";
import { tableRecord } from "../../../test/harness/table-records.js";
import { TableNetwork, type Storing } from "../../../test/harness/table-network.js";
import { VersionsSeen } from "./versions-seen.js";

// Much time passes in these networks, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });

const places = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => 1_000 + Math.floor((i * 64_000) / count));

function ringOf(count: number): { network: TableNetwork; nodes: Storing[]; first: Storing } {
  const network = new TableNetwork();
  const nodes = network.ring(...places(count));
  const [first] = nodes;
  if (first === undefined) throw new Error("no nodes");
  expect(network.rings.faults()).toEqual([]);
  expect(nodes.every(({ keeper }) => keeper.isComplete)).toBe(true);
  return { network, nodes, first };
}

describe("a table", () => {
  it.each([1, 2, 3, 4, 5, 8, 20])("of %i nodes holds what was written at five of them or all", (count) => {
    const { network, first, nodes } = ringOf(count);
    const record = tableRecord({ issued: network.now });
    const stored = network.write(first, record);
    expect(stored?.holders.length).toBeGreaterThanOrEqual(Math.min(5, count));
    expect(network.holders(record)).toEqual(expect.arrayContaining(Array.from(stored?.holders ?? [])));
    for (const node of nodes) expect(network.read(node)).toBe(record);
  });

  it("loses nothing when any four of five die, and has five copies again after", () => {
    const { network, first, nodes } = ringOf(6);
    const record = tableRecord({ issued: network.now });
    expect(network.write(first, record)).toBeDefined();
    network.crash(...nodes.slice(1, 5));
    const last = nodes[5] as Storing;
    network.run(60_000);
    expect(network.read(last)).toBe(record);
    expect(network.read(first)).toBe(record);
    expect(network.holders(record)).toHaveLength(2);
  });

  it("keeps every key while nodes die one after the other", () => {
    const { network, first, nodes } = ringOf(12);
    const records = Array.from({ length: 10 }, (_, key) => tableRecord({ key, issued: network.now }));
    for (const record of records) expect(network.write(first, record)).toBeDefined();
    for (const node of nodes.slice(1, 9)) {
      network.crash(node);
      network.run(60_000);
    }
    for (const [key, record] of records.entries()) expect(network.read(first, key)).toBe(record);
  });

  it("hands an arc to whoever joins, and answers meanwhile", () => {
    const { network, first } = ringOf(5);
    const records = Array.from({ length: 20 }, (_, key) => tableRecord({ key, issued: network.now }));
    for (const record of records) expect(network.write(first, record)).toBeDefined();
    const added = [7_000, 20_000, 33_000, 46_000, 59_000].map((place) => {
      const node = network.add(place);
      network.join(node.member, first.member);
      for (const [key, record] of records.entries()) expect(network.read(first, key)).toBe(record);
      return node;
    });
    network.run(120_000);
    expect(added.every(({ keeper }) => keeper.isComplete && keeper.size.records > 0)).toBe(true);
    network.crash(...network.up.filter((node) => !added.includes(node)).slice(0, 2));
    network.run(60_000);
    for (const [key, record] of records.entries()) expect(network.read(added[0] as Storing, key)).toBe(record);
  });

  it("hands its arc on before it leaves", () => {
    const { network, nodes } = ringOf(5);
    const records = Array.from({ length: 20 }, (_, key) => tableRecord({ key, issued: network.now }));
    const [first, second, third] = nodes as [Storing, Storing, Storing];
    for (const record of records) expect(network.write(first, record)).toBeDefined();
    second.keeper.leave(network.now);
    network.rings.tell(second.member, () => undefined);
    network.run(100);
    // Woken by its next deadline at the latest.
    network.run(70_000);
    expect(second.hasHanded).toBe(true);
    network.rings.tell(second.member, (ring, now) => ring.leave(now, []));
    for (const [key, record] of records.entries()) expect(network.read(third, key)).toBe(record);
    network.run(60_000);
    expect(second.member.hasLeft).toBe(true);
    for (const [key, record] of records.entries()) expect(network.read(third, key)).toBe(record);
  });

  it("takes the newer record and tells the writer of the older one", () => {
    const { network, first } = ringOf(8);
    const newer = tableRecord({ sequence: 5n, issued: network.now });
    const older = tableRecord({ sequence: 4n, issued: network.now });
    expect(network.write(first, newer)?.newer).toBeUndefined();
    expect(network.write(first, older)?.newer).toBe(newer);
    expect(network.read(first)).toBe(newer);
  });

  it("lists each key once, and none that was deleted", () => {
    const { network, first, nodes } = ringOf(8);
    for (let key = 0; key < 40; key++)
      expect(network.write(first, tableRecord({ key, issued: network.now }))).toBeDefined();
    network.write(first, tableRecord({ key: 3, sequence: 2n, issued: network.now, isTombstone: true }));
    const keys = Array.from({ length: 40 }, (_, key) => key).filter((key) => key !== 3);
    for (const node of nodes) expect(network.list(node).sort((a, b) => a - b)).toEqual(keys);
  });

  it("says that there is nothing, and forgets what has expired", () => {
    const { network, first, nodes } = ringOf(8);
    expect(network.read(first)).toBeUndefined();
    const record = tableRecord({ issued: network.now, expires: network.now + 100_000 });
    network.write(first, record);
    network.run(200_000);
    expect(network.read(first)).toBeUndefined();
    for (const { keeper } of nodes) expect(keeper.size).toEqual({ records: 0, bytes: 0 });
  });

  it("mends a group that was away for a delete", () => {
    const { network, first, nodes } = ringOf(8);
    const record = tableRecord({ issued: network.now });
    const tombstone = tableRecord({ sequence: 2n, issued: network.now, isTombstone: true });
    network.write(first, record);
    const away = nodes.find(({ shelf }, i) => i > 0 && shelf.records.size > 0) as Storing;
    network.crash(away);
    network.run(60_000);
    expect(network.write(first, tombstone)).toBeDefined();
    const back = network.add(away.member.contact.record as number, away.shelf, 2n);
    network.join(back.member, first.member);
    network.run(120_000);
    const seen = new VersionsSeen(4);
    expect(network.read(first, 1, seen)).toBe(tombstone);
    expect(network.read(back, 1, seen)).toBe(tombstone);
    network.run(3_700_000);
    expect(network.holders(record)).toEqual([]);
  });
});
