// Identities of the scenarios: a name is all there is to one, so every run and every port meets the same node ids.
import { nodeIdOf, sha256, toHex, utf8, workOf, type Bytes } from "../golden/index.js";

export interface Identity {
  readonly name: string;
  /** Ed25519 private key: SHA-256 of `motet test ` and the name. */
  readonly seed: Bytes;
  readonly nodeId: Bytes;
}

const known = new Map<string, Identity>();

/** The identity of a name. */
export function identityOf(name: string): Identity {
  const found = known.get(name);
  if (found !== undefined) return found;
  const seed = sha256(utf8(`motet test ${name}`));
  const made = { name, seed, nodeId: nodeIdOf(seed) };
  known.set(name, made);
  return made;
}

/** The first of `name`, `name-1`, `name-2`, … whose node id has enough work. */
export function identityWithWork(name: string, bits: number): Identity {
  for (let index = 0; ; index++) {
    const identity = identityOf(index === 0 ? name : `${name}-${index}`);
    if (workOf(identity.nodeId) >= bits) return identity;
  }
}

/** Name of a node id met before, or its hex: for messages to people. */
export function nameOf(nodeIdHex: string): string {
  for (const { name, nodeId } of known.values()) if (toHex(nodeId) === nodeIdHex) return name;
  return nodeIdHex;
}
