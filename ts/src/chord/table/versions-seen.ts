// The newest version of each key that this run has given to its application or took as stored: r[get.back]; and the largest
// sequence it has seen or made. A bounded number of keys; the one that was used least recently goes first.

import { formatHex } from "../../bytes/index.js";
import { compareVersions, type Version } from "./versions.js";

interface Seen {
  /** Undefined when nothing was given yet. */
  version: Version | undefined;
  sequence: bigint;
}

export class VersionsSeen {
  readonly #most: number;
  readonly #seen = new Map<string, Seen>();

  /** @param most keys that are remembered: VERSIONS_SEEN. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The largest sequence seen or made under a key; 0 when none. */
  sequenceOf(keyId: Uint8Array): bigint {
    return this.#seen.get(formatHex(keyId))?.sequence ?? 0n;
  }

  /** Whether this is older than what was given before. */
  isBack(keyId: Uint8Array, version: Version): boolean {
    const newest = this.#seen.get(formatHex(keyId))?.version;
    return newest !== undefined && compareVersions(version, newest) < 0;
  }

  /** A version was given to the application, or taken as stored. */
  note(keyId: Uint8Array, { sequence, expires, digest }: Version): void {
    const seen = this.#touch(keyId, sequence);
    const version = { sequence, expires, digest };
    if (seen.version === undefined || compareVersions(version, seen.version) > 0) seen.version = version;
  }

  /** A record with this sequence was made or met, whatever becomes of it. */
  noteSequence(keyId: Uint8Array, sequence: bigint): void {
    this.#touch(keyId, sequence);
  }

  #touch(keyId: Uint8Array, sequence: bigint): Seen {
    const key = formatHex(keyId);
    const seen = this.#seen.get(key) ?? { version: undefined, sequence };
    this.#seen.delete(key);
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size >= this.#most) this.#seen.delete(oldest);
    if (sequence > seen.sequence) seen.sequence = sequence;
    this.#seen.set(key, seen);
    return seen;
  }
}
