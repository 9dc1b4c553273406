import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8, formatHex } from "../bytes/index.js";
import { Limit } from "../gen/registry.js";
import type { PeerRecord } from "../identity/index.js";
import { pick, randomBytes, seeded } from "../../test/harness/random.js";
import { longTest, runs } from "../../test/harness/runs.js";
import { hasher } from "../runtime/crypto.js";
import { Locator } from "./locator.js";

const start = 1_767_225_600_000;
const idOf = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));
const queryOf = (name: string): Uint8Array => idOf(name).slice(0, 16);
const wanted = idOf("wanted");

function recordOf(name: string, issued = 1): PeerRecord {
  const nodeId = idOf(name);
  const bytes = concatBytes(nodeId, encodeUtf8(`issued ${issued}`));
  const [addresses, features] = [[`memory://${name}`], []];
  return { nodeId, issued: BigInt(issued), expires: 10n ** 15n, incarnation: 1n, addresses, features, bytes };
}

/** A locator that writes down what it asks of its owner. */
class Bench {
  readonly said: string[] = [];
  readonly known = new Map<string, PeerRecord>();
  readonly locator: Locator;
  readonly #random = seeded(7);

  constructor(limits: Partial<Record<keyof typeof Limit, number>> = {}) {
    const context = {
      nodeId: idOf("this node"),
      limits: { ...Limit, ...limits },
      random: { bytes: (length: number) => randomBytes(this.#random, length) },
    };
    this.locator = new Locator(context, {
      ownRecord: () => recordOf("this node").bytes,
      knownRecord: (id) => this.known.get(formatHex(id))?.bytes,
      sendLocate: (slot, _query, _wanted, hops) => void this.said.push(`LOCATE ${hops} to ${slot}`),
      sendFound: (slot, _query, record) => void this.said.push(`FOUND ${nameOf(record)} to ${slot}`),
      located: (record, toldBy) => void this.said.push(`located ${nameOf(record.bytes)} by ${toldBy}`),
      notLocated: () => void this.said.push("not located"),
    });
    for (const slot of [0, 1, 2]) this.locator.join(slot);
  }

  know(record: PeerRecord): void {
    this.known.set(formatHex(record.nodeId), record);
  }

  /** What was said since the last look. */
  heard(): string[] {
    return this.said.splice(0);
  }

  locate(slot: number, query: string, hops: number, now = start): string[] {
    this.locator.receiveLocate(slot, queryOf(query), wanted, hops, now);
    return this.heard();
  }

  found(query: string, record: PeerRecord, now = start): string[] {
    this.locator.receiveFound(queryOf(query), record, "memory://teller", now);
    return this.heard();
  }
}

const nameOf = (record: Uint8Array): string => {
  const names = ["this node", "wanted", "other"];
  const name = names.find((each) => formatHex(idOf(each)) === formatHex(record.subarray(0, 32)));
  return `${name} ${String.fromCharCode(...record.subarray(32))}`;
};

describe("a LOCATE of another node", () => {
  test("is answered with the own record when this node is wanted, however few hops it has left", () => {
    const { locator, said } = new Bench();
    locator.receiveLocate(1, queryOf("q"), idOf("this node"), 0, start);
    expect(said).toEqual(["FOUND this node issued 1 to 1"]);
  });

  test("is answered with a record that is known, and goes no further", () => {
    const bench = new Bench();
    bench.know(recordOf("wanted", 5));
    expect(bench.locate(2, "q", 32)).toEqual(["FOUND wanted issued 5 to 2"]);
    expect(bench.locate(2, "q", 32)).toEqual([]);
  });

  test("goes to all other peers with one hop less, from 2 hops left on, as 32 at most", () => {
    const bench = new Bench();
    expect(bench.locate(0, "a", 2)).toEqual(["LOCATE 1 to 1", "LOCATE 1 to 2"]);
    expect(bench.locate(1, "b", 1)).toEqual([]);
    expect(bench.locate(1, "c", 0)).toEqual([]);
    expect(bench.locate(2, "d", 65_535)).toEqual(["LOCATE 31 to 0", "LOCATE 31 to 1"]);
  });

  test("is sent on again once, for the first copy with more hops left", () => {
    const bench = new Bench();
    expect(bench.locate(0, "q", 3)).toHaveLength(2);
    expect(bench.locate(1, "q", 3)).toEqual([]);
    expect(bench.locate(1, "q", 5)).toEqual(["LOCATE 4 to 0", "LOCATE 4 to 2"]);
    expect(bench.locate(2, "q", 9)).toEqual([]);
  });

  test("that had too few hops to be sent on is sent on when a copy with more comes", () => {
    const bench = new Bench();
    expect(bench.locate(0, "q", 0)).toEqual([]);
    expect(bench.locate(2, "q", 1)).toEqual([]);
    expect(bench.locate(1, "q", 9)).toEqual(["LOCATE 8 to 0", "LOCATE 8 to 2"]);
    expect(bench.locate(0, "q", 12)).toEqual([]);
  });

  test("is told apart by query and wanted node", () => {
    const bench = new Bench();
    expect(bench.locate(0, "q", 2)).toHaveLength(2);
    bench.locator.receiveLocate(1, queryOf("q"), idOf("other"), 2, start);
    expect(bench.heard()).toEqual(["LOCATE 1 to 0", "LOCATE 1 to 2"]);
  });

  test("is dropped when its session brought two within the second before", () => {
    const bench = new Bench();
    expect(bench.locate(0, "a", 2)).toHaveLength(2);
    expect(bench.locate(0, "b", 2, start + 400)).toHaveLength(2);
    expect(bench.locate(0, "c", 2, start + 999)).toEqual([]);
    expect(bench.locate(1, "d", 2, start + 999)).toHaveLength(2);
    expect(bench.locate(0, "c", 2, start + 1000)).toHaveLength(2);
    expect(bench.locate(0, "e", 2, start + 1399)).toEqual([]);
    expect(bench.locate(0, "e", 2, start + 1400)).toHaveLength(2);
  });

  test("is remembered for LOCATE_KEEP_MS, and 4,096 of them", () => {
    const bench = new Bench({ LOCATES: 2 });
    expect(bench.locate(0, "a", 2)).toHaveLength(2);
    expect(bench.locate(0, "a", 2, start + Limit.LOCATE_KEEP_MS - 1)).toEqual([]);
    expect(bench.locate(1, "a", 2, start + Limit.LOCATE_KEEP_MS)).toHaveLength(2);
    const later = start + 60_000;
    for (const query of ["b", "c"]) expect(bench.locate(0, query, 2, later)).toHaveLength(2);
    expect(bench.locate(1, "d", 2, later)).toHaveLength(2);
    expect(bench.locate(2, "c", 2, later)).toEqual([]);
    expect(bench.locate(2, "b", 2, later)).toHaveLength(2);
  });
});

describe("a FOUND", () => {
  test("goes to the first two peers that the LOCATE came from", () => {
    const bench = new Bench();
    bench.locate(0, "q", 2);
    bench.locate(0, "q", 2);
    bench.locate(2, "q", 2);
    bench.locate(1, "q", 2);
    expect(bench.found("q", recordOf("wanted"))).toEqual(["FOUND wanted issued 1 to 0", "FOUND wanted issued 1 to 2"]);
  });

  test("does not go to one who came into the slot of a peer that left", () => {
    const bench = new Bench();
    bench.locate(0, "q", 2);
    bench.locator.leave(0);
    bench.locator.join(0);
    expect(bench.found("q", recordOf("wanted"))).toEqual([]);
  });

  test("of a pair is sent on three times at most, and only with a later issue each time", () => {
    const bench = new Bench();
    bench.locate(0, "q", 2);
    const sent = [5, 5, 4, 6, 7, 8].map((issued) => bench.found("q", recordOf("wanted", issued)).length);
    expect(sent).toEqual([1, 0, 0, 1, 1, 0]);
  });

  test("is of no use when its query is unknown, forgotten, or not for this node", () => {
    const bench = new Bench();
    const { locator } = bench;
    bench.locate(0, "q", 2);
    expect(locator.isExpected(queryOf("q"), recordOf("wanted"), start)).toBe(true);
    expect(locator.isExpected(queryOf("x"), recordOf("wanted"), start)).toBe(false);
    expect(locator.isExpected(queryOf("q"), recordOf("other"), start)).toBe(false);
    expect(locator.isExpected(queryOf("q"), recordOf("wanted"), start + Limit.LOCATE_KEEP_MS)).toBe(false);
    expect(bench.found("x", recordOf("wanted"))).toEqual([]);
    expect(bench.found("q", recordOf("other"))).toEqual([]);
  });

  test("is not sent on for a LOCATE that was not", () => {
    const bench = new Bench();
    bench.locate(0, "q", 1);
    expect(bench.found("q", recordOf("wanted"))).toEqual([]);
  });
});

describe("a search", () => {
  /** A bench that remembers the queries of its own LOCATEs. */
  function asking(): { queries: Uint8Array[]; locator: Locator; ends: string[] } {
    const queries: Uint8Array[] = [];
    const ends: string[] = [];
    const random = seeded(1);
    const context = {
      nodeId: idOf("this node"),
      limits: Limit,
      random: { bytes: (length: number) => randomBytes(random, length) },
    };
    const locator = new Locator(context, {
      ownRecord: () => undefined,
      knownRecord: () => undefined,
      sendLocate: (slot, query, _, hops) => {
        if (slot === 0) queries.push(query);
        ends.push(`LOCATE ${hops} to ${slot}`);
      },
      sendFound: () => undefined,
      located: (record, toldBy) => void ends.push(`located ${nameOf(record.bytes)} by ${toldBy}`),
      notLocated: (id) => void ends.push(`not located ${formatHex(id) === formatHex(wanted)}`),
    });
    locator.join(0);
    locator.join(1);
    return { queries, locator, ends };
  }

  test("widens with a fresh query each time, and ends a wait after the last", () => {
    const { locator, ends, queries } = asking();
    locator.search(wanted, start);
    locator.search(wanted, start);
    expect(ends.splice(0)).toEqual(["LOCATE 2 to 0", "LOCATE 2 to 1"]);
    expect(locator.deadline).toBe(start + 1000);
    locator.wake(start + 999);
    expect(ends).toEqual([]);
    locator.wake(start + 1000);
    expect(ends.splice(0)).toEqual(["LOCATE 6 to 0", "LOCATE 6 to 1"]);
    locator.wake(start + 2000);
    expect(ends.splice(0)).toEqual(["LOCATE 32 to 0", "LOCATE 32 to 1"]);
    locator.wake(start + 3000);
    expect(ends.splice(0)).toEqual(["not located true"]);
    expect(locator.deadline).toBe(Infinity);
    expect(new Set(queries.map(formatHex)).size).toBe(3);
  });

  test("ends with the first FOUND; later ones are still of use to whoever keeps records", () => {
    const { locator, ends, queries } = asking();
    locator.search(wanted, start);
    const [query] = queries as [Uint8Array];
    locator.receiveFound(query, recordOf("wanted", 3), "memory://a", start + 20);
    expect(ends.slice(2)).toEqual(["located wanted issued 3 by memory://a"]);
    expect(locator.deadline).toBe(Infinity);
    expect(locator.isExpected(query, recordOf("wanted", 4), start + 30)).toBe(true);
    expect(locator.isExpected(query, recordOf("wanted", 2), start + 30)).toBe(false);
    locator.receiveFound(query, recordOf("wanted", 4), "memory://a", start + 30);
    expect(ends).toHaveLength(3);
  });

  test("does not answer or send on its own LOCATE when that comes back", () => {
    const { locator, ends, queries } = asking();
    locator.search(wanted, start);
    locator.receiveLocate(1, queries[0] as Uint8Array, wanted, 5, start);
    expect(ends).toHaveLength(2);
  });

  test("begins later when peers would drop its LOCATE, which came too soon after others", () => {
    const { locator, ends } = asking();
    locator.search(wanted, start);
    locator.search(idOf("other"), start + 100);
    expect(ends.splice(0)).toHaveLength(4);
    locator.giveUp(wanted);
    locator.search(idOf("third"), start + 200);
    expect(ends).toEqual([]);
    expect(locator.deadline).toBe(start + 1000);
    locator.wake(start + 1000);
    expect(ends.splice(0)).toEqual(["LOCATE 2 to 0", "LOCATE 2 to 1"]);
    locator.search(idOf("fourth"), start + 1000);
    locator.wake(start + 1100);
    expect(ends.splice(0)).toEqual(["LOCATE 6 to 0", "LOCATE 6 to 1"]);
    locator.wake(start + 2000);
    expect(ends.splice(0)).toEqual(["LOCATE 6 to 0", "LOCATE 6 to 1"]);
    locator.wake(start + 2100);
    expect(ends.splice(0)).toEqual(["LOCATE 32 to 0", "LOCATE 32 to 1"]);
    for (const wait of [3000, 3001, 3100]) locator.wake(start + wait);
    expect(ends.slice(-3)).toEqual(["not located false", "LOCATE 2 to 0", "LOCATE 2 to 1"]);
  });

  test("that was given up ends without a word", () => {
    const { locator, ends } = asking();
    locator.search(wanted, start);
    locator.giveUp(wanted);
    locator.wake(start + 5000);
    expect(ends).toHaveLength(2);
  });
});

/** Locators joined as in a network, with LOCATEs and FOUNDs that take a step each. */
class Net {
  readonly locators: Locator[] = [];
  readonly located: string[] = [];
  sent = 0;
  readonly #edges: (readonly [number, number])[] = [];
  readonly #wire: (() => void)[] = [];

  constructor(count: number, random: () => number) {
    for (let i = 0; i < count; i++) this.#add(i, random);
    for (let i = 1; i < count; i++) this.#join(pick(random, i), i);
    for (let more = pick(random, count); more > 0; more--) this.#join(pick(random, count), pick(random, count));
  }

  #add(i: number, random: () => number): void {
    const context = {
      nodeId: idOf(`node ${i}`),
      limits: { ...Limit, LOCATES_PER_SECOND: 1000 },
      random: { bytes: (length: number) => randomBytes(random, length) },
    };
    const locator = new Locator(context, {
      ownRecord: () => recordOf(`node ${i}`).bytes,
      knownRecord: () => undefined,
      sendLocate: (j, query, id, hops) => this.#send(() => this.locators[j]?.receiveLocate(i, query, id, hops, start)),
      sendFound: (j, query) =>
        this.#send(() => this.locators[j]?.receiveFound(query, recordOf(`node ${this.target}`), `from ${i}`, start)),
      located: () => void this.located.push(`node ${i}`),
      notLocated: () => undefined,
    });
    this.locators.push(locator);
  }

  target = 0;

  #send(step: () => void): void {
    this.sent++;
    this.#wire.push(step);
  }

  #join(a: number, b: number): void {
    if (a === b || this.#edges.some(([x, y]) => (x === a && y === b) || (x === b && y === a))) return;
    this.#edges.push([a, b]);
    this.locators[a]?.join(b);
    this.locators[b]?.join(a);
  }

  get edges(): number {
    return this.#edges.length;
  }

  settle(random: () => number): void {
    while (this.#wire.length > 0) this.#wire.splice(pick(random, this.#wire.length), 1)[0]?.();
  }
}

describe("locators in a network", () => {
  test(
    "find any node that is at most 32 hops away, within bounds of cost, in any order of delivery",
    () => {
      for (let seed = 0; seed < runs(60, 3000); seed++) {
        const random = seeded(seed);
        const net = new Net(2 + pick(random, 20), random);
        net.target = pick(random, net.locators.length - 1) + 1;
        net.locators[0]?.search(idOf(`node ${net.target}`), start);
        for (const wait of [0, 1000, 2000, 3000]) {
          net.locators[0]?.wake(start + wait);
          net.settle(random);
        }
        expect(net.located, `seed ${seed}`).toEqual(["node 0"]);
        // Each of three searches: twice along each link and direction at most, and answers to two peers.
        expect(net.sent).toBeLessThanOrEqual(3 * (4 * net.edges + 2 * net.locators.length));
      }
    },
    longTest,
  );
});
