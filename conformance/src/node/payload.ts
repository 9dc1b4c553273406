// Defects common to all Protobuf payloads of the runner: cut short, appended to, padded with a field nobody knows.
import { concat, fieldKey, fromHex, LENGTH, lengthField, varint, type Bytes } from "../golden/index.js";
import type { PayloadChange } from "./scenario.js";

/** A field number kept for trying out what receivers do with fields they do not know. */
const UNKNOWN_FIELD = 900;

/** The payload with its changes. */
export function changePayload(payload: Bytes, change: PayloadChange): Bytes {
  const kept = payload.slice(0, payload.length - (change.cut ?? 0));
  const appended = change.append === undefined ? kept : concat(kept, fromHex(change.append));
  return change.fill === undefined ? appended : concat(appended, filling(change.fill - appended.length));
}

/** One unknown field of exactly `size` bytes, key and length included. */
function filling(size: number): Bytes {
  for (const lengthBytes of [1, 2, 3, 4]) {
    const content = size - fieldKey(UNKNOWN_FIELD, LENGTH).length - lengthBytes;
    if (content >= 0 && varint(content).length === lengthBytes)
      return lengthField(UNKNOWN_FIELD, new Uint8Array(content));
  }
  throw new Error(`fill: no field has exactly ${size} bytes`);
}
