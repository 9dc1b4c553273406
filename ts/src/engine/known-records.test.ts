import { describe, expect, test } from "vitest";
import { encodeUtf8, formatHex } from "../bytes/index.js";
import { Limit } from "../gen/registry.js";
import type { PeerRecord } from "../identity/index.js";
import { randomBytes, seeded } from "../../test/harness/random.js";
import { hasher } from "../runtime/crypto.js";
import { KnownRecords, type Teller } from "./known-records.js";

const now = 1_767_225_600_000;
const [x, y] = ["x", "y"].map((address) => ({ address, nodeId: new Uint8Array(32).fill(address.charCodeAt(0)) })) as [
  Teller,
  Teller,
];
const idOf = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));

interface Claim {
  readonly issued?: number;
  readonly expires?: number;
  readonly address?: string;
}

function record(name: string, { issued = now, expires = now + 1000, address }: Claim = {}): PeerRecord {
  const addresses = address === undefined ? [] : [address];
  const times = { issued: BigInt(issued), expires: BigInt(expires), incarnation: 1n };
  return { nodeId: idOf(name), ...times, addresses, features: [], bytes: encodeUtf8(name) };
}

function fresh(limits: Partial<Record<keyof typeof Limit, number>> = {}, seed = 1): KnownRecords {
  const random = seeded(seed);
  const port = { bytes: (length: number) => randomBytes(random, length) };
  return new KnownRecords({ ...Limit, ...limits }, idOf("self"), port);
}

const namesOf = (records: readonly PeerRecord[]): string[] =>
  records.map(({ bytes }) => String.fromCharCode(...bytes)).sort();
const everything = { limit: 100, asker: idOf("asker"), now };

describe("records that a node knows", () => {
  test("of two of one node the one with the later issue stays, or the first of the same issue", () => {
    const known = fresh();
    const first = record("a");
    expect(known.learn(first, x, now)).toBe(true);
    expect(known.learn(record("a", { expires: now + 5000 }), y, now)).toBe(false);
    expect(known.learn(record("a", { issued: now - 1 }), y, now)).toBe(false);
    expect(known.find(idOf("a"), now)).toMatchObject({ record: first, toldBy: "x" });
    const newer = record("a", { issued: now + 1 });
    expect(known.learn(newer, y, now)).toBe(true);
    expect(known.find(idOf("a"), now)).toMatchObject({ record: newer, toldBy: "y" });
  });

  test("never one that has expired, or was issued too far ahead, and never the own", () => {
    const known = fresh();
    expect(known.learn(record("a", { issued: now - 5, expires: now }), x, now)).toBe(false);
    expect(known.learn(record("a", { issued: now - 5, expires: now + 1 }), x, now)).toBe(true);
    const ahead = now + Limit.RECORD_AHEAD_MS;
    expect(known.learn(record("b", { issued: ahead + 1, expires: ahead + 2 }), x, now)).toBe(false);
    expect(known.learn(record("b", { issued: ahead, expires: ahead + 2 }), x, now)).toBe(true);
    expect(known.learn(record("self"), x, now)).toBe(false);
    expect(known.find(idOf("a"), now)).toBeDefined();
    expect(known.find(idOf("a"), now + 1)).toBeUndefined();
  });

  test("are bounded: the one that was learnt first goes, never a peer's", () => {
    const known = fresh({ KNOWN_RECORDS: 2 });
    known.setPeer(record("peer"), "p");
    for (const name of ["a", "b"]) known.learn(record(name), x, now);
    known.learn(record("a", { issued: now + 1 }), x, now);
    known.learn(record("c"), x, now);
    const has = (name: string): boolean => known.find(idOf(name), now) !== undefined;
    expect(["peer", "a", "b", "c"].map(has)).toEqual([true, true, false, true]);
    known.peerGone(idOf("peer"));
    expect(["peer", "a", "b", "c"].map(has)).toEqual([true, false, false, true]);
    expect(known.othersCount).toBe(2);
  });

  test("a peer's record is not held against the clock, and a newer one that was told stays", () => {
    const known = fresh();
    known.learn(record("a", { issued: now + 7 }), x, now);
    known.setPeer(record("a", { issued: now + 3 }), "p");
    expect(known.find(idOf("a"), now)?.toldBy).toBe("x");
    expect(known.othersCount).toBe(0);
    known.setPeer(record("b", { issued: now - 100, expires: now - 50 }), "p");
    expect(known.find(idOf("b"), now)).toBeUndefined();
    expect(known.learn(record("b"), x, now)).toBe(true);
    expect(known.find(idOf("b"), now)).toBeDefined();
    known.peerGone(idOf("nobody"));
  });
});

describe("the sample for PEERS", () => {
  test("holds peers before others, up to the limit", () => {
    for (let seed = 0; seed < 20; seed++) {
      const known = fresh({}, seed);
      for (const name of ["a", "b", "c"]) known.learn(record(name), x, now);
      for (const name of ["p", "q"]) known.setPeer(record(name), "x");
      expect(namesOf(known.sample(everything))).toEqual(["a", "b", "c", "p", "q"]);
      const three = known.sample({ ...everything, limit: 3 });
      expect(namesOf(three.slice(0, 2))).toEqual(["p", "q"]);
      expect(known.sample({ ...everything, limit: 1 })).toHaveLength(1);
    }
  });

  test("holds neither the asker's record nor what has expired", () => {
    const known = fresh();
    known.setPeer(record("asker"), "x");
    known.setPeer(record("late", { issued: now - 100, expires: now }), "x");
    known.learn(record("a"), x, now);
    expect(namesOf(known.sample(everything))).toEqual(["a"]);
  });

  test("is chosen at random", () => {
    const known = fresh();
    for (let i = 0; i < 8; i++) known.learn(record(`n${i}`), x, now);
    const firsts = new Set(
      Array.from(
        { length: 200 },
        () => known.sample({ ...everything, limit: 1 }).map(({ nodeId }) => formatHex(nodeId))[0],
      ),
    );
    expect(firsts.size).toBe(8);
  });

  test("holds at most two of one prefix, but for loopback and private ranges", () => {
    const known = fresh();
    for (let i = 0; i < 5; i++) {
      known.learn(record(`public4 ${i}`, { address: `tcp://8.8.8.${i}:1` }), x, now);
      known.learn(record(`public6 ${i}`, { address: `tcp://[2600:1:2:${i + 1}::1]:1` }), x, now);
      known.learn(record(`loopback ${i}`, { address: `tcp://127.0.0.1:${i + 1}` }), x, now);
      known.learn(record(`private ${i}`, { address: `tcp://10.0.0.1:${i + 1}` }), x, now);
      known.learn(record(`odd ${i}`, { address: "nonsense" }), x, now);
    }
    const kinds = namesOf(known.sample(everything)).map((name) => name.split(" ")[0]);
    const count = (kind: string): number => kinds.filter((each) => each === kind).length;
    expect(["public4", "public6", "loopback", "private", "odd"].map(count)).toEqual([2, 2, 5, 5, 5]);
  });
});

describe("records of one neighbourhood", () => {
  const tellers = Array.from({ length: 12 }, (_, i) => ({ address: `t${i}`, nodeId: idOf(`teller ${i}`) }));
  const names = (known: KnownRecords): number => known.candidates(now).length;

  test("are eight of one prefix that are no peers: the one known longest goes, and nobody else's", () => {
    const known = fresh();
    known.learn(record("far", { address: "tcp://9.9.9.9:1" }), x, now);
    const told = (i: number): PeerRecord => record(`near ${i}`, { address: `tcp://8.8.8.${i}:1` });
    for (let i = 0; i < 20; i++) known.learn(told(i), tellers[i % 12] as Teller, now);
    expect(names(known)).toBe(9);
    expect(known.find(idOf("far"), now)).toBeDefined();
    expect(known.find(idOf("near 11"), now)).toBeUndefined();
    expect(known.find(idOf("near 12"), now)).toBeDefined();
    expect(known.hasRoomFor(told(30), x)).toBe(false);
    known.setPeer(told(12), "p");
    expect(known.hasRoomFor(told(30), x)).toBe(true);
  });

  test("on loopback are as many as there is room for", () => {
    const known = fresh();
    for (let i = 0; i < 100; i++)
      known.learn(record(`n${i}`, { address: `tcp://127.0.0.1:${i + 1}` }), tellers[i % 12] as Teller, now);
    expect(names(known)).toBe(100);
  });

  test("are 32 that one peer has told, whoever else told others", () => {
    const known = fresh();
    for (let i = 0; i < 10; i++) known.learn(record(`y${i}`), y, now);
    for (let i = 0; i < 100; i++) known.learn(record(`x${i}`), x, now);
    expect(names(known)).toBe(42);
    expect(known.find(idOf("x67"), now)).toBeUndefined();
    expect(known.find(idOf("x68"), now)).toBeDefined();
    expect(known.hasRoomFor(record("z"), x)).toBe(false);
    expect(known.hasRoomFor(record("z"), y)).toBe(true);
  });
});
