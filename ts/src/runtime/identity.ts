// Identities: an Ed25519 key pair, in memory or in a file that only its owner can read.

import { chmod, readFile, writeFile } from "node:fs/promises";
import type { KeyObject } from "node:crypto";
import { formatHex, parseHex } from "../bytes/index.js";
import { misuse, ProtocolError } from "../errors/index.js";
import { formatNodeId, isValidKey } from "../identity/index.js";
import { privateKeyOf, publicBytesOf, random } from "./crypto.js";

const seedBytes = 32;
const fileMode = 0o600;

export interface Identity {
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
  /** Text of the node id, `motet1…`. */
  readonly text: string;
  /** The private key; never leaves the process. */
  readonly privateKey: KeyObject;
}

/**
 * The identity of a 32-byte seed (RFC 8032).
 * @throws {ProtocolError} MISUSE
 */
export function identityFromSeed(seed: Uint8Array): Identity {
  if (seed.length !== seedBytes) throw misuse(`a seed has ${seedBytes} bytes, this one ${seed.length}`);
  const privateKey = privateKeyOf(seed);
  const nodeId = publicBytesOf(privateKey);
  if (!isValidKey(nodeId)) throw misuse("the seed leads to a key that is no node id; take another seed");
  return { nodeId, text: formatNodeId(nodeId), privateKey };
}

/** A new identity that lives as long as the process. */
export function createIdentity(): Identity {
  return identityFromSeed(random.bytes(seedBytes));
}

function parseIdentity(file: string, text: string): Identity {
  const match = /^motet-identity-1 ([0-9a-f]{64})\n?$/.exec(text);
  const seed = parseHex(match?.[1] ?? "");
  if (match === null || seed === undefined)
    throw misuse(`${file} is no identity file; name another file or remove this one`);
  return identityFromSeed(seed);
}

/**
 * The identity in a file; makes the file (mode 0600) when there is none.
 * @throws {ProtocolError} MISUSE when the file holds something else or cannot be used
 */
export async function loadIdentity(file: string): Promise<Identity> {
  try {
    return parseIdentity(file, await readFile(file, "latin1"));
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      throw misuse(`${file} cannot be read: ${(error as Error).message}`);
  }
  return createIdentityFile(file);
}

async function createIdentityFile(file: string): Promise<Identity> {
  const seed = random.bytes(seedBytes);
  const identity = identityFromSeed(seed);
  try {
    await writeFile(file, `motet-identity-1 ${formatHex(seed)}\n`, { mode: fileMode, flag: "wx" });
    await chmod(file, fileMode);
  } catch (error) {
    throw misuse(`${file} cannot be written: ${(error as Error).message}; name a file in a folder of yours`);
  }
  return identity;
}
