import { describe, expect, test } from "vitest";
import { concatBytes, encodeUtf8 } from "../bytes/index.js";
import { Limit } from "../gen/registry.js";
import { defaultDescriptor, encodeRecordBody, networkFrom, prepareRecord } from "../identity/index.js";
import type { VerifyRequest } from "../ports/index.js";
import type { Session } from "../session/index.js";
import { fakeSign, fakeVerify, hasher } from "../../test/harness/signatures.js";
import { RecordExchange, type RecordExchangeContext } from "./record-exchange.js";

const network = networkFrom(hasher, { ...defaultDescriptor, name: encodeUtf8("demo") });
const nodeId = hasher.sha256(encodeUtf8("wanted"));
const start = 1_767_225_600_000;
const query = new Uint8Array(16);

function recordOf(issued: number): Uint8Array {
  const times = { issued: BigInt(issued), expires: BigInt(start + 3_600_000), incarnation: 7n };
  const { unsigned, message } = prepareRecord(hasher, network, { nodeId, ...times, body: encodeRecordBody([], []) });
  return concatBytes(unsigned, fakeSign(nodeId, message));
}

function forged(issued: number): Uint8Array {
  const record = recordOf(issued);
  record[record.length - 40] = (record.at(-40) as number) ^ 1;
  return record;
}

const sessionOf = (): Session =>
  ({ info: { remoteAddress: "tcp://8.8.8.8:1" }, hold: () => () => undefined }) as unknown as Session;

/** The exchange of a node that expects every FOUND; counts signatures verified and records that came through. */
class Bench {
  now = start;
  verified = 0;
  found = 0;
  readonly exchange = new RecordExchange({
    network,
    limits: Limit,
    hasher,
    signatures: {
      verify: (request: VerifyRequest, done: (valid: boolean) => void) => {
        this.verified++;
        done(fakeVerify(request));
      },
    },
    known: { learn: () => true },
    locator: { isExpected: () => true, isOwn: () => true, receiveFound: () => void this.found++ },
    now: () => this.now,
  } as unknown as RecordExchangeContext);

  receive(session: Session, record: Uint8Array): void {
    this.exchange.receiveFound(session, { query, record });
  }
}

describe("FOUNDs with wrong signatures", () => {
  test("are verified 32 times in a session, then dropped with its others until queries of the time are forgotten", () => {
    const bench = new Bench();
    const [forger, honest] = [sessionOf(), sessionOf()];
    for (let i = 0; i < 1000; i++) bench.receive(forger, forged(start + i));
    expect([bench.verified, bench.found]).toEqual([32, 0]);
    bench.receive(forger, recordOf(start));
    bench.receive(honest, recordOf(start));
    expect([bench.verified, bench.found]).toEqual([33, 1]);
    bench.now += Limit.LOCATE_KEEP_MS;
    bench.receive(forger, recordOf(start));
    expect([bench.verified, bench.found]).toEqual([34, 2]);
    for (let i = 0; i < 1000; i++) bench.receive(forger, forged(start + i));
    expect([bench.verified, bench.found]).toEqual([66, 2]);
  });

  test("once in a while cost nothing", () => {
    const bench = new Bench();
    const session = sessionOf();
    for (let i = 0; i < 20; i++) {
      bench.receive(session, forged(start));
      bench.receive(session, recordOf(start));
      bench.now += Limit.LOCATE_KEEP_MS / 2;
    }
    expect([bench.verified, bench.found]).toEqual([40, 20]);
  });
});
