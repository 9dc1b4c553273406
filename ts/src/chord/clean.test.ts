import { describe, expect, it } from "vitest";
import { contactAt } from "../../test/harness/ring-network.js";
import { clean } from "./clean.js";

const self = contactAt(100);

/** @param places of the entries. */
const cleaned = (places: readonly number[], most = 4): { places: unknown[]; wraps: boolean } => {
  const { list, wraps } = clean(
    self,
    places.map((place) => contactAt(place)),
    most,
  );
  return { places: list.map(({ record }) => record), wraps };
};

describe("cleaning a list", () => {
  it.each<[string, number[], number[], boolean]>([
    ["keeps what is in order", [200, 300, 50], [200, 300, 50], false],
    ["of nothing is nothing", [], [], false],
    ["ends at the node itself", [200, 300, 100, 150], [200, 300], true],
    ["that begins with the node itself is empty", [100, 200], [], true],
    ["ends where an entry is not farther", [200, 300, 250, 100], [200, 300], false],
    ["ends where an entry comes twice", [200, 200, 300], [200], false],
    ["ends after so many entries", [200, 300, 400, 500, 600], [200, 300, 400, 500], false],
    ["sees the node itself right behind a full list", [200, 300, 400, 500, 100], [200, 300, 400, 500], true],
    ["does not look farther than that", [200, 300, 400, 500, 600, 100], [200, 300, 400, 500], false],
    ["goes around", [60_000, 50, 99, 101], [60_000, 50, 99], false],
  ])("%s", (_, places, list, wraps) => {
    expect(cleaned(places)).toEqual({ places: list, wraps });
  });

  it("knows the node itself in another life, and no other node in its place", () => {
    expect(clean(self, [contactAt(200), contactAt(100, 9n)], 4).wraps).toBe(true);
    const stranger = { ...contactAt(100), key: "stranger" };
    expect(clean(self, [stranger], 4)).toEqual({ list: [], wraps: false, broken: stranger });
  });

  it("tells where the order broke", () => {
    expect(clean(self, [contactAt(300), contactAt(200)], 4).broken?.record).toBe(200);
  });
});
