// The descriptor of a network and its id: section 1.4.

import { concatBytes, readU16, readU32, writeU16, writeU32 } from "../bytes/index.js";
import { ProtocolError, misuse } from "../errors/index.js";
import { Limit, Policy } from "../gen/registry.js";
import type { Hasher } from "../ports/index.js";
import { Domain, hashIn } from "./domains.js";

/** Parameters that all nodes of a network share. */
export interface Descriptor {
  /** Sum of `Policy` bits. */
  readonly policy: number;
  /** Replica tables per key. */
  readonly tables: number;
  /** Copies per table. */
  readonly copies: number;
  /** Length of the successor list. */
  readonly successors: number;
  /** Leading zero bits that the work of a node id must have. */
  readonly workBits: number;
  /** Seconds that sent_at may differ from a receiver's clock. */
  readonly freshness: number;
  /** Longest time to live of a record, seconds. */
  readonly maxTtl: number;
  /** Longest content of a broadcast, bytes. */
  readonly maxMessage: number;
  /** Longest value of a record, bytes. */
  readonly maxValue: number;
  /** 1…64 bytes, compared as bytes. */
  readonly name: Uint8Array;
}

export const defaultDescriptor: Omit<Descriptor, "name"> = {
  policy: Policy.ENCRYPTION_REQUIRED,
  tables: 5,
  copies: 2,
  successors: 16,
  workBits: 0,
  freshness: 600,
  maxTtl: 604_800,
  maxMessage: 524_288,
  maxValue: 65_536,
};

const headBytes = 21;
const layout = 1;
const largestMessage = Limit.RECEIVE_MAX_BYTES - Limit.RECEIVE_HEADROOM_BYTES;

/** Allowed range of each number, as in the table of section 1.4. */
const ranges: readonly (readonly [keyof Omit<Descriptor, "name">, number, number])[] = [
  ["policy", 0, Policy.ENCRYPTION_REQUIRED | Policy.UNSIGNED_BROADCASTS | Policy.COMPRESSED_BROADCASTS],
  ["tables", 1, 16],
  ["copies", 1, 16],
  ["successors", 1, 64],
  ["workBits", 0, 64],
  ["freshness", 1, 65_535],
  ["maxTtl", 1, 2 ** 31 - 1],
  ["maxMessage", 128, largestMessage],
  ["maxValue", 1, largestMessage],
];

function findDefect(descriptor: Descriptor): string | undefined {
  for (const [field, least, most] of ranges) {
    const value = descriptor[field];
    if (!Number.isInteger(value) || value < least || value > most)
      return `${field} is ${value}, allowed is ${least}…${most}`;
  }
  const length = descriptor.name.length;
  return length < 1 || length > Limit.NAME_BYTES
    ? `the name has ${length} bytes, allowed is 1…${Limit.NAME_BYTES}`
    : undefined;
}

/**
 * Encodes a descriptor into new bytes.
 * @throws {ProtocolError} MISUSE when a value is outside its range
 */
export function encodeDescriptor(descriptor: Descriptor): Uint8Array {
  const defect = findDefect(descriptor);
  if (defect !== undefined) throw misuse(`${defect}; see section 1.4`);
  const head = new Uint8Array(headBytes);
  head.set([
    layout,
    descriptor.policy,
    descriptor.tables,
    descriptor.copies,
    descriptor.successors,
    descriptor.workBits,
  ]);
  writeU16(head, 6, descriptor.freshness);
  writeU32(head, 8, descriptor.maxTtl);
  writeU32(head, 12, descriptor.maxMessage);
  writeU32(head, 16, descriptor.maxValue);
  head[20] = descriptor.name.length;
  return concatBytes(head, descriptor.name);
}

function readDescriptor(bytes: Uint8Array): Descriptor {
  return {
    policy: bytes[1] as number,
    tables: bytes[2] as number,
    copies: bytes[3] as number,
    successors: bytes[4] as number,
    workBits: bytes[5] as number,
    freshness: readU16(bytes, 6),
    maxTtl: readU32(bytes, 8),
    maxMessage: readU32(bytes, 12),
    maxValue: readU32(bytes, 16),
    name: bytes.slice(headBytes),
  };
}

/**
 * Decodes a descriptor.
 * @throws {ProtocolError} MALFORMED (r[desc.decode])
 */
export function decodeDescriptor(bytes: Uint8Array): Descriptor {
  const whole = bytes.length > headBytes && bytes[0] === layout && bytes.length === headBytes + (bytes[20] as number);
  const descriptor = whole ? readDescriptor(bytes) : undefined;
  const defect = descriptor === undefined ? "not layout 1 with exactly one name" : findDefect(descriptor);
  // r[desc.decode]
  if (defect !== undefined) throw new ProtocolError("MALFORMED", defect, { rule: "desc.decode" });
  return descriptor as Descriptor;
}

/** The network id, 32 new bytes. `descriptor` is encoded. */
export function networkIdOf(hasher: Hasher, descriptor: Uint8Array): Uint8Array {
  // r[desc.id] mutate: `descriptor)` => `descriptor.subarray(1))`
  return hashIn(hasher, Domain.NETWORK, descriptor);
}
