import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8 } from "../bytes/index.js";
import type { Message } from "../codec/index.js";
import { Limit } from "../gen/registry.js";
import { decodeRecord, defaultDescriptor, encodeRecordBody, networkFrom, prepareRecord } from "../identity/index.js";
import type { VerifyRequest } from "../ports/index.js";
import { fakeSign, fakeVerify, hasher } from "../../test/harness/signatures.js";
import { Offers } from "./offer.js";
import { receiveUpdate, type UpdateParts } from "./update.js";

const network = networkFrom(hasher, { ...defaultDescriptor, name: encodeUtf8("demo") });
const nodeId = hasher.sha256(encodeUtf8("a node"));

function recordOf(issued: bigint): Uint8Array {
  const claim = { nodeId, issued, expires: issued + 1000n, incarnation: 7n, body: encodeRecordBody([], []) };
  const { unsigned, message } = prepareRecord(hasher, network, claim);
  return concatBytes(unsigned, fakeSign(nodeId, message));
}

/** A session whose peer said hello with a record; what becomes of it is said. */
function session(): { take: (record: Uint8Array, receiveLimit?: number) => void; said: string[]; offers: Offers } {
  const said: string[] = [];
  const offers = new Offers({ compressions: [], receiveLimit: 1 }, () => undefined);
  const parts = {
    offers,
    session: {
      peer: decodeRecord(hasher, network, recordOf(1000n)),
      hold: () => () => undefined,
      renew: ({ issued }: { issued: bigint }) => void said.push(`renewed ${issued}`),
      end: (code: string) => void said.push(code),
    },
    context: {
      hasher,
      network,
      limits: Limit,
      signatures: {
        verify(request: VerifyRequest, done: (valid: boolean) => void): void {
          said.push("verify");
          done(fakeVerify(request));
        },
      },
    },
  } as unknown as UpdateParts;
  const take = (record: Uint8Array, receiveLimit: number = Limit.RECEIVE_BYTES): void => {
    const update = { compressions: [], receiveLimit, record } as unknown as Message<"Update">;
    receiveUpdate(parts, update, () => said.push("done"));
  };
  return { take, said, offers };
}

describe("UPDATE", () => {
  test("with the record of HELLO, or of the last UPDATE, costs no signature and takes effect", () => {
    const { take, said, offers } = session();
    take(recordOf(1000n));
    expect(offers.peer.receiveLimit).toBe(Limit.RECEIVE_BYTES);
    take(recordOf(1000n), Limit.RECEIVE_BYTES + 1);
    expect(offers.peer.receiveLimit).toBe(Limit.RECEIVE_BYTES + 1);
    take(recordOf(2000n));
    for (let i = 0; i < 100; i++) take(recordOf(2000n));
    expect(said.filter((what) => what !== "done")).toEqual(["verify", "renewed 2000"]);
    expect(said.filter((what) => what === "done").length).toBe(103);
  });

  test("with a record that differs in its signature alone is verified", () => {
    const { take, said } = session();
    const record = recordOf(1000n);
    record[record.length - 40] = (record.at(-40) as number) ^ 1;
    take(record);
    expect(said).toEqual(["verify", "BAD_RECORD"]);
  });
});
