import { describe, expect, it } from "vitest";
import { contactAt, RingNetwork, type Member } from "../../test/harness/ring-network.js";
import { owned } from "./intervals.js";

const minute = 60_000;

/** 64 nodes, evenly spread, lists of two. */
function wideRing(): { network: RingNetwork; founder: Member } {
  const network = new RingNetwork(2);
  const founder = network.add(512);
  network.tell(founder, (ring, now) => ring.found(now));
  for (let i = 1; i < 64; i++) {
    const member = network.add(512 + 1_024 * i);
    network.tell(member, (ring, now) => ring.join([founder.contact], now));
  }
  network.run(15 * minute);
  return { network, founder };
}

describe("fingers", () => {
  it("are the owners of their starts, as far as the list does not reach", () => {
    const { network } = wideRing();
    expect(network.faults()).toEqual([]);
    for (const { contact, ring } of network.up) {
      expect(ring.fingers.map(({ index }) => index).sort((a, b) => b - a)).toEqual([255, 254, 253, 252]);
      for (const { index, contact: finger } of ring.fingers) {
        const start = contact.position.plusPowerOfTwo(index);
        const before = Number(finger.record) - 1_024;
        expect(owned(contactAt((before + 65_536) % 65_536).position, start, finger.position)).toBe(true);
      }
    }
  });

  it("shorten the way", () => {
    const { network, founder } = wideRing();
    for (let place = 0; place < 65_536; place += 509)
      expect(network.lookUp(founder, place)?.path.length).toBeLessThanOrEqual(6);
  });

  it("are dropped when they fail, and lookups do without", () => {
    const { network, founder } = wideRing();
    for (const [i, member] of network.up.entries()) member.isUp = i % 2 === 0 || member === founder;
    for (let place = 0; place < 65_536; place += 2_048) {
      const found = network.lookUp(founder, place);
      if (found !== undefined) expect(network.up.map(({ contact }) => contact.key)).toContain(found.owner.key);
    }
    network.run(15 * minute);
    const up = new Set(network.up.map(({ contact }) => contact.key));
    expect(founder.ring.fingers.filter(({ contact }) => !up.has(contact.key))).toEqual([]);
  });
});
