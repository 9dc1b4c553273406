import { describe, expect, test } from "vitest";
import { Position, type Contact } from "../chord/index.js";
import { Command, Limit } from "../gen/registry.js";
import type { Answer, Session } from "../session/index.js";
import type { KnownRecord } from "./known-records.js";
import type { Reached } from "./reach.js";
import { RingRequests } from "./ring-requests.js";
import { RoundTrip } from "./round-trip.js";

const nodeId = new Uint8Array(32).fill(7);
const position = Position.fromBytes(nodeId);
const record = { record: { nodeId }, toldBy: "" } as unknown as KnownRecord;
const contact: Contact = { key: "7", position, incarnation: 1n, record };

/** A session that is played by the test. */
class FakeSession {
  state = "ready";
  readonly waiting: ((answer: Answer) => void)[] = [];
  readonly givenUp: number[] = [];
  readonly outbox = {
    inquire: (_command: number, _payload: Uint8Array, { done }: { readonly done: (answer: Answer) => void }) =>
      this.waiting.push(done),
    giveUp: (tag: number) => this.givenUp.push(tag),
  };

  get asSession(): Session {
    return this as unknown as Session;
  }

  answer(tag: number): void {
    this.waiting[tag - 1]?.({ payload: Uint8Array.of(tag) });
  }

  end(): void {
    this.state = "closing";
    for (const done of this.waiting) done({ failed: "LOST", text: "" });
  }
}

class Bench {
  now = 0;
  session: FakeSession | undefined = new FakeSession();
  readonly reaching: Reached[] = [];
  readonly outcomes: (number | "failed")[] = [];
  readonly requests = new RingRequests({
    limits: Limit,
    reach: { reach: (_id, _now, done) => void this.reaching.push(done) },
    sessions: { dialled: () => undefined, used: () => undefined },
    recordOf: () => record,
    sessionOf: () => this.session?.asSession,
    now: () => this.now,
  });

  ask(): void {
    this.requests.ask(contact, Command.STATE, new Uint8Array(0), (reply) =>
      this.outcomes.push(reply === undefined ? "failed" : (reply.payload[0] ?? 0)),
    );
  }

  wakeAt(now: number): void {
    this.now = now;
    this.requests.wake(now);
  }
}

describe("a request of the ring", () => {
  test("is answered in the session that there is", () => {
    const bench = new Bench();
    bench.ask();
    bench.session?.answer(1);
    expect(bench.outcomes).toEqual([1]);
    expect(bench.requests.size).toBe(0);
    expect(bench.requests.deadline).toBe(Infinity);
  });

  test("is tried RING_TRIES times, and then its contact has failed", () => {
    const bench = new Bench();
    bench.ask();
    for (let tried = 1; tried <= Limit.RING_TRIES; tried++) {
      expect(bench.session?.waiting.length).toBe(tried);
      expect(bench.outcomes).toEqual([]);
      bench.wakeAt(tried * Limit.RING_REQUEST_MS);
    }
    expect(bench.outcomes).toEqual(["failed"]);
    expect(bench.session?.givenUp).toEqual([1, 2, 3]);
  });

  test("is answered by the answer to any of its tries", () => {
    const bench = new Bench();
    bench.ask();
    bench.wakeAt(Limit.RING_REQUEST_MS);
    bench.session?.answer(1);
    bench.session?.answer(2);
    expect(bench.outcomes).toEqual([1]);
  });

  test("has failed at once when it is answered with FAILED", () => {
    const bench = new Bench();
    bench.ask();
    bench.session?.waiting[0]?.({ failed: "UNKNOWN_COMMAND", text: "" });
    expect(bench.outcomes).toEqual(["failed"]);
  });

  test("goes on in another session when its own ends, as a further try", () => {
    const bench = new Bench();
    bench.ask();
    const first = bench.session;
    bench.session = undefined;
    first?.end();
    expect(bench.outcomes).toEqual([]);
    bench.session = new FakeSession();
    bench.reaching[0]?.();
    bench.session.answer(1);
    expect(bench.outcomes).toEqual([1]);
  });

  test("has failed when no session can be made, or none in time", () => {
    const bench = new Bench();
    bench.session = undefined;
    bench.ask();
    bench.reaching[0]?.("UNREACHABLE");
    expect(bench.outcomes).toEqual(["failed"]);
    bench.ask();
    bench.wakeAt(Limit.RING_REQUEST_MS);
    expect(bench.outcomes).toEqual(["failed", "failed"]);
    // What comes of the dial concerns nobody any more.
    bench.reaching[1]?.();
    expect(bench.outcomes.length).toBe(2);
  });

  test("is forgotten when the node stops", () => {
    const bench = new Bench();
    bench.ask();
    bench.requests.stop();
    bench.session?.end();
    bench.wakeAt(1e6);
    expect(bench.outcomes).toEqual([]);
  });
});

describe("how long a try waits", () => {
  test("is the most as long as nothing was measured", () => {
    expect(new RoundTrip().waitMs(1, 3000)).toBe(3000);
  });

  test("follows the round trip, doubles with each try, and stays between its bounds", () => {
    const roundTrip = new RoundTrip();
    roundTrip.note(1);
    expect(roundTrip.waitMs(1, 3000)).toBe(250);
    expect(roundTrip.waitMs(2, 3000)).toBe(500);
    expect(roundTrip.waitMs(9, 3000)).toBe(3000);
    for (let i = 0; i < 50; i++) roundTrip.note(400);
    expect(roundTrip.waitMs(1, 3000)).toBeGreaterThan(400);
    expect(roundTrip.waitMs(1, 3000)).toBeLessThan(500);
  });
});
