// Defects common to all Protobuf payloads of the runner: cut short, appended to, padded with a field nobody knows.
import { concat, fromHex, lengthField, type Bytes } from "../golden/index.js";
import type { PayloadChange } from "./scenario.js";

/** A field number kept for trying out what receivers do with fields they do not know. */
const UNKNOWN_FIELD = 900;
/** Key of two bytes and a length of up to two. */
const FIELD_OVERHEAD = 4;

/** The payload with its changes. */
export function changePayload(payload: Bytes, change: PayloadChange): Bytes {
  const kept = payload.slice(0, payload.length - (change.cut ?? 0));
  const appended = change.append === undefined ? kept : concat(kept, fromHex(change.append));
  if (change.fill === undefined) return appended;
  const size = change.fill - appended.length - FIELD_OVERHEAD;
  if (size < 128) throw new Error(`fill: ${change.fill} bytes leave no room for a field of at least 128`);
  return concat(appended, lengthField(UNKNOWN_FIELD, new Uint8Array(size)));
}
