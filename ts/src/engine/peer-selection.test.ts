import { describe, expect, test } from "vitest";
import { encodeUtf8, formatHex } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { Limit, type LimitName } from "../gen/registry.js";
import { randomBytes, seeded } from "../../test/harness/random.js";
import { hasher } from "../runtime/crypto.js";
import type { Anchor } from "./anchors.js";
import type { ToldTarget } from "./dialler.js";
import { PeerSelection, type PeerSelectionContext } from "./peer-selection.js";
import type { Peer } from "./peer-table.js";

const idOf = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));
const start = 1_767_225_600_000;
const minute = 60_000;

/** A selection among names; dials end as a test says. */
class Bench {
  now = start;
  /** Names and addresses of known nodes that are no peers. */
  known = new Map<string, string>();
  readonly peers = new Map<string, Peer>();
  /** Dials under way. */
  readonly dials = new Map<string, (isReached: boolean) => void>();
  readonly dialled: string[] = [];
  readonly asked: string[] = [];
  readonly banned = new Set<string>();
  readonly #names = new Map<string, string>();
  readonly selection: PeerSelection;
  isQueueFull = false;

  constructor(limits: Partial<Record<LimitName, number>> = {}, anchors: readonly Anchor[] = []) {
    const random = seeded(1);
    const { peers, known } = this;
    const others = (): Iterable<string> => [...this.known.keys()].filter((name) => !peers.has(name));
    this.selection = new PeerSelection({
      limits: { ...Limit, ...limits },
      random: { bytes: (length: number) => randomBytes(random, length) },
      known: {
        candidates: () =>
          Array.from(others(), (name) => ({
            record: { nodeId: this.#id(name), addresses: [known.get(name) ?? ""] },
            toldBy: "memory://x",
          })),
        get othersCount() {
          return Array.from(others()).length;
        },
      },
      peers: {
        get size() {
          return peers.size;
        },
        get sessionCount() {
          return peers.size;
        },
        find: (id: Uint8Array) => peers.get(this.#nameOf(id)),
        [Symbol.iterator]: () => peers.values(),
      },
      dialler: {
        mayDialTold: () => true,
        addTold: (target: ToldTarget, _now: number, done: (isReached: boolean) => void) => {
          const name = this.#nameOf(target.nodeId);
          this.dialled.push(name);
          this.dials.set(name, done);
          return 0;
        },
      },
      exchange: {
        wasAskedLately: (id: Uint8Array) => this.asked.includes(this.#nameOf(id)),
        askForMore: (id: Uint8Array) => {
          if (this.isQueueFull) throw new ProtocolError("QUEUE_FULL", "", { origin: "local" });
          this.asked.push(this.#nameOf(id));
        },
      },
      anchors,
      mayBePeer: (id: Uint8Array) => !this.banned.has(this.#nameOf(id)),
      now: () => this.now,
    } as unknown as PeerSelectionContext);
  }

  #id(name: string): Uint8Array {
    const id = idOf(name);
    this.#names.set(formatHex(id), name);
    return id;
  }

  #nameOf(id: Uint8Array): string {
    return this.#names.get(formatHex(id)) ?? "?";
  }

  know(count: number, addressOf = (i: number): string => `memory://n${i}`): void {
    for (let i = 0; i < count; i++) this.known.set(`n${i}`, addressOf(i));
  }

  /** A peer comes up, which was dialled or not. */
  up(name: string, role: "initiator" | "responder" = "responder"): void {
    const nodeId = this.#id(name);
    const address = `memory://${name}`;
    const session = { info: { role, remoteAddress: address }, peer: { addresses: [address] } };
    const peer = { nodeId, isReported: true, sessions: [session] } as unknown as Peer;
    this.peers.set(name, peer);
    this.selection.peerUp(peer);
  }

  gone(name: string, isUnwanted = false): void {
    const peer = this.peers.get(name);
    this.peers.delete(name);
    if (peer !== undefined) this.selection.peerGone(peer, isUnwanted);
  }

  /** A dial ends. */
  end(name: string, isReached: boolean): void {
    const done = this.dials.get(name);
    this.dials.delete(name);
    if (isReached) this.up(name, "initiator");
    done?.(isReached);
  }

  /** Time passes. */
  pass(ms: number): void {
    const until = this.now + ms;
    for (let due = this.selection.deadline; due <= until; due = this.selection.deadline) {
      this.now = Math.max(this.now, due);
      this.selection.wake(this.now);
    }
    this.now = until;
  }

  get anchors(): string[] {
    return this.selection.anchors.map(({ address }) => address);
  }
}

describe("a node that has fewer peers than it wants", () => {
  test("dials as many as it lacks of those it knows, and no more", () => {
    const bench = new Bench();
    bench.know(20);
    bench.up("a");
    bench.pass(250);
    expect(bench.dialled).toHaveLength(7);
    for (const name of bench.dialled.slice()) bench.end(name, true);
    bench.pass(10 * minute);
    expect(bench.dialled).toHaveLength(7);
    expect(bench.selection.deadline).toBe(Infinity);
    expect(bench.asked).toEqual([]);
  });

  test("goes through those it knows until enough have answered, then leaves the others alone for a while", () => {
    const bench = new Bench();
    bench.know(20);
    bench.up("a");
    bench.pass(250);
    for (let i = 0; i < 12; i++) {
      bench.end([...bench.dials.keys()][0] ?? "", false);
      bench.pass(0);
      expect(bench.dials.size).toBe(7);
    }
    expect(new Set(bench.dialled).size).toBe(19);
    for (const name of bench.dials.keys()) bench.end(name, true);
    bench.pass(10 * minute);
    expect(bench.dialled).toHaveLength(19);
  });

  test("looks again after a second, two, four … when nobody answers", () => {
    const bench = new Bench();
    bench.know(1);
    bench.up("a");
    bench.pass(250);
    const times: number[] = [];
    for (let second = 0; second < 200; second++) {
      for (const name of bench.dials.keys()) {
        times.push(second);
        bench.end(name, false);
      }
      bench.pass(1000);
    }
    expect(times.length).toBeLessThan(12);
    const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(gaps[0]).toBeLessThanOrEqual(2);
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(61);
  });

  test("asks peers when it knows nobody that it may dial, each once in a while", () => {
    const bench = new Bench();
    bench.up("a");
    bench.up("b");
    bench.pass(250);
    expect(bench.asked).toHaveLength(1);
    bench.pass(1000);
    expect(bench.asked.toSorted()).toEqual(["a", "b"]);
    bench.pass(minute);
    expect(bench.asked).toHaveLength(2);
    bench.know(3);
    bench.selection.lookSoon();
    bench.pass(250);
    expect(bench.dialled.toSorted()).toEqual(["n0", "n1", "n2"]);
  });

  test("asks another one when a queue is full", () => {
    const bench = new Bench();
    bench.isQueueFull = true;
    bench.up("a");
    bench.pass(250);
    expect(bench.asked).toEqual([]);
    bench.isQueueFull = false;
    bench.pass(1000);
    expect(bench.asked).toEqual(["a"]);
  });

  test("waits without a timer while it knows nobody at all", () => {
    const bench = new Bench();
    bench.up("a");
    bench.gone("a");
    bench.pass(minute);
    expect(bench.selection.deadline).toBe(Infinity);
  });

  test("dials nobody whom it would not admit", () => {
    const bench = new Bench();
    bench.know(3);
    bench.banned.add("n1");
    bench.up("a");
    bench.pass(minute);
    expect(bench.dialled.toSorted()).toEqual(["n0", "n2"]);
  });

  test("does not dial beyond its places", () => {
    const bench = new Bench({ SESSIONS: 3 });
    bench.know(8);
    bench.up("a");
    bench.pass(250);
    expect(bench.dialled).toHaveLength(2);
  });
});

describe("a node that others have dialled", () => {
  test("dials three itself, as long as it has fewer than twelve peers", () => {
    const bench = new Bench();
    bench.know(20);
    for (let i = 0; i < 8; i++) bench.up(`p${i}`);
    bench.pass(minute);
    expect(bench.dialled).toHaveLength(3);
    const full = new Bench();
    full.know(20);
    for (let i = 0; i < 12; i++) full.up(`p${i}`);
    full.pass(minute);
    expect(full.dialled).toEqual([]);
    const nearly = new Bench();
    nearly.know(20);
    for (let i = 0; i < 11; i++) nearly.up(`p${i}`);
    nearly.pass(minute);
    expect(nearly.dialled).toHaveLength(1);
  });
});

describe("a peer that is gone", () => {
  test("is made up for at once; it may be dialled itself, less and less often when it does not stay", () => {
    const bench = new Bench({ PEERS_TARGET: 1, PEERS_DIALLED: 1 });
    bench.know(1);
    bench.up("n0", "initiator");
    bench.gone("n0");
    bench.pass(0);
    expect(bench.dialled).toEqual(["n0"]);
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      bench.end("n0", true);
      bench.gone("n0");
      const before = bench.now;
      while (bench.dials.size === 0) bench.pass(100);
      waits.push(bench.now - before);
    }
    expect(waits.every((wait, i) => i === 0 || wait >= (waits[i - 1] as number))).toBe(true);
    expect(waits[0]).toBeGreaterThanOrEqual(500);
    expect(waits[5]).toBeGreaterThan(8000);
    bench.end("n0", true);
    bench.pass(minute);
    bench.gone("n0");
    bench.pass(0);
    expect(bench.dials.size).toBe(1);
  });

  test("is left alone for ten minutes when this node has parted from it", () => {
    const bench = new Bench({ PEERS_TARGET: 1 });
    bench.know(1);
    bench.up("n0", "initiator");
    bench.gone("n0", true);
    bench.pass(10 * minute - 1);
    expect(bench.dialled).toEqual([]);
    bench.pass(2 * minute);
    expect(bench.dialled).toEqual(["n0"]);
  });
});

describe("nodes of one prefix", () => {
  test("are dialled two at a time, and others again when one is gone", () => {
    const bench = new Bench();
    bench.know(12, (i) => `tcp://8.8.${i % 3}.${i}:4000`);
    bench.up("a");
    bench.pass(250);
    expect(bench.dialled).toHaveLength(6);
    const prefixes = bench.dialled.map((name) => Number(name.slice(1)) % 3);
    expect(prefixes.toSorted((a, b) => a - b)).toEqual([0, 0, 1, 1, 2, 2]);
    const [first = ""] = bench.dialled;
    for (const name of bench.dialled.slice()) bench.end(name, true);
    bench.gone(first);
    bench.banned.add(first);
    bench.pass(0);
    const [again = ""] = bench.dialled.slice(6);
    expect(bench.dialled).toHaveLength(7);
    expect(Number(again.slice(1)) % 3).toBe(Number(first.slice(1)) % 3);
  });

  test("count no more when they were reached otherwise", () => {
    const bench = new Bench();
    bench.know(4, (i) => `tcp://8.8.8.${i}:4000`);
    bench.up("a");
    bench.pass(250);
    const [first = "", second = ""] = bench.dialled;
    bench.up(first, "responder");
    bench.dials.get(first)?.(true);
    bench.end(second, true);
    bench.pass(250);
    expect(bench.dialled).toHaveLength(3);
  });
});

describe("anchors", () => {
  const anchorOf = (name: string): Anchor => ({ address: `memory://${name}`, nodeId: idOf(name) });

  test("are the two peers dialled and had longest; the last ones stay when all are gone", () => {
    const bench = new Bench();
    bench.up("in");
    expect(bench.anchors).toEqual([]);
    for (const name of ["a", "b", "c"]) bench.up(name, "initiator");
    expect(bench.anchors).toEqual(["memory://a", "memory://b"]);
    const before = bench.selection.anchors;
    bench.up("d", "initiator");
    expect(bench.selection.anchors).toBe(before);
    bench.gone("a");
    expect(bench.anchors).toEqual(["memory://b", "memory://c"]);
    for (const name of ["b", "c", "d"]) bench.gone(name);
    expect(bench.anchors).toHaveLength(2);
    bench.up("e", "initiator");
    expect(bench.anchors[0]).toBe("memory://e");
  });

  test("of an earlier run are dialled first, and kept when they do not answer", () => {
    const bench = new Bench({}, [anchorOf("a"), anchorOf("b")]);
    bench.selection.start();
    bench.pass(0);
    expect(bench.dialled).toHaveLength(2);
    expect(bench.anchors).toEqual(["memory://a", "memory://b"]);
  });
});

describe("a node that wants no peers, or stops", () => {
  test("does nothing", () => {
    const bench = new Bench({ PEERS_TARGET: 0 }, [{ address: "memory://x", nodeId: idOf("x") }]);
    bench.know(9);
    bench.selection.start();
    bench.up("a", "initiator");
    bench.gone("a");
    bench.selection.lookSoon();
    expect(bench.selection.deadline).toBe(Infinity);
    expect(bench.anchors).toEqual(["memory://x"]);
    const stopping = new Bench();
    stopping.know(9);
    stopping.up("a", "initiator");
    stopping.selection.stop();
    stopping.gone("a");
    expect(stopping.selection.deadline).toBe(Infinity);
    expect(stopping.anchors).toEqual(["memory://a"]);
  });
});
