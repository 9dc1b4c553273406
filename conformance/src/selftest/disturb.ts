// Makes inputs of `codec.decode` that are almost right, from inputs that are right: bytes flipped, cut, repeated, grown.
// Signed things are sometimes signed anew after that, or their signature would hide everything behind it.
import {
  fromHex,
  networkIdOf,
  nodeIdOf,
  recordDigest,
  messageIdOf,
  sign,
  splitRecord,
  toHex,
} from "../golden/index.js";
import type { Random } from "./random.js";

export type Input = Readonly<Record<string, unknown>>;
type Bytes = Uint8Array;

const telling = [0x00, 0x01, 0x7f, 0x80, 0xff];
const seed = new Uint8Array(32).fill(7);

const joined = (...parts: Bytes[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]));

/** One small change somewhere. */
type Change = (bytes: Bytes, at: number, random: Random) => Bytes;

const changes: readonly Change[] = [
  (bytes, at, random) => bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.below(8))),
  (bytes, at, random) => bytes.with(at, random.pick(telling)),
  (bytes, at, random) => bytes.with(at, ((bytes[at] ?? 0) + random.pick([1, 255])) & 255),
  (bytes, at, random) => joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(4))),
  (bytes, at, random) => joined(bytes.subarray(0, at), random.bytes(1 + random.below(4)), bytes.subarray(at)),
  (bytes, at, random) => joined(bytes.subarray(0, at + 1 + random.below(8)), bytes.subarray(at)),
  (bytes, at) => bytes.slice(0, at),
  (bytes, _at, random) => joined(bytes, random.bytes(1 + random.below(3))),
];

/** One to three changes; most of them near each other, where the structure is. */
export function disturbBytes(bytes: Bytes, random: Random): Bytes {
  let result = bytes;
  for (let left = 1 + random.below(3); left > 0; left--) {
    if (result.length === 0) return random.bytes(1);
    result = random.pick(changes)(result, random.below(result.length), random);
  }
  return result;
}

/** A record, signed by a key of ours whatever it holds; as it is when it cannot be one by its length. */
function sealRecord(bytes: Bytes, network: Bytes): Bytes {
  if (bytes.length < 120 || bytes.length > 1024) return bytes;
  const owned = joined(nodeIdOf(seed), bytes.subarray(32));
  const digest = recordDigest(networkIdOf(network), splitRecord(owned));
  return joined(owned.subarray(0, -64), sign(seed, "motet/1 peer", digest));
}

/** A broadcast of a signed network, signed by a key of ours. */
function sealBroadcast(bytes: Bytes, network: Bytes): Bytes {
  if (bytes[0] !== 64 || bytes.length < 97) return bytes;
  const content = joined(nodeIdOf(seed), bytes.subarray(97));
  return joined(
    bytes.subarray(0, 1),
    sign(seed, "motet/1 message", messageIdOf(networkIdOf(network), content)),
    content,
  );
}

function seal(type: unknown, bytes: Bytes, input: Input): Bytes {
  if (typeof input["network"] !== "string") return bytes;
  const network = fromHex(input["network"]);
  if (type === "record") return sealRecord(bytes, network);
  return type === "broadcast" ? sealBroadcast(bytes, network) : bytes;
}

const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l1bioQ -";

function disturbText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const letter = letters.charAt(random.below(letters.length));
  return random.pick([
    text.slice(0, at) + letter + text.slice(at + 1),
    text.slice(0, at) + letter + text.slice(at),
    text.slice(0, at) + text.slice(at + 1),
    text.toUpperCase(),
  ]);
}

/** A neighbour of a right input. */
export function disturb(input: Input, random: Random): Input {
  const { bytes, text } = input;
  if (typeof text === "string") return { ...input, text: disturbText(text, random) };
  if (typeof bytes !== "string") return input;
  const disturbed = disturbBytes(fromHex(bytes), random);
  const sealed = random.below(2) === 0 ? seal(input["type"], disturbed, input) : disturbed;
  return { ...input, bytes: toHex(sealed) };
}
