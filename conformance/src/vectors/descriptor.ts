// Vectors of the descriptor of a network and of its id (1.4).
import {
  concat,
  describe,
  DESCRIPTOR_FIELDS,
  encodeDescriptor,
  filled,
  flipped,
  fromHex,
  layDescriptor,
  toHex,
  utf8,
  type Bytes,
  type Descriptor,
} from "../golden/index.js";
import { examples } from "./examples.js";
import type { VectorFile } from "./types.js";
import { decoding, truncations, VectorSet } from "./vector-set.js";

const DECODE = ["desc.decode"];
const subject = decoding("descriptor");
const plain = describe("demo", { policy: 0 });

const members = (descriptor: Descriptor): Record<string, unknown> => {
  const numbers = DESCRIPTOR_FIELDS.map(({ key }) => [key, descriptor[key]] as const);
  return { ...Object.fromEntries(numbers), name: toHex(descriptor.name) };
};

function accepted(): VectorFile {
  const set = new VectorSet("descriptor", "accepted", "Descriptors, both ways");
  const accept = (name: string, descriptor: Descriptor, comment: string): void => {
    set.accept(name, subject.op, subject.input(encodeDescriptor(descriptor)), { rules: DECODE, comment });
    set.accept(`encode-${name}`, "codec.encode", { type: "descriptor", ...members(descriptor) }, { rules: DECODE, comment });
  };
  accept("demo", examples.descriptor, "the defaults with the name demo");
  accept("plain", plain, "policy 0");
  for (const { key, min, max } of DESCRIPTOR_FIELDS) {
    accept(`${key}-min`, { ...plain, [key]: min }, `${key} = ${min}, the smallest`);
    accept(`${key}-max`, { ...plain, [key]: max }, `${key} = ${max}, the largest`);
  }
  accept("name-1", { ...plain, name: filled(1, 0) }, "a name of one byte, 00");
  accept("name-64", { ...plain, name: filled(64, 0x61) }, "the longest name");
  accept("name-not-utf8", { ...plain, name: fromHex("fffe80") }, "a name is any bytes");
  accept("name-utf8", { ...plain, name: utf8("r\u00e9seau \ud83d\ude00") }, "a name in UTF-8");
  return set.file;
}

function refused(): VectorFile {
  const set = new VectorSet("descriptor", "refused", "Values outside the table, bytes missing or too many");
  const bytes = encodeDescriptor(plain);
  const reject = (name: string, defect: Bytes, comment: string): void => {
    set.reject(name, subject.op, subject.input(defect), "MALFORMED", { rules: DECODE, comment, control: "plain" });
    const derive = { type: "networkId", network: toHex(defect) };
    set.reject(`id-${name}`, "codec.derive", derive, "MALFORMED", { rules: DECODE, comment, control: "id-plain" });
  };
  for (const layout of [0, 2, 255]) reject(`layout-${layout}`, layDescriptor(plain, layout), `layout ${layout}`);
  for (const { key, size, min, max } of DESCRIPTOR_FIELDS) {
    const values = [min - 1, max + 1, 256 ** size - 1].filter((value) => value >= 0 && value < 256 ** size && (value < min || value > max));
    for (const value of new Set(values)) {
      reject(`${key}-${value}`, layDescriptor({ ...plain, [key]: value }), `${key} = ${value}, allowed are ${min} to ${max}`);
      const about = { rules: DECODE, comment: `${key} = ${value}`, control: "encode-plain" };
      set.reject(`misuse-${key}-${value}`, "codec.encode", { type: "descriptor", ...members({ ...plain, [key]: value }) }, "MISUSE", about);
    }
  }
  reject("name-0", layDescriptor({ ...plain, name: filled(0) }), "no name");
  reject("name-65", layDescriptor({ ...plain, name: filled(65, 0x61) }), "a name of 65 bytes");
  reject("name-length-less", layDescriptor(plain, 1, 3), "the length of the name is one too small");
  reject("name-length-more", layDescriptor(plain, 1, 5), "the length of the name is one too large");
  reject("name-length-max", layDescriptor(plain, 1, 255), "the length of the name is 255");
  reject("trailing", concat(bytes, filled(1)), "a byte behind the name");
  truncations(set, subject, bytes, { name: "truncated", control: "plain", rules: DECODE, code: "MALFORMED" });
  for (const size of [0, 65]) {
    const about = { rules: DECODE, comment: `a name of ${size} bytes`, control: "encode-plain" };
    const input = { type: "descriptor", ...members({ ...plain, name: filled(size, 0x61) }) };
    set.reject(`misuse-name-${size}`, "codec.encode", input, "MISUSE", about);
  }
  return set.file;
}

function ids(): VectorFile {
  const set = new VectorSet("descriptor", "network-id", "Network ids of descriptors; every byte counts");
  const accept = (name: string, bytes: Bytes, comment: string): void =>
    set.accept(name, "codec.derive", { type: "networkId", network: toHex(bytes) }, { rules: ["desc.id"], comment });
  accept("id-demo", encodeDescriptor(examples.descriptor), "the id of the example");
  const bytes = encodeDescriptor(plain);
  accept("id-plain", bytes, "the id of another policy");
  accept("id-longest", encodeDescriptor({ ...plain, name: filled(64, 0xff) }), "the id of the longest name");
  for (const at of [1, 2, 3, 4, 5, 7, 11, 15, 19, 24]) {
    accept(`id-byte@${at}`, flipped(bytes, at), `one bit of byte ${at} is another`);
  }
  return set.file;
}

export const descriptorVectors = (): VectorFile[] => [accepted(), refused(), ids()];
