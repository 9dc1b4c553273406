import { describe, expect, test } from "vitest";
import { encodeUtf8, formatHex } from "../bytes/index.js";
import { Limit } from "../gen/registry.js";
import type { PeerRecord } from "../identity/index.js";
import { hasher } from "../runtime/crypto.js";
import { Dialler } from "./dialler.js";
import { KnownRecords } from "./known-records.js";
import { Reach } from "./reach.js";
import { Searches } from "./searches.js";

const now = 1_767_225_600_000;
const idOf = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));
const random = { bytes: (length: number) => new Uint8Array(length) };
const teller = "tcp://8.8.4.4:1000";

function recordOf(name: string, issued: number, addresses: readonly string[]): PeerRecord {
  const times = { issued: BigInt(issued), expires: BigInt(now + 1000), incarnation: 1n };
  return { nodeId: idOf(name), ...times, addresses, features: [], bytes: encodeUtf8(name) };
}

/** Reach with real records and dials; searches and peers are played by the test. */
class Bench {
  readonly limits;
  readonly known: KnownRecords;
  readonly dialler: Dialler;
  readonly searches: Searches;
  readonly reach: Reach;
  readonly peers = new Set<string>();
  readonly said: string[] = [];
  readonly #names = new Map<string, string>();

  constructor(limits: Partial<Record<keyof typeof Limit, number>> = {}) {
    this.limits = { ...Limit, ...limits };
    this.known = new KnownRecords(this.limits, idOf("self"), random);
    this.dialler = new Dialler(this.limits, random);
    const locator = {
      search: (wanted: Uint8Array) => void this.said.push(`search ${this.#nameOf(wanted)}`),
      giveUp: (wanted: Uint8Array) => void this.said.push(`give up ${this.#nameOf(wanted)}`),
    };
    this.searches = new Searches({ limits: this.limits, locator, now: () => now });
    const { known, dialler, searches } = this;
    const isPeer = (id: Uint8Array): boolean => this.peers.has(formatHex(id));
    this.reach = new Reach({ limits: this.limits, known, dialler, searches, isPeer, now: () => now });
  }

  #nameOf(id: Uint8Array): string {
    return this.#names.get(formatHex(id)) ?? "?";
  }

  /** Asks for a node; what becomes of it is said. */
  ask(name: string): void {
    this.#names.set(formatHex(idOf(name)), name);
    this.reach.reach(idOf(name), now, (code) => void this.said.push(`${name} ${code ?? "reached"}`));
  }

  know(name: string, issued: number, ...addresses: string[]): void {
    this.known.learn(recordOf(name, issued, addresses), { address: teller, nodeId: idOf("teller") }, now);
  }

  find(name: string, issued: number, ...addresses: string[]): void {
    this.know(name, issued, ...addresses);
    this.searches.located(recordOf(name, issued, addresses), teller);
  }

  /** Starts what is due; answers the addresses, and what was said since the last look. */
  step(): string[] {
    const dialled = this.dialler.start(now, (key) => this.peers.has(key)).map(({ target }) => `dial ${target.address}`);
    return [...dialled, ...this.said.splice(0)];
  }

  up(name: string): void {
    this.peers.add(formatHex(idOf(name)));
    this.reach.peerUp(idOf(name));
  }
}

const first = "tcp://1.1.1.1:5000";
const second = "tcp://2.2.2.2:5000";

describe("reaching a node", () => {
  test("that is a peer takes nothing", () => {
    const bench = new Bench();
    bench.up("a");
    bench.ask("a");
    expect(bench.said).toEqual(["a reached"]);
    expect(bench.reach.waiting).toBe(0);
  });

  test("of which a record is known dials its addresses; calls meanwhile share that", () => {
    const bench = new Bench();
    bench.know("a", now, first, second);
    bench.ask("a");
    bench.ask("a");
    expect(bench.step()).toEqual([`dial ${first}`]);
    bench.dialler.over(1, now, false);
    expect(bench.step()).toEqual([`dial ${second}`]);
    bench.dialler.answered(2, idOf("a"));
    expect(bench.step()).toEqual([]);
    bench.up("a");
    expect(bench.step()).toEqual(["a reached", "a reached"]);
    expect(bench.reach.waiting).toBe(0);
  });

  test("of which only useless addresses are known looks for it", () => {
    const bench = new Bench();
    bench.know("a", now, first, "tcp://127.0.0.1:1");
    bench.ask("a");
    expect(bench.step()).toEqual([`dial ${first}`]);
    bench.dialler.over(1, now, false);
    expect(bench.step()).toEqual(["search a"]);
    bench.find("a", now + 1, second);
    expect(bench.step()).toEqual([`dial ${second}`]);
    bench.dialler.over(2, now, false);
    expect(bench.step()).toEqual(["a UNREACHABLE"]);
    expect(bench.step()).toEqual([]);
  });

  test("of which nothing is known looks for it, and is told when nobody finds it", () => {
    const bench = new Bench();
    bench.ask("a");
    expect(bench.step()).toEqual(["search a"]);
    bench.searches.notLocated(idOf("a"));
    expect(bench.step()).toEqual(["a UNREACHABLE"]);
    bench.ask("a");
    expect(bench.step()).toEqual(["search a"]);
    bench.find("a", now, first);
    expect(bench.step()).toEqual([`dial ${first}`]);
  });

  test("tries a newer record that came in the meantime, but not for ever", () => {
    const bench = new Bench();
    bench.ask("a");
    bench.find("a", now, first);
    for (let issued = 1; issued <= 3; issued++) {
      expect(bench.step().at(0)).toContain("dial");
      bench.know("a", now + issued, `tcp://3.3.3.${issued}:5000`);
      bench.dialler.over(issued, now, false);
      expect(bench.step()).toEqual([]);
    }
    bench.step();
    bench.know("a", now + 9, second);
    bench.dialler.over(4, now, false);
    expect(bench.step()).toEqual(["a UNREACHABLE"]);
  });

  test("ends when it becomes a peer otherwise: dials and searches for it are not needed then", () => {
    const bench = new Bench();
    bench.ask("a");
    expect(bench.step()).toEqual(["search a"]);
    bench.up("a");
    expect(bench.step()).toEqual(["give up a", "a reached"]);
    bench.know("b", now, first, second);
    bench.ask("b");
    bench.step();
    bench.up("b");
    bench.dialler.over(1, now, false);
    expect(bench.step()).toEqual(["b reached"]);
  });

  test("goes on when the session that was dialled ends before it could be used", () => {
    const bench = new Bench();
    bench.know("a", now, first);
    bench.ask("a");
    bench.step();
    bench.reach.peerGone(idOf("a"));
    bench.dialler.answered(1, idOf("a"));
    bench.reach.peerGone(idOf("a"));
    bench.dialler.over(1, now, false);
    expect(bench.step()).toEqual(["search a"]);
    bench.reach.peerGone(idOf("a"));
    bench.searches.notLocated(idOf("a"));
    expect(bench.step()).toEqual(["a UNREACHABLE"]);
  });

  test("is bounded in the number of calls", () => {
    const bench = new Bench({ REQUESTS: 2 });
    for (const name of ["a", "a", "b"]) bench.ask(name);
    expect(bench.step()).toEqual(["search a", "b QUEUE_FULL"]);
  });
});

describe("searches", () => {
  test("run two at once; the next begins when one is over", () => {
    const bench = new Bench();
    for (const name of ["a", "b", "c", "d"]) bench.ask(name);
    expect(bench.step()).toEqual(["search a", "search b"]);
    bench.searches.notLocated(idOf("b"));
    expect(bench.step()).toEqual(["b UNREACHABLE", "search c"]);
    bench.up("d");
    bench.up("a");
    expect(bench.step()).toEqual(["d reached", "give up a", "a reached"]);
    bench.ask("e");
    expect(bench.step()).toEqual(["search e"]);
    expect(bench.searches.size).toBe(2);
  });

  test("serve several callers, and end for nobody while one of them waits", () => {
    const bench = new Bench();
    const heard: string[] = [];
    const lose = bench.searches.seek(idOf("a"), () => void heard.push("first"));
    bench.searches.seek(idOf("a"), (known) => void heard.push(`second ${known?.toldBy}`));
    lose();
    lose();
    expect(bench.said).toEqual(["search ?"]);
    bench.searches.located(recordOf("a", now, []), teller);
    bench.searches.located(recordOf("a", now, []), teller);
    expect(heard).toEqual([`second ${teller}`]);
  });
});
