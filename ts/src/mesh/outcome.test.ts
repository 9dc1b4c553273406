import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8 } from "../bytes/index.js";
import { encodeContent } from "../codec/index.js";
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
        publish: () => undefined,
        admits: (delivery) => {
          this.said.push("asked");
          return this.hook(delivery);
        },
        deliver: (delivery) => {
          this.said.push("delivered");
          this.delivered.push(delivery);
        },
        penalize: (slot) => void this.said.push(`blamed ${slot}`),
        relieved: () => undefined,
      },
      0n,
    );
    this.flood.setNow(now);
    for (const slot of [0, 1]) this.flood.join(slot, idOf(`peer ${slot}`));
  }

  /** Takes a broadcast from slot 0; answers what became of it. */
  receive(payload: Uint8Array, origin = "origin"): string[] {
    const head = { origin: idOf(origin), sequence: ++this.#sequence, sentAt: BigInt(now), channel: new Uint8Array(0) };
    return this.receiveContent(encodeContent({ ...head, payload }, 100_000));
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
