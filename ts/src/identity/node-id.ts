// Text and work of ids: sections 1.3 and 1.5.

import { formatBech32m, parseBech32m } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import type { Hasher } from "../ports/index.js";
import { Domain, hashIn } from "./domains.js";
import { isValidKey, nodeIdBytes } from "./keys.js";

const nodePrefix = "motet";
const networkPrefix = "motetnet";

/** Text of a node id, `motet1…`. */
export function formatNodeId(id: Uint8Array): string {
  // r[id.text.encode] mutate: `nodePrefix` => `networkPrefix`
  return formatBech32m(nodePrefix, id);
}

/** Text of a network id, `motetnet1…`. */
export function formatNetworkId(id: Uint8Array): string {
  return formatBech32m(networkPrefix, id);
}

function parseId(prefix: string, text: string): Uint8Array {
  const bytes = parseBech32m(prefix, text);
  // r[id.text.decode]
  if (bytes?.length !== nodeIdBytes) {
    throw new ProtocolError(
      "BAD_TEXT",
      `not the text of an id: expected ${prefix}1 and 58 characters with a right checksum`,
      {
        rule: "id.text.decode",
      },
    );
  }
  return bytes;
}

/**
 * Parses the text of a node id into 32 new bytes.
 * @throws {ProtocolError} BAD_TEXT (r[id.text.decode]), BAD_KEY (r[id.text.key])
 */
export function parseNodeId(text: string): Uint8Array {
  const id = parseId(nodePrefix, text);
  // r[id.text.key]
  if (!isValidKey(id))
    throw new ProtocolError("BAD_KEY", "the text is well-formed, the key in it is not", { rule: "id.text.key" });
  return id;
}

/**
 * Parses the text of a network id into 32 new bytes.
 * @throws {ProtocolError} BAD_TEXT (r[id.text.decode])
 */
export function parseNetworkId(text: string): Uint8Array {
  return parseId(networkPrefix, text);
}

/** Work of a node id: leading zero bits of its work hash. */
export function workOf(hasher: Hasher, nodeId: Uint8Array): number {
  let bits = 0;
  for (const byte of hashIn(hasher, Domain.WORK, nodeId)) {
    bits += Math.clz32(byte) - 24;
    if (byte !== 0) break;
  }
  return bits;
}

/** Whether a node id has the work that a network asks for: section 1.5. */
export function hasWork(hasher: Hasher, nodeId: Uint8Array, workBits: number): boolean {
  return workBits === 0 || workOf(hasher, nodeId) >= workBits;
}
