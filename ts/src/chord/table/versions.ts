// Which of two records under one key is newer: section 8.3. A total order, so that copies become alike in whatever order records
// come.

import { compareBytes } from "../../bytes/index.js";

/** What orders the versions of a key. */
export interface Version {
  readonly sequence: bigint;
  /** Unix ms. */
  readonly expires: bigint;
  /** 32 bytes. */
  readonly digest: Uint8Array;
}

/** Positive when `a` is newer than `b`, negative when older, 0 when they are the same record. */
export function compareVersions(a: Version, b: Version): number {
  // r[version.sequence]
  if (a.sequence !== b.sequence) return a.sequence > b.sequence ? 1 : -1;
  // r[version.expires]
  if (a.expires !== b.expires) return a.expires > b.expires ? 1 : -1;
  // r[version.digest] mutate: `a.digest, b.digest` => `b.digest, a.digest`
  return compareBytes(a.digest, b.digest);
}
