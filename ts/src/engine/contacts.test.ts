import { beforeEach, describe, expect, test } from "vitest";
import { concatBytes } from "../bytes/index.js";
import type { Contact } from "../chord/index.js";
import { Feature } from "../gen/registry.js";
import { decodeRecord, defaultDescriptor, encodeRecordBody, networkFrom, prepareRecord } from "../identity/index.js";
import type { VerifyRequest } from "../ports/index.js";
import { hasher, identityFromSeed, signNow, verifyNow } from "../runtime/index.js";
import { Contacts, isMember } from "./contacts.js";

const network = networkFrom(hasher, { ...defaultDescriptor, name: Uint8Array.of(1) });
const now = 1_767_225_600_000;

interface Claim {
  readonly issued?: number;
  readonly incarnation?: bigint;
  readonly features?: readonly number[];
}

/** The record of the node of a seed, signed. */
function recordOf(
  seed: number,
  { issued = now, incarnation = 1n, features = [Feature.MEMBER] }: Claim = {},
): Uint8Array {
  const identity = identityFromSeed(new Uint8Array(32).fill(seed));
  const { unsigned, message } = prepareRecord(hasher, network, {
    nodeId: identity.nodeId,
    issued: BigInt(issued),
    expires: BigInt(issued + 60_000),
    incarnation,
    body: encodeRecordBody([`tls://127.0.0.1:${seed}`], features),
  });
  return concatBytes(unsigned, signNow(identity.privateKey, message));
}

/** With another signature. */
const forge = (record: Uint8Array): Uint8Array => record.with(record.length - 1, 9);
const decoded = (bytes: Uint8Array): ReturnType<typeof decodeRecord> => decodeRecord(hasher, network, bytes);

describe("contacts of records", () => {
  let verified = 0;
  let contacts: Contacts;
  beforeEach(() => {
    verified = 0;
    const verify = ({ key, message, signature }: VerifyRequest, done: (valid: boolean) => void): void => {
      verified++;
      done(verifyNow(key, message, signature));
    };
    contacts = new Contacts({ network, hasher, signatures: { verify, sign: () => undefined }, now: () => now });
  });

  function receive(...records: readonly Uint8Array[]): readonly (Contact | undefined)[] {
    let received: readonly (Contact | undefined)[] = [];
    contacts.receive(records, "tls://127.0.0.1:1", (all) => (received = all));
    return received;
  }

  test("keep their order; what is not to be used is left out in its place", () => {
    const forged = forge(recordOf(2));
    const stale = recordOf(3, { issued: now - 60_000 });
    const early = recordOf(4, { issued: now + 1e9 });
    const client = recordOf(5, { features: [] });
    const received = receive(recordOf(1), forged, stale, early, client, Uint8Array.of(1), recordOf(6));
    expect(received.map((contact) => contact !== undefined)).toEqual([true, false, false, false, false, false, true]);
    expect(receive()).toEqual([]);
  });

  test("are verified once", () => {
    receive(recordOf(1), recordOf(2));
    receive(recordOf(2), recordOf(1));
    expect(verified).toBe(2);
    receive(forge(recordOf(1)));
    expect(verified).toBe(3);
  });

  test("are named by the newest record of the same life", () => {
    const [first] = receive(recordOf(1)) as [Contact];
    const newer = recordOf(1, { issued: now + 1 });
    receive(newer, recordOf(1, { issued: now - 5 }));
    expect(contacts.recordOf(first).record.bytes).toEqual(newer);
    const [reborn] = receive(recordOf(1, { issued: now + 2, incarnation: 2n })) as [Contact];
    expect(contacts.recordOf(first).record.incarnation).toBe(1n);
    expect([reborn.key === first.key, reborn.position.equals(first.position)]).toEqual([true, true]);
    expect(contacts.find(decoded(newer).nodeId)?.record.incarnation).toBe(2n);
  });

  test("of sessions too", () => {
    const record = decoded(recordOf(1, { features: [] }));
    const contact = contacts.of(record, "tls://127.0.0.1:9");
    expect(contacts.recordOf(contact)).toEqual({ record, toldBy: "tls://127.0.0.1:9" });
    expect(isMember(record)).toBe(false);
    expect(isMember(decoded(recordOf(1)))).toBe(true);
  });
});
