// The newest version of each key that this run has given to its application or took as stored: r[get.back]. A bounded number;
// the key that was used least recently goes first.

import { formatHex } from "../../bytes/index.js";
import { compareVersions, type Version } from "./versions.js";

export class VersionsSeen {
  readonly #most: number;
  readonly #seen = new Map<string, Version>();

  /** @param most keys that are remembered: VERSIONS_SEEN. */
  constructor(most: number) {
    this.#most = most;
  }

  of(keyId: Uint8Array): Version | undefined {
    return this.#seen.get(formatHex(keyId));
  }

  /** Whether this is older than what was given before. */
  isBack(keyId: Uint8Array, version: Version): boolean {
    const newest = this.of(keyId);
    return newest !== undefined && compareVersions(version, newest) < 0;
  }

  note(keyId: Uint8Array, { sequence, expires, digest }: Version): void {
    const key = formatHex(keyId);
    const newest = this.#seen.get(key);
    this.#seen.delete(key);
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size >= this.#most) this.#seen.delete(oldest);
    const version = { sequence, expires, digest };
    this.#seen.set(key, newest !== undefined && compareVersions(newest, version) > 0 ? newest : version);
  }
}
