import { describe, expect, test } from "vitest";
import { encodeUtf8, formatHex } from "../bytes/index.js";
import { Limit } from "../gen/registry.js";
import { hasher } from "../runtime/crypto.js";
import { DialFailures } from "./dial-failures.js";
import { Dialler } from "./dialler.js";

const start = 1_767_225_600_000;
const minute = 60_000;
const idOf = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));
const random = { bytes: (length: number) => new Uint8Array(length) };
const nobody = (): boolean => false;
const teller = "tcp://8.8.4.4:1000";

/** A dialler, and what its told targets came to. */
function fresh(limits: Partial<Record<keyof typeof Limit, number>> = {}): {
  dialler: Dialler;
  outcomes: string[];
  tell: (name: string, addresses: readonly string[], now?: number) => number;
  startAt: (now: number, isPeer?: (key: string) => boolean) => string[];
} {
  const dialler = new Dialler({ ...Limit, ...limits }, random);
  const outcomes: string[] = [];
  return {
    dialler,
    outcomes,
    tell: (name, addresses, now = start) =>
      dialler.addTold({ addresses, nodeId: idOf(name), toldBy: teller }, now, (isReached) => {
        outcomes.push(`${name} ${isReached ? "reached" : "failed"}`);
      }),
    startAt: (now, isPeer = nobody) =>
      dialler.start(now, isPeer).map(({ dial, target }) => `${dial} ${target.address}`),
  };
}

const addressesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `tcp://1.2.${i}.4:5000`);

describe("configured addresses", () => {
  test("are dialled again with back-off, and spared while their node is a peer", () => {
    const { dialler, startAt } = fresh();
    dialler.add({ address: "tcp://a:1", isKept: true }, start);
    expect(startAt(start)).toEqual(["1 tcp://a:1"]);
    expect(dialler.target(1)?.address).toBe("tcp://a:1");
    dialler.over(1, start, false);
    expect(dialler.deadline).toBe(start + 500);
    expect(startAt(start + 499)).toEqual([]);
    expect(startAt(start + 500)).toEqual(["2 tcp://a:1"]);
    dialler.answered(2, idOf("a"));
    dialler.over(2, start + 600, false);
    expect(startAt(start + 1100, (key) => key === formatHex(idOf("a")))).toEqual([]);
    dialler.lost(idOf("a"), start + 2000);
    expect(startAt(start + 3000)).toEqual(["3 tcp://a:1"]);
    dialler.over(3, start + 3000, true);
    expect(dialler.deadline).toBeUndefined();
  });

  test("that pin a node are spared while it is a peer, though they never answered; a dial for once is made all the same", () => {
    const { dialler, startAt } = fresh();
    const isPeer = (key: string): boolean => key === formatHex(idOf("a"));
    dialler.add({ address: "tcp://a:1", pinned: idOf("a"), isKept: true }, start);
    dialler.add({ address: "tcp://a:2", pinned: idOf("a"), isKept: false }, start);
    expect(startAt(start, isPeer)).toEqual(["1 tcp://a:2"]);
    expect(dialler.deadline).toBeUndefined();
    dialler.lost(idOf("a"), start + 10);
    expect(startAt(start + 510)).toEqual(["2 tcp://a:1"]);
  });

  test("that are dialled once are forgotten then", () => {
    const { dialler, startAt } = fresh();
    dialler.add({ address: "tcp://a:1", isKept: false }, start);
    expect(startAt(start)).toHaveLength(1);
    dialler.over(1, start, false);
    expect(dialler.deadline).toBeUndefined();
  });

  test("may be of any host, and of one that fails for ever", () => {
    const { dialler, startAt } = fresh();
    dialler.add({ address: "tcp://8.8.8.8:25", isKept: true }, start);
    for (let dial = 1, now = start; dial < 30; dial++, now = dialler.deadline ?? 0) {
      expect(startAt(now)).toHaveLength(1);
      dialler.over(dial, now, false);
    }
  });
});

describe("dials under way", () => {
  test("are eight at most that have not led to a session; the longest due goes first", () => {
    const { dialler, startAt, tell } = fresh({ DIALS: 2 });
    dialler.add({ address: "tcp://a:1", isKept: true }, start + 2);
    dialler.add({ address: "tcp://b:1", isKept: true }, start + 1);
    tell("c", ["tcp://1.2.3.4:5000"], start);
    expect(startAt(start + 2)).toEqual(["1 tcp://1.2.3.4:5000", "2 tcp://b:1"]);
    expect(dialler.deadline).toBeUndefined();
    expect(startAt(start + 3)).toEqual([]);
    dialler.answered(2, idOf("b"));
    expect(dialler.deadline).toBe(start + 2);
    expect(startAt(start + 3)).toEqual(["3 tcp://a:1"]);
    dialler.over(2, start + 4, false);
    expect(startAt(start + minute)).toEqual([]);
    dialler.over(1, start + minute, false);
    expect(startAt(start + minute)).toEqual(["4 tcp://b:1"]);
  });
});

describe("addresses of a record", () => {
  test("are dialled in their order, with its node id, until one leads to a session", () => {
    const { dialler, outcomes, tell, startAt } = fresh();
    tell("a", addressesOf(3));
    expect(startAt(start)).toEqual(["1 tcp://1.2.0.4:5000"]);
    expect(dialler.target(1)).toMatchObject({ pinned: idOf("a"), isKept: false, isTold: true });
    dialler.over(1, start + 10, false);
    expect(startAt(start + 10)).toEqual(["2 tcp://1.2.1.4:5000"]);
    expect(outcomes).toEqual([]);
    dialler.answered(2, idOf("a"));
    dialler.answered(2, idOf("a"));
    dialler.over(2, start + 99, false);
    expect(startAt(start + minute)).toEqual([]);
    expect(outcomes).toEqual(["a reached"]);
  });

  test("come to nothing when none leads to a session, or there is none", () => {
    const { dialler, outcomes, tell, startAt } = fresh();
    tell("a", addressesOf(1));
    tell("b", []);
    expect(outcomes).toEqual([]);
    startAt(start);
    expect(outcomes).toEqual(["b failed"]);
    dialler.over(1, start, false);
    expect(startAt(start)).toEqual([]);
    expect(outcomes).toEqual(["b failed", "a failed"]);
    expect(dialler.deadline).toBeUndefined();
  });

  test("are not dialled where section 1.8 forbids it", () => {
    const { outcomes, tell, startAt } = fresh();
    tell("a", ["tcp://127.0.0.1:5000", "tcp://name.example:5000", "tcp://8.8.8.8:25", "tcp://1.2.3.4:5000"]);
    expect(startAt(start)).toEqual(["1 tcp://1.2.3.4:5000"]);
    tell("b", ["tcp://10.0.0.1:5000"]);
    expect(startAt(start)).toEqual([]);
    expect(outcomes).toEqual(["b failed"]);
  });

  test("are not needed when the node is a peer by then, or nobody wants it any more", () => {
    const { dialler, outcomes, tell, startAt } = fresh();
    tell("a", addressesOf(1));
    dialler.withdraw(tell("b", addressesOf(2)));
    const withdrawn = tell("c", addressesOf(2));
    expect(startAt(start, (key) => key === formatHex(idOf("a")))).toEqual(["1 tcp://1.2.0.4:5000"]);
    dialler.withdraw(withdrawn);
    dialler.over(1, start, false);
    expect(startAt(start)).toEqual([]);
    expect(outcomes).toEqual(["a reached"]);
  });

  test("of one node are dialled once for all who want it", () => {
    const { dialler, outcomes, tell, startAt } = fresh();
    for (let i = 0; i < 2; i++) tell("a", addressesOf(2));
    expect(startAt(start)).toEqual(["1 tcp://1.2.0.4:5000"]);
    expect(dialler.deadline).toBeUndefined();
    dialler.over(1, start, false);
    expect(dialler.deadline).toBe(start);
    expect(startAt(start)).toEqual(["2 tcp://1.2.1.4:5000"]);
    dialler.answered(2, idOf("a"));
    expect(dialler.deadline).toBe(start);
    expect(startAt(start, (key) => key === formatHex(idOf("a")))).toEqual([]);
    expect(outcomes).toEqual(["a reached", "a reached"]);
  });

  test("an outcome may make others needless, or lead to new ones", () => {
    const dialler = new Dialler(Limit, random);
    const target = (name: string, addresses: string[]) => ({ addresses, nodeId: idOf(name), toldBy: teller });
    let needless = 0;
    dialler.addTold(target("a", []), start, () => {
      dialler.withdraw(needless);
      dialler.addTold(target("c", addressesOf(1)), start, () => undefined);
    });
    needless = dialler.addTold(target("b", addressesOf(1)), start, () => expect.unreachable());
    expect(dialler.start(start, nobody)).toEqual([]);
    expect(dialler.deadline).toBe(start);
    expect(dialler.start(start, nobody)).toHaveLength(1);
  });
});

describe("told addresses that failed", () => {
  test("three times in a row are left alone for ten minutes, and twice as long each time after", () => {
    const failures = new DialFailures(Limit);
    const address = "tcp://8.8.8.8:5000";
    let now = start;
    for (let i = 0; i < 3; i++) {
      expect(failures.mayDial(address, now)).toBe(true);
      failures.failed(address, now);
    }
    for (const minutes of [10, 20, 40]) {
      expect(failures.mayDial(address, now + minutes * minute - 1)).toBe(false);
      expect(failures.mayDial("tls://8.8.8.8:5000", now)).toBe(false);
      expect(failures.mayDial("tcp://8.8.8.8:5001", now)).toBe(true);
      now += minutes * minute;
      expect(failures.mayDial(address, now)).toBe(true);
      failures.failed(address, now);
    }
    for (let i = 0; i < 50; i++) failures.failed(address, now);
    expect(failures.mayDial(address, now + Limit.RECORD_LIFETIME_MS - 1)).toBe(false);
    expect(failures.mayDial(address, now + Limit.RECORD_LIFETIME_MS)).toBe(true);
  });

  test("start anew after a success", () => {
    const { dialler, tell, startAt, outcomes } = fresh();
    const address = "tcp://8.8.8.8:5000";
    for (let dial = 1; dial <= 7; dial++) {
      tell("a", [address]);
      expect(startAt(start)).toHaveLength(1);
      if (dial % 3 === 0) dialler.answered(dial, idOf("a"));
      dialler.over(dial, start, false);
      startAt(start);
    }
    tell("a", [address]);
    startAt(start);
    dialler.over(8, start, false);
    tell("a", [address]);
    startAt(start);
    dialler.over(9, start, false);
    tell("a", [address]);
    expect(startAt(start)).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === "a reached")).toHaveLength(2);
  });

  test("twelve of one prefix within a minute rest until the minute is over", () => {
    const failures = new DialFailures(Limit);
    for (let i = 0; i < 12; i++) {
      expect(failures.mayDial(`tcp://8.8.8.${i}:5000`, start + i * 1000)).toBe(true);
      failures.failed(`tcp://8.8.8.${i}:5000`, start + i * 1000);
    }
    expect(failures.mayDial("tcp://8.8.8.99:5000", start + minute - 1)).toBe(false);
    expect(failures.mayDial("tcp://8.8.9.99:5000", start + minute - 1)).toBe(true);
    expect(failures.mayDial("tcp://8.8.8.99:5000", start + minute)).toBe(true);
    failures.failed("tcp://8.8.8.99:5000", start + minute);
    expect(failures.mayDial("tcp://8.8.8.98:5000", start + minute)).toBe(false);
    expect(failures.mayDial("tcp://8.8.8.98:5000", start + minute + 1000)).toBe(true);
  });

  test("on loopback and in private ranges are dialled all the same", () => {
    const failures = new DialFailures(Limit);
    for (const address of ["tcp://127.0.0.1:5000", "tcp://192.168.1.1:5000", "memory://a"]) {
      for (let i = 0; i < 50; i++) failures.failed(address, start);
      expect(failures.mayDial(address, start)).toBe(true);
    }
  });

  test("are bounded in number", () => {
    const failures = new DialFailures({ ...Limit, DIAL_FAILURES: 1, DIAL_PREFIX_FAILURES: 1 });
    for (let i = 0; i < 5000; i++) failures.failed(`tcp://8.${i >> 8}.${i & 255}.1:5000`, start);
    expect(failures.mayDial("tcp://8.0.0.1:5000", start)).toBe(true);
    expect(failures.mayDial("tcp://8.19.1.1:5000", start)).toBe(false);
  });
});
