import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8, formatHex, readU64 } from "../bytes/index.js";
import { encodeContent } from "../codec/index.js";
import { Limit } from "../gen/registry.js";
import { broadcastMessage, defaultDescriptor, MessageHasher, networkFrom } from "../identity/index.js";
import type { VerifyRequest } from "../ports/index.js";
import { longTest, runs } from "../../test/harness/runs.js";
import { fakeSign, fakeVerify, hasher } from "../../test/harness/signatures.js";
import { Flood } from "./flood.js";

const now = 1_767_225_600_000;
const network = networkFrom(hasher, { ...defaultDescriptor, policy: 0, name: encodeUtf8("flood") });
const ids = new MessageHasher(hasher, network);
const keyOf = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));
const slots = [0, 1, 2] as const;

/** How a copy is signed: rightly, wrongly, or so wrongly that the bytes of the signature show it. */
type Signing = "right" | "wrong" | "absurd";

interface Copy {
  readonly origin: number;
  readonly sequence: number;
  readonly signing: Signing;
}

function payloadOf({ origin, sequence, signing }: Copy): Uint8Array {
  const key = keyOf(`origin ${origin}`);
  const head = { origin: key, sequence: BigInt(sequence), sentAt: BigInt(now), channel: new Uint8Array(0) };
  const content = encodeContent({ ...head, payload: new Uint8Array(0) }, 1000);
  const message = broadcastMessage(ids.idOf(content, 0, content.length));
  const signature = fakeSign(signing === "wrong" ? keyOf("somebody") : key, message);
  if (signing === "absurd") signature[63] = 0xff;
  return concatBytes(Uint8Array.of(signature.length), signature, content);
}

/** A flood with three peers whose verifications wait until somebody completes them. */
class Bench {
  readonly flood: Flood;
  readonly underWay: { request: VerifyRequest; done: (valid: boolean) => void }[] = [];
  /** Pairs in the order of their delivery, as "origin:sequence". */
  readonly delivered: string[] = [];
  /** Per slot: pairs of which it has sent a valid copy, and pairs that were relayed to it. */
  readonly sent = slots.map(() => new Set<string>());
  readonly relayed = slots.map((): string[] => []);
  /** Relays to a peer that had sent a valid copy before. */
  readonly sentBack: string[] = [];

  constructor(limits: Partial<Record<keyof typeof Limit, number>>) {
    const context = {
      network,
      nodeId: keyOf("this node"),
      limits: { ...Limit, PENDING_BYTES: 1, ...limits },
      hasher,
      random: { bytes: (length: number) => new Uint8Array(length) },
      signatures: {
        verify: (request: VerifyRequest, done: (valid: boolean) => void) => void this.underWay.push({ request, done }),
        sign: () => undefined,
      },
    };
    const owner = {
      relay: (slot: number, payload: Uint8Array) => this.#relayed(slot, payload),
      publish: () => undefined,
      admits: () => true,
      deliver: ({ content }: { readonly content: Uint8Array }) => void this.delivered.push(pairIn(content)),
      penalize: () => undefined,
      stale: () => undefined,
      relieved: () => undefined,
    };
    this.flood = new Flood(context, owner, 0n);
    this.flood.setNow(now);
    for (const slot of slots) this.flood.join(slot, keyOf(`peer ${slot}`));
  }

  #relayed(slot: number, payload: Uint8Array): void {
    const pair = pairIn(payload.subarray(65));
    if (this.sent[slot]?.has(pair) === true) this.sentBack.push(`${pair} back to ${slot}`);
    this.relayed[slot]?.push(pair);
  }

  receive(slot: number, copy: Copy): void {
    const payload = payloadOf(copy);
    if (copy.signing === "right") this.sent[slot]?.add(pairIn(payload.subarray(65)));
    this.flood.receive(slot, payload, 0, payload.length, 0);
    payload.fill(0xa5);
  }

  complete(choice: number): void {
    const [one] = this.underWay.splice(choice % Math.max(1, this.underWay.length), 1);
    one?.done(fakeVerify(one.request));
  }

  completeAll(): void {
    for (let i = 0; this.underWay.length > 0; i++) {
      if (i > 10_000) throw new Error("verifications never end");
      this.complete(i * 7);
    }
  }

  /** What is wrong though every verification has ended: copies that wait, or that went out or up twice. */
  faults(): string[] {
    const waiting = slots.filter((slot) => !this.flood.isSettled(slot)).map((slot) => `slot ${slot} waits`);
    const leaked = this.flood.isCongested(0) ? ["bytes wait"] : [];
    const twice = [this.delivered, ...this.relayed].filter((pairs) => new Set(pairs).size < pairs.length);
    return [...waiting, ...leaked, ...twice.map((pairs) => `twice among ${pairs.join(" ")}`)];
  }
}

const pairIn = (content: Uint8Array): string => `${formatHex(content.subarray(0, 4))}:${readU64(content, 32)}`;

const copy: fc.Arbitrary<Copy> = fc.record({
  origin: fc.nat(4),
  sequence: fc.integer({ min: 1, max: 3 }),
  signing: fc.constantFrom("right", "right", "wrong", "absurd"),
});
const step = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant("receive" as const), fc.constantFrom(...slots), copy) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("complete" as const), fc.nat(20), copy) },
);

function play(bench: Bench, steps: readonly (readonly ["receive" | "complete", number, Copy])[]): void {
  for (const [type, number, what] of steps) {
    if (type === "receive") bench.receive(number, what);
    else bench.complete(number);
  }
  bench.completeAll();
}

describe("flooding in a signed network", () => {
  test(
    "once all verifications have ended, nothing waits, and everything valid was delivered once",
    () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
          const bench = new Bench({});
          play(bench, steps);
          expect([...bench.faults(), ...bench.sentBack]).toEqual([]);
          const valid = steps.filter(([type, , what]) => type === "receive" && what.signing === "right");
          const pairs = valid.map(([, , what]) => pairIn(payloadOf(what).subarray(65)));
          expect(bench.delivered.toSorted()).toEqual([...new Set(pairs)].sort());
        }),
        { numRuns: runs(200, 5000) },
      );
    },
    longTest,
  );

  test(
    "nor does anything wait when origins find no place in the meantime",
    () => {
      const limits = fc.record({
        ORIGINS: fc.integer({ min: 1, max: 4 }),
        ORIGINS_PER_LINK: fc.integer({ min: 1, max: 2 }),
      });
      fc.assert(
        fc.property(limits, fc.array(step, { maxLength: 60 }), (limits, steps) => {
          const bench = new Bench({ ...limits, ORIGINS_DIRECT: 0 });
          play(bench, steps);
          expect(bench.faults()).toEqual([]);
        }),
        { numRuns: runs(300, 30_000) },
      );
    },
    longTest,
  );

  test(
    "a copy whose signature is absurd does not keep its pair for ever when the copy before it found no place",
    () => {
      const bench = new Bench({ ORIGINS_PER_LINK: 1, ORIGINS_DIRECT: 0 });
      bench.receive(0, { origin: 1, sequence: 1, signing: "right" });
      bench.receive(0, { origin: 2, sequence: 1, signing: "right" });
      bench.receive(1, { origin: 2, sequence: 1, signing: "absurd" });
      bench.completeAll();
      bench.receive(2, { origin: 2, sequence: 1, signing: "right" });
      bench.completeAll();
      expect(bench.faults()).toEqual([]);
      expect(bench.delivered).toHaveLength(2);
    },
    longTest,
  );

  test(
    "a copy that waited does not wait for one that came behind it and cannot have its turn",
    () => {
      const bench = new Bench({ ORIGINS_PER_LINK: 1, ORIGINS_DIRECT: 0 });
      const [o, p, g, f] = [1, 2, 3, 4].map((origin): Copy => ({ origin, sequence: 1, signing: "right" })) as [
        Copy,
        Copy,
        Copy,
        Copy,
      ];
      // Slot 0 has its one origin; p finds no place there, and slot 1 has a copy of it behind g.
      bench.receive(0, o);
      bench.receive(0, p);
      bench.receive(1, { ...g, signing: "wrong" });
      bench.receive(1, p);
      bench.receive(1, f);
      bench.complete(0);
      bench.complete(0);
      // In slot 2 the next copy of p stands behind one that waits for slot 1.
      bench.receive(2, f);
      bench.receive(2, p);
      bench.completeAll();
      expect(bench.faults()).toEqual([]);
    },
    longTest,
  );
});
