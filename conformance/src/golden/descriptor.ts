// Descriptor of a network and its id (1.4).
import { concat, readUint, uint, utf8, type Bytes } from "./bytes.js";
import { GoldenError } from "./errors.js";
import { domainHash } from "./hash.js";

export interface Descriptor {
  readonly policy: number;
  readonly tables: number;
  readonly copies: number;
  readonly successors: number;
  readonly workBits: number;
  /** Seconds. */
  readonly freshness: number;
  /** Seconds. */
  readonly maxTtl: number;
  /** Bytes. */
  readonly maxMessage: number;
  /** Bytes. */
  readonly maxValue: number;
  readonly name: Bytes;
}

export interface DescriptorField {
  readonly key: Exclude<keyof Descriptor, "name">;
  readonly at: number;
  readonly size: number;
  readonly min: number;
  readonly max: number;
}

const PAYLOAD_MAX = 2 ** 24 - 4097;

/** The table of 1.4, but for layout and name. */
export const DESCRIPTOR_FIELDS: readonly DescriptorField[] = [
  { key: "policy", at: 1, size: 1, min: 0, max: 7 },
  { key: "tables", at: 2, size: 1, min: 1, max: 16 },
  { key: "copies", at: 3, size: 1, min: 1, max: 16 },
  { key: "successors", at: 4, size: 1, min: 1, max: 64 },
  { key: "workBits", at: 5, size: 1, min: 0, max: 64 },
  { key: "freshness", at: 6, size: 2, min: 1, max: 65_535 },
  { key: "maxTtl", at: 8, size: 4, min: 1, max: 2 ** 31 - 1 },
  { key: "maxMessage", at: 12, size: 4, min: 128, max: PAYLOAD_MAX },
  { key: "maxValue", at: 16, size: 4, min: 1, max: PAYLOAD_MAX },
];

/** The defaults of 1.4 with a name and changes. */
export function describe(name: string | Bytes, changes: Partial<Descriptor> = {}): Descriptor {
  return {
    policy: 1,
    tables: 5,
    copies: 2,
    successors: 16,
    workBits: 0,
    freshness: 600,
    maxTtl: 604_800,
    maxMessage: 524_288,
    maxValue: 65_536,
    name: typeof name === "string" ? utf8(name) : name,
    ...changes,
  };
}

/** Bytes of a descriptor, whatever its values: the way to make a defective one. */
export function layDescriptor(descriptor: Descriptor, layout = 1, nameLength = descriptor.name.length): Bytes {
  const fields = DESCRIPTOR_FIELDS.map(({ key, size }) => uint(descriptor[key], size));
  return concat(Uint8Array.of(layout), ...fields, Uint8Array.of(nameLength), descriptor.name);
}

/** Bytes of a descriptor; MISUSE when a value does not fit. */
export function encodeDescriptor(descriptor: Descriptor): Bytes {
  const bad = DESCRIPTOR_FIELDS.find(({ key, min, max }) => descriptor[key] < min || descriptor[key] > max);
  if (bad !== undefined) throw new GoldenError("MISUSE", "desc.decode", `${bad.key} = ${descriptor[bad.key]}`);
  if (descriptor.name.length < 1 || descriptor.name.length > 64) {
    throw new GoldenError("MISUSE", "desc.decode", `a name of ${descriptor.name.length} bytes`);
  }
  return layDescriptor(descriptor);
}

/** r[desc.decode] */
export function decodeDescriptor(bytes: Bytes): Descriptor {
  const refuse = (detail: string, at: number): never => {
    throw new GoldenError("MALFORMED", "desc.decode", detail, at);
  };
  if (bytes.length < 21) refuse(`a descriptor of ${bytes.length} bytes is cut short`, bytes.length);
  if (bytes[0] !== 1) refuse(`layout ${bytes[0]}`, 0);
  const values: Record<string, number> = {};
  for (const { key, at, size, min, max } of DESCRIPTOR_FIELDS) {
    const value = readUint(bytes, at, size);
    if (value < min || value > max) refuse(`${key} = ${value}, allowed are ${min} to ${max}`, at);
    values[key] = value;
  }
  const length = bytes[20] ?? 0;
  if (length < 1 || length > 64) refuse(`a name of ${length} bytes`, 20);
  if (bytes.length !== 21 + length) refuse(`${bytes.length} bytes where ${21 + length} are announced`, 20);
  return { ...(values as unknown as Omit<Descriptor, "name">), name: bytes.slice(21) };
}

/** r[desc.id]; the descriptor is taken as bytes and not looked into. */
export function networkIdOf(descriptor: Bytes): Bytes {
  return domainHash("motet/1 network", descriptor);
}
