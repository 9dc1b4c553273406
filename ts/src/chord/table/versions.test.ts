import { describe, expect, it } from "vitest";
import { tableRecord } from "../../../test/harness/table-records.js";
import { sequenceFor } from "./sequence.js";
import { compareVersions } from "./versions.js";
import { VersionsSeen } from "./versions-seen.js";

const digest = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const version = (sequence: bigint, expires: bigint, byte = 1): Parameters<typeof compareVersions>[0] => ({
  sequence,
  expires,
  digest: digest(byte),
});

describe("versions", () => {
  it.each([
    ["sequence", version(2n, 1n, 1), version(1n, 9n, 9)],
    ["expiry", version(1n, 2n, 1), version(1n, 1n, 9)],
    ["digest", version(1n, 1n, 200), version(1n, 1n, 100)],
  ])("are ordered by %s", (_by, newer, older) => {
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, newer)).toBe(0);
  });

  it("get numbers above all that were seen, and above the clock in microseconds", () => {
    expect(sequenceFor(1, 0n, 5)).toBe(5_000n);
    expect(sequenceFor(1, 9_000n, 5)).toBe(9_001n);
    expect(sequenceFor(2, 9_000n, 5)).toBe(9_001n);
    expect(sequenceFor(2, 0n, 0)).toBe(1n);
    expect(sequenceFor(3, 7n, 5)).toBe(0n);
  });

  it("that were given are remembered, a bounded number of them", () => {
    const seen = new VersionsSeen(2);
    const [a, b, c] = [1, 2, 3].map((key) => tableRecord({ key, sequence: 5n }));
    if (a === undefined || b === undefined || c === undefined) throw new Error("three records");
    seen.note(a.keyId, a);
    seen.noteSequence(a.keyId, 9n);
    seen.note(b.keyId, b);
    expect(seen.isBack(a.keyId, { ...a, sequence: 4n })).toBe(true);
    expect(seen.isBack(a.keyId, a)).toBe(false);
    expect(seen.sequenceOf(a.keyId)).toBe(9n);
    seen.note(c.keyId, c);
    expect(seen.isBack(a.keyId, { ...a, sequence: 4n })).toBe(false);
    expect(seen.sequenceOf(a.keyId)).toBe(0n);
  });
});
