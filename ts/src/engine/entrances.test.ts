import { beforeEach, describe, expect, test } from "vitest";
import { formatHex } from "../bytes/index.js";
import { Position, type Contact } from "../chord/index.js";
import { Limit } from "../gen/registry.js";
import type { Session } from "../session/index.js";
import type { DialTarget } from "./dialler.js";
import { Entrances } from "./entrances.js";
import { PeerTable } from "./peer-table.js";

const address = "tls://127.0.0.1:1";
const idOf = (n: number): Uint8Array => new Uint8Array(32).fill(n);

/** A session with a node that can be dialled at an address. */
const sessionWith = (nodeId: Uint8Array, ...addresses: string[]): Session =>
  ({ peer: { nodeId, addresses }, hasCarried: true, info: { role: "initiator" } }) as unknown as Session;

const contactOf = ({ peer }: Session): Contact | undefined =>
  peer && {
    key: formatHex(peer.nodeId),
    position: Position.fromBytes(peer.nodeId),
    incarnation: 1n,
    record: undefined,
  };

describe("addresses that lead to the ring", () => {
  let now = 0;
  let dials: DialTarget[];
  let peers: PeerTable;
  let entrances: Entrances;
  let found: (number | undefined)[];
  const note = (contact?: Contact): void => void found.push(contact?.position.bytes[0]);

  beforeEach(() => {
    now = 0;
    [dials, found] = [[], []];
    peers = new PeerTable(idOf(0));
    entrances = new Entrances({
      limits: Limit,
      peers,
      dialler: { add: (target) => void dials.push(target) },
      sessionOf: (nodeId) => peers.find(nodeId)?.active,
      contactOf,
      now: () => now,
    });
  });

  function connect(n: number, ...addresses: string[]): void {
    peers.add(sessionWith(idOf(n), ...addresses), idOf(n)).peer.isReported = true;
  }

  test("are not dialled when a peer is there", () => {
    connect(1, address);
    connect(2);
    entrances.enter({ address }, note);
    entrances.enter({ address: "tls://127.0.0.1:2", pinned: idOf(2) }, note);
    expect([found, dials]).toEqual([[1, 2], []]);
  });

  test("are dialled once for all who wait, and again for who comes later", () => {
    entrances.enter({ address }, note);
    entrances.enter({ address }, note);
    expect(dials).toMatchObject([{ address, isKept: false }]);
    connect(1);
    dials[0]?.answered?.(idOf(1));
    entrances.enter({ address }, note);
    dials[1]?.answered?.();
    expect(found).toEqual([1, 1, undefined]);
  });

  test("are tried until somebody is there, and seldom the longer that takes", () => {
    entrances.watch({ address }, false, note);
    let waited: number = Limit.RING_JOIN_MIN_MS;
    for (let dial = 0; dial < 9; dial++) {
      dials[dial]?.answered?.();
      expect(entrances.deadline).toBe(now + waited);
      now += waited;
      entrances.wake(now);
      waited = Math.min(2 * waited, Limit.RING_JOIN_MAX_MS);
    }
    connect(1);
    dials[9]?.answered?.(idOf(1));
    expect(found).toEqual([1]);
    expect(entrances.deadline).toBe(Infinity);
  });

  test("that are kept tell each time who is there", () => {
    entrances.watch({ address }, true, note);
    connect(1);
    connect(2);
    for (const n of [1, 2]) dials[0]?.answered?.(idOf(n));
    expect([found, dials.length]).toEqual([[1, 2], 1]);
  });

  test("are forgotten when the node stops", () => {
    entrances.watch({ address }, false, note);
    dials[0]?.answered?.();
    entrances.stop();
    expect(entrances.deadline).toBe(Infinity);
  });
});
