import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8 } from "../bytes/index.js";
import { compress, encodeContent, Encoding, readContent } from "../codec/index.js";
import { Limit, Policy } from "../gen/registry.js";
import { defaultDescriptor, networkFrom } from "../identity/index.js";
import { hasher } from "../runtime/crypto.js";
import { Flood } from "./flood.js";
import type { Delivery } from "./mesh-types.js";

const now = 1_767_225_600_000;
const policy = Policy.UNSIGNED_BROADCASTS | Policy.COMPRESSED_BROADCASTS;
const network = networkFrom(hasher, { ...defaultDescriptor, policy, name: encodeUtf8("outcome") });
const idOf = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));

/** A flood with two peers in an unsigned network: every verdict falls at once. */
class Bench {
  readonly flood: Flood;
  readonly said: string[] = [];
  readonly delivered: Delivery[] = [];
  /** Contents of own broadcasts, once for each peer. */
  readonly published: Uint8Array[] = [];
  /** Asked about each delivery. */
  hook: (delivery: Delivery) => boolean = () => true;
  #sequence = 0n;

  constructor() {
    const signatures = { verify: () => undefined, sign: () => undefined };
    const random = { bytes: (length: number) => new Uint8Array(length) };
    const context = { network, nodeId: idOf("self"), limits: Limit, hasher, random, signatures };
    this.flood = new Flood(
      context,
      {
        relay: (slot) => void this.said.push(`relayed to ${slot}`),
        publish: (_, payload) => void this.published.push(payload.subarray(1)),
        admits: (delivery) => {
          this.said.push("asked");
          return this.hook(delivery);
        },
        deliver: (delivery) => {
          this.said.push("delivered");
          this.delivered.push(delivery);
        },
        penalize: (slot) => void this.said.push(`blamed ${slot}`),
        stale: () => undefined,
        relieved: () => undefined,
      },
      0n,
    );
    this.flood.setNow(now);
    for (const slot of [0, 1]) this.flood.join(slot, idOf(`peer ${slot}`));
  }

  /** Takes a broadcast from slot 0; answers what became of it. */
  receive(payload: Uint8Array, origin = "origin", encoding: number = Encoding.NONE): string[] {
    const head = { origin: idOf(origin), sequence: ++this.#sequence, sentAt: BigInt(now), channel: encodeUtf8("c") };
    return this.receiveContent(encodeContent({ ...head, encoding, payload }, 100_000));
  }

  receiveContent(content: Uint8Array): string[] {
    const bytes = concatBytes(Uint8Array.of(0), content);
    this.flood.receive(0, bytes, 0, bytes.length, 0);
    return this.said.splice(0);
  }
}

describe("an accepted broadcast", () => {
  test("is shown to the hook, delivered and relayed", () => {
    const bench = new Bench();
    expect(bench.receive(encodeUtf8("a"))).toEqual(["asked", "delivered", "relayed to 1"]);
  });

  test("that the hook refuses is neither delivered nor relayed, and is nobody's fault", () => {
    const bench = new Bench();
    bench.hook = ({ content }) => content.at(-1) !== 0x62;
    expect(bench.receive(encodeUtf8("a"))).toHaveLength(3);
    expect(bench.receive(encodeUtf8("b"))).toEqual(["asked"]);
    expect(bench.flood.counts).toMatchObject({ ACCEPT: 2, REJECT: 0 });
  });

  test("of this node's own, from an earlier run, is relayed without asking", () => {
    const bench = new Bench();
    bench.hook = () => false;
    expect(bench.receive(encodeUtf8("a"), "self")).toEqual(["relayed to 1"]);
  });
});

describe("a compressed broadcast", () => {
  const text = encodeUtf8("all work and no play ".repeat(50));
  const compressed = compress(1, text) as Uint8Array;

  test("is delivered decompressed, and relayed as it came", () => {
    const bench = new Bench();
    expect(bench.receive(compressed, "origin", 1)).toEqual(["asked", "delivered", "relayed to 1"]);
    expect(bench.delivered[0]?.decompressed).toEqual(text);
  });

  test("whose data is broken is relayed and nothing else, and is nobody's fault", () => {
    const bench = new Bench();
    const broken = [compressed.slice(0, -1), concatBytes(compressed, Uint8Array.of(0)), compressed.slice()];
    (broken[2] as Uint8Array)[4] = 7;
    for (const payload of broken) expect(bench.receive(payload, "origin", 1)).toEqual(["relayed to 1"]);
    expect(bench.flood.counts).toMatchObject({ ACCEPT: 3, REJECT: 0 });
  });

  test("is rejected without looking inside when its sizes cannot be", () => {
    const bench = new Bench();
    expect(bench.receive(Uint8Array.of(0, 0, 0, 2, 1, 1), "origin", 1)).toEqual(["blamed 0"]);
    expect(bench.receive(Uint8Array.of(0, 0, 2), "origin", 1)).toEqual(["blamed 0"]);
    expect(bench.receive(Uint8Array.of(0xff, 0, 0, 2, 1, 1), "origin", 1)).toEqual(["blamed 0"]);
  });

  test("is what this node makes of a payload that gains by it", () => {
    const bench = new Bench();
    bench.flood.publish("c", text, now);
    bench.flood.publish("c", text.subarray(0, 255), now);
    bench.flood.publish("c", hasher.sha256(text), now);
    const encodings = bench.published.map((content) => readContent(content).encoding);
    expect(encodings).toEqual([1, 1, 0, 0, 0, 0]);
    expect(readContent(bench.published[0] as Uint8Array).payload).toEqual(compressed);
    // Without compression the content has 50 bytes and the channel in front.
    const longest = network.descriptor.maxMessage - 51;
    expect(() => bench.flood.publish("c", new Uint8Array(longest + 1), now)).toThrow("TOO_LARGE");
    bench.flood.publish("c", new Uint8Array(longest), now);
    expect(bench.published.at(-1)?.length).toBeLessThan(1000);
  });
});
