import { describe, expect, test } from "vitest";
import { formatHex } from "../bytes/index.js";
import { longTest, runs } from "../../test/harness/runs.js";
import { World } from "../../test/harness/world.js";

const hex = (ids: readonly Uint8Array[]): string[] => ids.map(formatHex);

describe("handshake", () => {
  test.each([1, 2, 7, 40, 200, 4096])(
    "in chunks of up to %i bytes, with signatures in any order",
    (chunkBytes) => {
      for (let seed = 0; seed < runs(8, 200); seed++) {
        const world = new World({ seed, chunkBytes });
        const [a, b] = [world.addNode(), world.addNode()];
        world.join(a, b);
        world.settle();
        expect(hex(a.engine.peers)).toEqual(hex([b.id]));
        expect(hex(b.engine.peers)).toEqual(hex([a.id]));
        expect([a, b].map((node) => node.events.map(({ type }) => type))).toEqual([["peer.up"], ["peer.up"]]);
        world.advance(60_000);
        expect([a, b].map((node) => node.links.size)).toEqual([1, 1]);
      }
    },
    longTest,
  );
});
