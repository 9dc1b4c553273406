// All files of vectors, area by area.
import { toldAddressVectors } from "./address-told.js";
import { addressVectors } from "./address.js";
import { boundsVectors } from "./bounds.js";
import { compressedBroadcastVectors } from "./broadcast-compressed.js";
import { broadcastVectors } from "./broadcast.js";
import { compressionVectors } from "./compression.js";
import { descriptorVectors } from "./descriptor.js";
import { errorVectors } from "./error.js";
import { frameVectors } from "./frame.js";
import { helloVectors } from "./hello.js";
import { identifierVectors } from "./identifiers.js";
import { messagingVectors } from "./messaging.js";
import { payloadTextVectors } from "./payload-text.js";
import { payloadWireVectors } from "./payload-wire.js";
import { prefaceVectors } from "./preface.js";
import { recordVectors } from "./record.js";
import { ringVectors } from "./ring.js";
import { signatureVectors } from "./signature.js";
import { streamVectors } from "./stream.js";
import { tableRecordVectors } from "./table-record.js";
import { tableVectors } from "./table.js";
import type { VectorFile } from "./types.js";

const areas: readonly (() => VectorFile[])[] = [
  prefaceVectors,
  frameVectors,
  streamVectors,
  boundsVectors,
  payloadWireVectors,
  payloadTextVectors,
  identifierVectors,
  addressVectors,
  toldAddressVectors,
  signatureVectors,
  descriptorVectors,
  recordVectors,
  helloVectors,
  broadcastVectors,
  compressedBroadcastVectors,
  compressionVectors,
  messagingVectors,
  errorVectors,
  ringVectors,
  tableVectors,
  tableRecordVectors,
];

/** Makes every vector; the same at every call. */
export function allVectorFiles(): VectorFile[] {
  return areas.flatMap((area) => area());
}
