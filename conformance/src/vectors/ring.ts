// Vectors of the ring's arithmetic (7.1, 7.3, 7.10): positions, intervals, finger starts, and what cleaning makes of a list.
import { positionBytes, positionNumber, sha256, toHex, utf8, type Bytes } from "../golden/index.js";
import type { VectorFile } from "./types.js";
import { VectorSet } from "./vector-set.js";
import { alice, bob, carol, demo, other } from "./world.js";

const features = ["ring"];
const TOP = (1n << 256n) - 1n;
const HALF = 1n << 255n;
/** Some place of the circle. */
const PLACE = positionNumber(sha256(utf8("motet vectors: place")));

const text = (number: bigint): string => toHex(positionBytes(number));

function positions(): VectorFile {
  const set = new VectorSet("ring", "position", "Positions of nodes on the ring");
  const rules = ["ring.position"];
  const people: readonly (readonly [string, Bytes])[] = [
    ["alice", alice.id],
    ["bob", bob.id],
    ["carol", carol.id],
  ];
  for (const [name, id] of people) {
    for (const [where, { descriptor }] of Object.entries({ demo, other })) {
      const input = { type: "ringPosition", network: toHex(descriptor), nodeId: toHex(id) };
      set.accept(`position-${name}-${where}`, "codec.derive", input, { rules, comment: `${name} in the network ${where}`, features });
    }
  }
  return set.file;
}

type Row = readonly [name: string, a: bigint, b: bigint, c: bigint, comment: string];

/** Every order of three places, equal or not, and their neighbours; moved along the circle so that it wraps in each gap. */
function rows(): Row[] {
  const shapes: readonly Row[] = [
    ["inside", 0n, 5n, 10n, "b between a and c"],
    ["behind", 0n, 15n, 10n, "b behind c"],
    ["next", 0n, 1n, 10n, "b right after a"],
    ["last", 0n, 9n, 10n, "b right before c"],
    ["past", 0n, 11n, 10n, "b right after c"],
    ["before", 0n, -1n, 10n, "b right before a"],
    ["at-a", 0n, 0n, 10n, "b is a"],
    ["at-c", 0n, 10n, 10n, "b is c"],
    ["whole", 0n, 5n, 0n, "a is c, b another"],
    ["whole-next", 0n, 1n, 0n, "a is c, b right after"],
    ["whole-before", 0n, -1n, 0n, "a is c, b right before"],
    ["all-equal", 0n, 0n, 0n, "all three the same"],
    ["neighbours", 0n, 1n, 2n, "three neighbours"],
    ["empty", 0n, 5n, 1n, "nothing is between neighbours"],
    ["turned", 10n, 5n, 0n, "from a forward to c is nearly the whole circle, b not in it"],
    ["turned-inside", 10n, 15n, 0n, "from a forward to c is nearly the whole circle, b in it"],
    ["half", 0n, HALF - 1n, HALF, "half of the circle"],
    ["half-more", 0n, HALF + 1n, HALF, "half of the circle and one more"],
    ["far", 0n, HALF + 1n, TOP, "more than half of the circle away"],
  ];
  const moves: readonly (readonly [string, bigint])[] = [
    ["zero", 0n],
    ["place", PLACE],
    ["over-zero", -3n],
    ["over-zero-late", -7n],
    ["top", TOP],
    ["half", HALF - 5n],
  ];
  return moves.flatMap(([move, by]) =>
    shapes.map(([name, a, b, c, comment]): Row => [`${name}-${move}`, a + by, b + by, c + by, comment]),
  );
}

/** Of two cases that come out differently each can be the other's control. */
const OPPOSITE: Readonly<Record<"between" | "owned", readonly [string, string]>> = {
  between: ["inside-zero", "behind-zero"],
  owned: ["at-c-zero", "behind-zero"],
};

function intervals(type: "between" | "owned"): VectorFile {
  const set = new VectorSet("ring", type, type === "between" ? "Open intervals" : "Intervals with their upper end");
  const [held, not] = OPPOSITE[type];
  for (const [name, a, b, c, comment] of rows()) {
    const input = { type, a: text(a), b: text(b), c: text(c) };
    const about = { rules: [`ring.${type}`], comment, features };
    const control = `${type}-${name === not ? held : not}`;
    const isHeld = holds(type, a, b, c);
    const other = isHeld ? control : `${type}-${held}`;
    set.accept(`${type}-${name}`, "codec.derive", input, { ...about, control: other }, { holds: isHeld });
  }
  return set.file;
}

/** The specification's sentence, counted with distances: a second opinion beside the golden codec's. */
function holds(type: "between" | "owned", a: bigint, b: bigint, c: bigint): boolean {
  const away = (to: bigint): bigint => BigInt.asUintN(256, to - a);
  const end = away(c) === 0n ? 1n << 256n : away(c);
  const inside = away(b) !== 0n && away(b) < end;
  return inside || (type === "owned" && BigInt.asUintN(256, b - c) === 0n);
}

function fingers(): VectorFile {
  const set = new VectorSet("ring", "finger", "Starts of fingers");
  const places: readonly (readonly [string, bigint])[] = [
    ["zero", 0n],
    ["place", PLACE],
    ["top", TOP],
    ["half", HALF],
  ];
  for (const [name, place] of places) {
    for (const index of [0, 1, 7, 8, 127, 128, 254, 255]) {
      const input = { type: "fingerStart", position: text(place), index };
      const about = { rules: ["ring.finger.start"], comment: `finger ${index} of ${name}`, features };
      set.accept(`finger-${name}-${index}`, "codec.derive", input, about, { bytes: text(place + (1n << BigInt(index))) });
    }
  }
  return set.file;
}

interface CleanRow {
  readonly rule: string;
  readonly name: string;
  /** Distances from the node itself; 0 is the node. */
  readonly given: readonly bigint[];
  readonly most?: number;
  readonly kept: number;
  readonly wraps: boolean;
  readonly comment: string;
}

const cleanRows: readonly CleanRow[] = [
  { rule: "ring.wraps", name: "plain", given: [1n, 5n, 9n], kept: 3, wraps: false, comment: "nothing to cut" },
  { rule: "ring.wraps", name: "none", given: [], kept: 0, wraps: true, comment: "no entries: a ring of one" },
  { rule: "ring.clean.self", name: "self-first", given: [0n, 5n, 9n], kept: 0, wraps: true, comment: "the node itself comes first" },
  { rule: "ring.clean.self", name: "self-middle", given: [1n, 5n, 0n, 9n], kept: 2, wraps: true, comment: "the node itself in the middle" },
  { rule: "ring.clean.self", name: "self-last", given: [1n, 5n, 9n, 0n], kept: 3, wraps: true, comment: "the node itself comes last" },
  { rule: "ring.clean.self", name: "self-alone", given: [0n], kept: 0, wraps: true, comment: "nothing but the node itself" },
  { rule: "ring.clean.self", name: "self-twice", given: [1n, 0n, 5n, 0n], kept: 1, wraps: true, comment: "the node itself twice" },
  { rule: "ring.clean.order", name: "order-back", given: [5n, 1n, 9n], kept: 1, wraps: false, comment: "the second is nearer than the first" },
  { rule: "ring.clean.order", name: "order-back-late", given: [1n, 5n, 9n, 7n, 11n], kept: 3, wraps: false, comment: "the fourth is nearer than the third" },
  { rule: "ring.clean.order", name: "order-equal", given: [1n, 5n, 5n, 9n], kept: 2, wraps: false, comment: "the same twice in a row" },
  { rule: "ring.clean.order", name: "order-again", given: [1n, 5n, 9n, 1n], kept: 3, wraps: false, comment: "the first once more at the end" },
  { rule: "ring.clean.order", name: "order-before", given: [1n, -5n, 9n], kept: 2, wraps: false, comment: "nearly the whole circle, then less" },
  { rule: "ring.clean.order", name: "order-neighbours", given: [1n, 2n, 3n], kept: 3, wraps: false, comment: "neighbours are in order" },
  { rule: "ring.clean.order", name: "order-round", given: [1n, HALF, -1n], kept: 3, wraps: false, comment: "the whole circle but for one" },
  { rule: "ring.wraps", name: "order-before-self", given: [5n, 1n, 0n], kept: 1, wraps: false, comment: "out of order before the node itself: it does not wrap" },
  { rule: "ring.clean.length", name: "length-more", given: [1n, 5n, 9n, 11n], most: 3, kept: 3, wraps: false, comment: "one more than r" },
  { rule: "ring.clean.length", name: "length-same", given: [1n, 5n, 9n], most: 3, kept: 3, wraps: false, comment: "as many as r" },
  { rule: "ring.clean.length", name: "length-one", given: [1n, 5n, 9n], most: 1, kept: 1, wraps: false, comment: "a list of one" },
  { rule: "ring.wraps", name: "length-self", given: [1n, 5n, 9n, 0n], most: 3, kept: 3, wraps: true, comment: "r entries, then the node itself" },
  { rule: "ring.wraps", name: "length-beyond-self", given: [1n, 5n, 9n, 11n, 0n], most: 3, kept: 3, wraps: false, comment: "r entries and one more, then the node itself" },
  { rule: "ring.wraps", name: "length-below-self", given: [1n, 5n, 0n], most: 3, kept: 2, wraps: true, comment: "fewer than r, then the node itself" },
  { rule: "ring.wraps", name: "length-order-self", given: [1n, 5n, 9n, 9n, 0n], most: 3, kept: 3, wraps: false, comment: "r entries, the last once more, then the node itself" },
];

const selves: readonly (readonly [string, bigint])[] = [
  ["zero", 0n],
  ["place", PLACE],
  ["top", TOP],
];

function clean(): VectorFile {
  const set = new VectorSet("ring", "clean", "What cleaning makes of a list");
  for (const [where, self] of selves) {
    for (const { rule, name, given, most = 16, kept, wraps, comment } of cleanRows) {
      const entries = given.map((distance) => text(self + distance));
      const input = { type: "clean", self: text(self), entries, most };
      const about = { rules: [rule], comment, features };
      set.accept(`clean-${name}-${where}`, "codec.derive", input, about, { entries: entries.slice(0, kept), wraps });
    }
  }
  return set.file;
}

export const ringVectors = (): VectorFile[] => [positions(), intervals("between"), intervals("owned"), fingers(), clean()];
