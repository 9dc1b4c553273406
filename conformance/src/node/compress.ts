// Compressed payloads (2.5) of the runner: right ones by the platform's zlib, then whatever defect a scenario wants; and the testee's, undone.
import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateRawSync, inflateSync } from "node:zlib";
import { concat, fromHex, readUint, uint, type Bytes } from "../golden/index.js";
import type { CompressOptions } from "./scenario-messaging.js";
import { StepFailure } from "./step-failure.js";

function compressed(id: number, bytes: Bytes): Bytes {
  const compress = id === 2 ? gzipSync : id === 3 ? deflateSync : deflateRawSync;
  return new Uint8Array(compress(bytes));
}

const zeroData = new Map<string, Bytes>();

/** So many zero bytes, compressed; made once, for they may be many. */
function compressedZeros(id: number, count: number): Bytes {
  const key = `${id} ${count}`;
  const made = zeroData.get(key) ?? compressed(id, new Uint8Array(count));
  zeroData.set(key, made);
  return made;
}

/** Data of a compression id, with its defects. */
export function compressData(payload: Bytes, options: CompressOptions): Bytes {
  const { id, of, count = 0, data, cut = 0, append = "", patch } = options;
  const made = of === undefined ? compressed(id, payload) : compressedZeros(id, count);
  const right = data === undefined ? made.slice() : fromHex(data);
  if (patch !== undefined) right.set(fromHex(patch.bytes), patch.at < 0 ? right.length + patch.at : patch.at);
  return concat(right.slice(0, right.length - cut), fromHex(append));
}

/** Original size and data, with their defects. */
export function compressPayload(payload: Bytes, options: CompressOptions): Bytes {
  const data = compressData(payload, options);
  const { original = { plus: 0 }, keep } = options;
  const size = typeof original === "number" ? original : payload.length + original.plus;
  const whole = concat(uint(size, 4), data);
  return keep === undefined ? whole : whole.slice(0, keep);
}

/** Payload of a frame that the testee compressed. */
export function decompressPayload(id: number, payload: Bytes): Bytes {
  if (id === 0) return payload;
  const decompress = id === 1 ? inflateRawSync : id === 2 ? gunzipSync : id === 3 ? inflateSync : undefined;
  if (decompress === undefined) throw new StepFailure("a compression id of this version", `id ${id}`);
  const wanted = readUint(payload, 0, 4);
  try {
    const got = new Uint8Array(decompress(payload.slice(4)));
    if (got.length !== wanted) throw new StepFailure(`${wanted} bytes as announced`, `${got.length} bytes`);
    return got;
  } catch (error) {
    if (error instanceof StepFailure) throw error;
    throw new StepFailure("compressed data", String(error));
  }
}
