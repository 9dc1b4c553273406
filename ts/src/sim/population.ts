// Makes the participants of a run: identities, engines and attackers, everything about them drawn from the seed.

import { encodeUtf8 } from "../bytes/index.js";
import { Engine } from "../engine/index.js";
import { Limit } from "../gen/registry.js";
import { defaultDescriptor, isValidKey, networkFrom, type Network } from "../identity/index.js";
import type { Hasher, Limits } from "../ports/index.js";
import type { Prng } from "./prng.js";

/** Unix ms at virtual time 0. */
export const startMs = 1_767_225_600_000;

/** Small numbers in place of those that a network of fifty nodes and half a minute would never come near. */
export const simLimits: Limits = {
  ...Limit,
  SESSIONS: 128,
  RECENT_MESSAGES: 512,
  ORIGINS: 2048,
  ORIGINS_PER_LINK: 512,
  ORIGINS_DIRECT: 64,
  QUEUE_BYTES: 3 * 1024,
  QUEUE_HIGH_WATER_BYTES: 2 * 1024,
  QUEUE_FULL_MS: 4000,
  REDIAL_MIN_MS: 200,
  REDIAL_MAX_MS: 1600,
  // Who is linked with whom is the scenario's.
  PEERS_TARGET: 0,
};

export class Population {
  readonly network: Network;
  readonly #hasher: Hasher;
  readonly #random: Prng;
  readonly #ids: Uint8Array[] = [];

  constructor(hasher: Hasher, random: Prng, count: number) {
    this.#hasher = hasher;
    this.#random = random;
    const descriptor = { ...defaultDescriptor, policy: 0, name: encodeUtf8("sim") };
    this.network = networkFrom(hasher, descriptor);
    const ids = random.fork(1);
    for (let i = 0; i < count; i++) this.#ids.push(newId(ids));
  }

  /** Node id of a participant, 32 bytes. */
  idOf(index: number): Uint8Array {
    return this.#ids[index] as Uint8Array;
  }

  /** The participant of a node id; −1 for none. */
  indexOf(id: Uint8Array): number {
    return this.#ids.findIndex((own) => own[0] === id[0] && own.every((byte, i) => byte === id[i]));
  }

  /** A new process of a node. @param run counts them, from 0 */
  engine(index: number, run: number, now: number): Engine {
    const random = this.#random.fork(1000 + 2 * index).fork(run);
    const config = {
      network: this.network,
      nodeId: this.idOf(index),
      limits: simLimits,
      hasher: this.#hasher,
      random: { bytes: (length: number) => random.bytes(length) },
      incarnation: BigInt(now),
      lastSequence: 0n,
      agent: "sim",
      compressions: [],
    };
    return new Engine(config, now);
  }
}

/** A node id that nobody has the key of, which is no hindrance here. */
export function newId(random: Prng): Uint8Array {
  for (;;) {
    const id = random.bytes(32);
    if (isValidKey(id)) return id;
  }
}
