import { describe, expect, it } from "vitest";
import { contactAt, positionAt, ringLimits } from "../../test/harness/ring-network.js";
import type { Contact } from "./contact.js";
import { Lookup, type LookupOutput, type LookupWish } from "./lookup.js";
import type { Phase, Snapshot, StepAnswer } from "./ring-types.js";

const self = contactAt(0);
const target = positionAt(1_000);

const begun = (wish: Partial<LookupWish> = {}): Lookup => new Lookup({ self, target, limits: ringLimits, ...wish }, 0);
const next = (...contacts: Contact[]): StepAnswer => ({ owners: [], next: contacts });
const owners = (...contacts: Contact[]): StepAnswer => ({ owners: contacts, next: [] });
const state = (contact: Contact, phase: Phase = "MEMBER", successors: readonly Contact[] = []): Snapshot => ({
  phase,
  self: contact,
  predecessor: undefined,
  successors,
  wraps: false,
});

/** What is asked now: a letter for the request and the place of the node. */
function asked(lookup: Lookup): string[] {
  const list: string[] = [];
  for (let output: LookupOutput | undefined; (output = lookup.poll()) !== undefined;)
    list.push(`${output.type} ${String(output.to.record)}`);
  return list;
}

const [a, b, c, d, e] = [100, 300, 500, 700, 900].map((place) => contactAt(place)) as [
  Contact,
  Contact,
  Contact,
  Contact,
  Contact,
];
const [x, y, z] = [1_000, 1_100, 1_200].map((place) => contactAt(place)) as [Contact, Contact, Contact];

describe("a lookup", () => {
  it("asks the two nearest first, then whoever is nearer, and ends at the first owner", () => {
    const lookup = begun();
    lookup.beginWith(next(c, b, a));
    expect(asked(lookup)).toEqual(["step 500", "step 300"]);
    lookup.receiveStep(c, next(e, d));
    expect(asked(lookup)).toEqual(["step 900"]);
    lookup.receiveStep(e, owners(x, y));
    expect(asked(lookup)).toEqual(["state 1000"]);
    lookup.receiveState(x, state(x));
    expect(lookup.result).toEqual({ owner: x, owners: [x, y], predecessor: e, path: [c, e] });
    expect(lookup.deadline).toBe(Infinity);
  });

  it("needs nobody when this node's own head is the owner", () => {
    const lookup = begun();
    lookup.beginWith(owners(x, y));
    expect(asked(lookup)).toEqual(["state 1000"]);
    lookup.receiveState(x, state(x));
    expect(lookup.result).toMatchObject({ owner: x, predecessor: self, path: [] });
  });

  it("takes the first owner that answers, leaving or not, but none that is joining", () => {
    const lookup = begun();
    lookup.beginWith(owners(x, y, z));
    lookup.fail(x, "state");
    lookup.receiveState(y, state(y, "JOINING"));
    lookup.receiveState(z, state(z, "LEAVING"));
    expect(asked(lookup)).toEqual(["state 1000", "state 1100", "state 1200"]);
    expect(lookup.result?.owner).toBe(z);
  });

  it("goes on with others when a node fails, and with those farther away when all owners have", () => {
    const lookup = begun();
    lookup.beginWith(next(e, d, c));
    expect(asked(lookup)).toEqual(["step 900", "step 700"]);
    lookup.fail(e, "step");
    expect(asked(lookup)).toEqual(["step 500"]);
    lookup.receiveStep(d, owners(x));
    lookup.fail(x, "state");
    lookup.receiveStep(c, owners(y));
    expect(asked(lookup)).toEqual(["state 1000", "state 1100"]);
    lookup.receiveState(y, state(y));
    expect(lookup.result).toMatchObject({ owner: y, predecessor: c, path: [c] });
  });

  it.each<[string, StepAnswer]>([
    ["the node that answers", next(c)],
    ["one that lies behind it", next(b)],
    ["one beyond the target", next(y)],
    ["the target itself", next(x)],
    ["the asker", next(self)],
    ["one that was asked already", next(contactAt(500, 7n))],
    ["owners that do not own", owners(d, x)],
    ["nothing", next()],
  ])("gets no farther by %s", (_, answer) => {
    const lookup = begun();
    lookup.beginAt([c]);
    asked(lookup);
    lookup.receiveStep(c, answer);
    expect(asked(lookup)).toEqual(["state 500"]);
    lookup.receiveState(c, state(c));
    expect(asked(lookup)).toEqual([]);
    expect(lookup.failure).toBe("UNREACHABLE");
  });

  it("cleans owners as a list of the node that names them, which may end it", () => {
    const lookup = begun({ isForPredecessor: true });
    lookup.beginAt([c]);
    lookup.receiveStep(c, owners(x, z, y));
    expect(lookup.result?.owners).toEqual([x, z]);
    const alone = begun({ isForPredecessor: true });
    alone.beginAt([c]);
    alone.receiveStep(c, owners(c));
    expect(alone.result).toMatchObject({ owner: c, owners: [c], predecessor: c, path: [c] });
  });

  it("takes no more of an answer than it may have", () => {
    const lookup = begun({ limits: { ...ringLimits, STEP_RECORDS: 1, LOOKUP_PARALLEL: 9 } });
    lookup.beginAt([a]);
    lookup.receiveStep(a, next(b, c, d));
    expect(asked(lookup)).toEqual(["step 100", "step 300"]);
  });

  it("ends with the cap on hops", () => {
    const lookup = begun({ limits: { ...ringLimits, LOOKUP_HOPS: 2 } });
    lookup.beginAt([a]);
    lookup.receiveStep(a, next(b));
    lookup.receiveStep(b, next(c));
    expect(asked(lookup)).toEqual(["step 100", "step 300", "state 300"]);
    lookup.receiveState(b, state(b, "MEMBER", [c]));
    lookup.receiveState(a, state(a, "MEMBER", [b, c]));
    expect(asked(lookup)).toEqual(["state 100"]);
    expect(lookup.failure).toBe("UNREACHABLE");
  });

  it("counts those asked at once to the hops too, but none that failed", () => {
    const lookup = begun({ limits: { ...ringLimits, LOOKUP_HOPS: 2 } });
    lookup.beginAt([a, b, c]);
    expect(asked(lookup)).toEqual(["step 500", "step 300"]);
    lookup.fail(c, "step");
    expect(asked(lookup)).toEqual(["step 100"]);
    lookup.receiveStep(b, owners(x));
    lookup.receiveState(x, state(x));
    expect(lookup.result?.path).toEqual([b]);
  });

  it("ends in time, and what comes later changes nothing", () => {
    const lookup = begun();
    lookup.beginAt([a]);
    expect(lookup.deadline).toBe(ringLimits.LOOKUP_MS);
    lookup.wake(ringLimits.LOOKUP_MS - 1);
    expect(lookup.isDone).toBe(false);
    lookup.wake(ringLimits.LOOKUP_MS);
    lookup.receiveStep(a, owners(x));
    lookup.fail(a, "step");
    expect(lookup.failure).toBe("TIMEOUT");
    expect(lookup.result).toBeUndefined();
  });

  it("through nobody is unreachable", () => {
    const lookup = begun();
    lookup.beginAt([self]);
    expect(lookup.failure).toBe("UNREACHABLE");
  });
});

describe("a lookup with nobody left to ask", () => {
  /** At `b`, which names dead ones alone. */
  const stuck = (answer: StepAnswer): Lookup => {
    const lookup = begun();
    lookup.beginAt([b]);
    lookup.receiveStep(b, answer);
    for (const contact of answer.next) lookup.fail(contact, "step");
    for (const contact of answer.owners) lookup.fail(contact, "state");
    asked(lookup);
    return lookup;
  };

  it("finds the owner on the list of the nearest that answered, asking nobody again that failed", () => {
    const lookup = stuck(owners(x, y));
    lookup.receiveState(b, state(b, "MEMBER", [x, y, z]));
    expect(asked(lookup)).toEqual(["state 1200"]);
    lookup.receiveState(z, state(z));
    expect(lookup.result).toEqual({ owner: z, owners: [x, y, z], predecessor: b, path: [b] });
  });

  it("asks those of the list that stand before the target first", () => {
    const lookup = stuck(next(d, c));
    lookup.receiveState(b, state(b, "MEMBER", [c, d, e, y]));
    expect(asked(lookup)).toEqual(["step 900"]);
    lookup.receiveStep(e, owners(x));
    lookup.receiveState(x, state(x));
    expect(lookup.result).toMatchObject({ owner: x, predecessor: e, path: [b, e] });
  });

  it("takes those behind the target when all before it have failed", () => {
    const lookup = stuck(next(d, c));
    lookup.receiveState(b, state(b, "MEMBER", [c, d, e, x, y]));
    lookup.fail(e, "step");
    lookup.receiveState(x, state(x, "JOINING"));
    expect(asked(lookup)).toEqual(["step 900", "state 1000", "state 1100"]);
    lookup.receiveState(y, state(y));
    expect(lookup.result).toMatchObject({ owner: y, predecessor: b, path: [b] });
  });

  it("asks a nearer one for its list before it takes those behind", () => {
    const lookup = stuck(next(c));
    lookup.receiveState(b, state(b, "MEMBER", [c, d, y]));
    lookup.receiveStep(d, next(e));
    lookup.fail(e, "step");
    expect(asked(lookup)).toEqual(["step 700", "step 900", "state 700"]);
    lookup.receiveState(d, state(d, "MEMBER", [e, x]));
    lookup.fail(x, "state");
    expect(asked(lookup)).toEqual(["state 1000", "state 1100"]);
  });

  it("asks the next nearest when that one fails, each once", () => {
    const lookup = begun();
    lookup.beginAt([a]);
    lookup.receiveStep(a, next(b));
    lookup.receiveStep(b, next());
    lookup.fail(b, "state");
    expect(asked(lookup)).toEqual(["step 100", "step 300", "state 300", "state 100"]);
    lookup.receiveState(a, state(a, "MEMBER", [b]));
    expect(asked(lookup)).toEqual([]);
    expect(lookup.failure).toBe("UNREACHABLE");
  });

  it("goes on with this node's own list", () => {
    const lookup = begun();
    lookup.beginWith(next(d, c), [a, b, c, d]);
    lookup.fail(d, "step");
    lookup.fail(c, "step");
    expect(asked(lookup)).toEqual(["step 700", "step 500", "step 300", "step 100"]);
    const behind = begun();
    behind.beginWith(owners(x), [x, y]);
    behind.fail(x, "state");
    behind.receiveState(y, state(y));
    expect(behind.result).toEqual({ owner: y, owners: [x, y], predecessor: self, path: [] });
  });

  it("cuts a list that is out of order", () => {
    const lookup = stuck(next(c));
    lookup.receiveState(b, state(b, "MEMBER", [c, y, x]));
    lookup.fail(y, "state");
    expect(asked(lookup)).toEqual(["state 1100"]);
    expect(lookup.failure).toBe("UNREACHABLE");
  });
});
