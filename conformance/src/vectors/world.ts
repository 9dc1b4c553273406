// Who and what the vectors are about: three nodes with fixed seeds, a few networks, one moment. Anyone can make them again.
import {
  encodeDescriptor,
  describe,
  encodeMessage,
  fromHex,
  networkIdOf,
  nodeIdOf,
  sha256,
  toLittleEndian,
  PRIME,
  REFUSED_Y,
  utf8,
  withByte,
  workOf,
  type Bytes,
  type Descriptor,
} from "../golden/index.js";

/** Seed of a name: SHA-256 of `motet vectors: NAME`. */
export const seedOf = (name: string): Bytes => sha256(utf8(`motet vectors: ${name}`));

export interface Person {
  readonly seed: Bytes;
  readonly id: Bytes;
}

export function person(name: string): Person {
  const seed = seedOf(name);
  return { seed, id: nodeIdOf(seed) };
}

export const alice = person("alice");
export const bob = person("bob");
export const carol = person("carol");

/** 2026-01-01T00:00:00Z, unix ms. */
export const NOW = 1_767_225_600_000n;
export const HOUR = 3_600_000n;

export interface Network {
  readonly descriptor: Bytes;
  readonly id: Bytes;
}

export function network(name: string | Bytes, changes: Partial<Descriptor> = {}): Network {
  const descriptor = encodeDescriptor(describe(name, { policy: 0, ...changes }));
  return { descriptor, id: networkIdOf(descriptor) };
}

/** Plain connections, signed broadcasts. */
export const demo = network("demo");
export const other = network("other");
/** Contents of 128 bytes at most. */
export const small = network("small", { maxMessage: 128 });
export const unsigned = network("unsigned", { policy: 2, maxMessage: 128 });
/** Signed broadcasts that may be compressed. */
export const packed = network("packed", { policy: 4, maxMessage: 4096 });
/** Broadcasts that are not signed and may be compressed. */
export const packedUnsigned = network("packed and unsigned", { policy: 6, maxMessage: 4096 });
/** Node ids need 8 bits of work. */
export const work = network("work", { workBits: 8 });

/** The first person of a row whose node id has exactly this many bits of work. */
export function worker(bits: number): Person {
  for (let count = 0; ; count++) {
    const one = person(`worker ${count}`);
    if (workOf(one.id) === bits) return one;
  }
}

export interface BadKey {
  readonly name: string;
  readonly bytes: Bytes;
  readonly comment: string;
}

const SMALL_NAMES = ["zero", "one", "minus-one", "order-8-a", "order-8-b"];

/** Every kind of 32 bytes that r[id.key.valid] refuses: the five of its table and y ≥ p, each with both highest bits. */
export function badKeys(): BadKey[] {
  const listed = REFUSED_Y.map((y, index) => ({ name: SMALL_NAMES[index] ?? "", y: fromHex(y), what: `the refused y of row ${index + 1}` }));
  const above = Array.from({ length: 19 }, (_, count) => ({
    name: `p-plus-${count}`,
    y: toLittleEndian(PRIME + BigInt(count)),
    what: `y = p + ${count}, not below p`,
  }));
  return [...listed, ...above].flatMap(({ name, y, what }) => [
    { name, bytes: y, comment: what },
    { name: `${name}-high-bit`, bytes: withByte(y, 31, (y[31] ?? 0) | 0x80), comment: `${what}, highest bit set` },
  ]);
}

/** Body with one address and one feature. */
export const BODY = encodeMessage("PeerRecordBody", { addresses: ["tcp://192.0.2.1:7000"], features: [1] });


