// A flood with peers and signatures that are there at once: broadcasts come one by one, and what follows is written down.

import { concatBytes, encodeUtf8 } from "../../src/bytes/index.js";
import { encodeContent } from "../../src/codec/index.js";
import { Limit, type LimitName } from "../../src/gen/registry.js";
import {
  broadcastMessage,
  defaultDescriptor,
  MessageHasher,
  networkFrom,
  type Network,
} from "../../src/identity/index.js";
import { Flood } from "../../src/mesh/index.js";
import type { SignRequest, VerifyRequest } from "../../src/ports/index.js";
import { fakeSign, fakeVerify, hasher } from "./signatures.js";

export const floodStart = 1_767_225_600_000;
export const idNamed = (name: string): Uint8Array => hasher.sha256(encodeUtf8(name));

export interface FloodBenchOptions {
  readonly policy?: number;
  readonly lastSequence?: bigint;
  readonly limits?: Partial<Record<LimitName, number>>;
}

export class FloodBench {
  readonly flood: Flood;
  /** STALE_SEQUENCEs, as "slot highest". */
  readonly told: string[] = [];
  /** Points by slot, in order. */
  readonly blamed: string[] = [];
  readonly #network: Network;
  now = floodStart;

  /** Peers have the slots 0, 1, …, in their order. */
  constructor(peers: readonly Uint8Array[], { policy = 0, lastSequence = 0n, limits = {} }: FloodBenchOptions = {}) {
    this.#network = networkFrom(hasher, { ...defaultDescriptor, policy, name: encodeUtf8("bench") });
    const self = idNamed("self");
    const signatures = {
      verify: (request: VerifyRequest, done: (valid: boolean) => void) => done(fakeVerify(request)),
      sign: ({ message }: SignRequest, done: (signature: Uint8Array) => void) => done(fakeSign(self, message)),
    };
    const random = { bytes: (length: number) => new Uint8Array(length) };
    const context = {
      network: this.#network,
      nodeId: self,
      limits: { ...Limit, ...limits },
      hasher,
      random,
      signatures,
    };
    const nothing = (): void => undefined;
    const owner = {
      relay: nothing,
      publish: nothing,
      admits: () => true,
      deliver: nothing,
      penalize: (slot: number, points: number) => void this.blamed.push(`${slot} ${points}`),
      stale: (slot: number, highest: bigint) => void this.told.push(`${slot} ${highest}`),
      relieved: nothing,
    };
    this.flood = new Flood(context, owner, lastSequence);
    this.flood.setNow(this.now);
    peers.forEach((id, slot) => this.flood.join(slot, id));
  }

  /** Time passes. */
  at(now: number): this {
    this.now = now;
    this.flood.setNow(now);
    return this;
  }

  /** A broadcast comes; answers its verdict. */
  receive(slot: number, origin: Uint8Array, sequence: bigint, sentAt = this.now): string {
    const head = { origin, sequence, sentAt: BigInt(sentAt), channel: new Uint8Array(0) };
    const content = encodeContent({ ...head, payload: new Uint8Array(0) }, 1000);
    const id = new MessageHasher(hasher, this.#network).idOf(content, 0, content.length);
    const signature = fakeSign(origin, broadcastMessage(id));
    return this.receiveBytes(slot, concatBytes(Uint8Array.of(signature.length), signature, content));
  }

  receiveBytes(slot: number, bytes: Uint8Array): string {
    const before = { ...this.flood.counts };
    this.flood.receive(slot, bytes, 0, bytes.length, 0);
    const counts = Object.entries(this.flood.counts) as [keyof typeof before, number][];
    return counts.find(([verdict, count]) => count > before[verdict])?.[0] ?? "none";
  }

  /** Makes a broadcast; answers its sequence. */
  publish(): bigint {
    return this.flood.publish("", new Uint8Array(0), this.now).sequence;
  }
}
