import { describe, expect, it } from "vitest";
import { RingNetwork, type Member } from "../../test/harness/ring-network.js";

const minute = 60_000;

/** A ring that has come to rest: founded by the first, joined by the others one after the other. */
function ringOf(places: readonly number[], r = 4): { network: RingNetwork; members: Member[] } {
  const network = new RingNetwork(r);
  const members = places.map((place) => network.add(place));
  const [founder, ...others] = members as [Member, ...Member[]];
  network.tell(founder, (ring, now) => ring.found(now));
  for (const member of others) network.tell(member, (ring, now) => ring.join([founder.contact], now));
  network.run(2 * minute);
  return { network, members };
}

const eight = [100, 9_000, 17_000, 25_000, 33_000, 41_000, 49_000, 57_000];

describe("a ring", () => {
  it("of one founds itself and answers for everything", () => {
    const network = new RingNetwork();
    const founder = network.add(100);
    network.tell(founder, (ring, now) => ring.found(now));
    expect(founder.ring.snapshot()).toMatchObject({
      phase: "FOUNDER",
      successors: [],
      wraps: true,
      predecessor: undefined,
    });
    expect(network.lookUp(founder, 5)?.owner).toBe(founder.contact);
  });

  it("does not begin without being told", () => {
    const network = new RingNetwork();
    const lonely = network.add(100);
    const absent = network.add(200);
    absent.isUp = false;
    network.tell(lonely, (ring, now) => ring.join([absent.contact], now));
    network.run(10 * minute);
    expect(lonely.ring.snapshot()).toMatchObject({ phase: "JOINING", successors: [], wraps: false });
    expect(lonely.seen.filter(({ type }) => type === "step").length).toBeGreaterThan(10);
  });

  it.each([1, 2, 3, 4, 16])("of eight is right with lists of %i", (r) => {
    const { network, members } = ringOf(eight, r);
    expect(network.faults()).toEqual([]);
    expect(members.map(({ ring }) => ring.snapshot().phase)).toEqual(
      members.map((_, i) => (i === 0 && r > 7 ? "FOUNDER" : "MEMBER")),
    );
  });

  it("stays as it is", () => {
    const { network, members } = ringOf(eight);
    const before = members.map(({ ring }) => ring.snapshot());
    network.run(10 * minute);
    expect(members.map(({ ring }) => ring.snapshot())).toEqual(before);
  });

  it("grows when all come at once", () => {
    const network = new RingNetwork(3);
    const founder = network.add(1);
    network.tell(founder, (ring, now) => ring.found(now));
    for (let i = 0; i < 30; i++) {
      const { ring } = network.add((i * 21_001) % 65_536);
      ring.join([founder.contact], network.now);
    }
    network.run(5 * minute);
    expect(network.faults()).toEqual([]);
  });

  it("finds the owner of every position", () => {
    const { network, members } = ringOf(eight, 2);
    for (const from of members) {
      for (let place = 50; place < 65_536; place += 1_311) {
        const owner = eight.find((at) => at >= place) ?? 100;
        expect(network.lookUp(from, place)?.owner.record).toBe(owner);
      }
    }
  });

  it.each([
    [1, [2]],
    [2, [2, 3]],
    [3, [1, 2, 3]],
  ])("mends itself when %i in a row die", (_, dead) => {
    const { network, members } = ringOf(eight);
    for (const at of dead) (members[at] as Member).isUp = false;
    network.run(2 * minute);
    expect(network.faults()).toEqual([]);
  });

  it("takes back a node that has started again", () => {
    const { network, members } = ringOf(eight);
    const again = network.add(33_000, 2n);
    network.tell(again, (ring, now) => ring.join([(members[0] as Member).contact], now));
    network.run(3 * minute);
    expect(network.faults()).toEqual([]);
    expect(network.up).toHaveLength(8);
    expect(network.lookUp(members[0] as Member, 33_000)?.owner.incarnation).toBe(2n);
  });

  it("sees at once that a node leaves", () => {
    const { network, members } = ringOf(eight);
    const [, , before, leaving, after] = members as [Member, Member, Member, Member, Member];
    network.tell(leaving, (ring, now) => ring.leave(now, []));
    expect(leaving.ring.snapshot().phase).toBe("LEAVING");
    expect(before.ring.snapshot().successors[0]).toBe(after.contact);
    expect(after.ring.snapshot().predecessor).toBe(before.contact);
    network.run(2 * minute);
    expect(leaving.hasLeft).toBe(true);
    expect(network.faults()).toEqual([]);
  });

  it("shrinks to one and grows again", () => {
    const { network, members } = ringOf(eight.slice(0, 3));
    const [founder, second, third] = members as [Member, Member, Member];
    second.isUp = false;
    third.isUp = false;
    network.run(minute);
    expect(founder.ring.snapshot()).toMatchObject({ successors: [], wraps: true });
    const late = network.add(400);
    network.tell(late, (ring, now) => ring.join([founder.contact], now));
    network.run(minute);
    expect(network.faults()).toEqual([]);
  });

  it("comes together out of two", () => {
    const { network } = ringOf(eight, 3);
    const others = [4_000, 12_000, 13_000, 14_000, 50_000, 60_000].map((place) => network.add(place));
    const [founder, ...rest] = others as [Member, ...Member[]];
    network.tell(founder, (ring, now) => ring.found(now));
    for (const member of rest) network.tell(member, (ring, now) => ring.join([founder.contact], now));
    network.run(2 * minute);
    expect(network.faults()).not.toEqual([]);
    network.tell(founder, (ring, now) => ring.remember(network.up[0]?.contact ?? founder.contact, now));
    network.run(20 * minute);
    expect(network.faults()).toEqual([]);
  });

  it("comes together when two lone survivors remember each other", () => {
    const { network, members } = ringOf(eight, 2);
    for (const member of members) member.isUp = member === members[0] || member === members[4];
    network.run(10 * minute);
    expect(network.faults()).toEqual([]);
  });

  it("recovers from suspicions without ground", () => {
    const { network, members } = ringOf(eight, 3);
    for (const { ring } of members) {
      for (const contact of ring.snapshot().successors) ring.takeAsFailed(contact, network.now);
    }
    network.run(10 * minute);
    expect(network.faults()).toEqual([]);
  });
});
