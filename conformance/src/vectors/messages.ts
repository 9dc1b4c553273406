// Right values of the messages of 9.8, full and smallest: what the vectors of payloads and bounds start from.
import { messageShape, toLinkValue, type Bytes, type MessageValue } from "../golden/index.js";
import { exampleValues } from "./examples-messaging.js";
import { examples, recordOf } from "./examples.js";
import { fullTable, smallestTable } from "./messages-table.js";
import { alice, bob, carol, demo } from "./world.js";
import { decodeMessage, filled, sha256, utf8 } from "../golden/index.js";

/** Messages of 9.8 that have fields. The registry holds those of later chapters too. */
export const SPECIFIED = [
  "Hello",
  "Proof",
  "Update",
  "Goodbye",
  "Error",
  "PeerRecordBody",
  "Tell",
  "Ask",
  "AskAnswer",
  "Peers",
  "PeersAnswer",
  "Locate",
  "Found",
  "StaleSequence",
  "StateAnswer",
  "Step",
  "StepAnswer",
  "Record",
  "Put",
  "PutAnswer",
  "Get",
  "GetAnswer",
  "Scan",
  "ScanAnswer",
  "Sync",
  "SyncAnswer",
  "Watch",
  "WatchAnswer",
  "Changed",
] as const;
export type Specified = (typeof SPECIFIED)[number];

const hello = decodeMessage("Hello", examples.handshake.initiatorHello);

export const full: Readonly<Record<Specified, MessageValue>> = {
  Hello: {
    ...hello,
    wanted: alice.id,
    compressions: [1, 4, 6],
    features: [1, 3, 65_537],
    bindingKinds: [4, 1],
    observedAddress: "tcp://192.0.2.9:41000",
  },
  Proof: { bindingKind: 4, signature: decodeMessage("Proof", examples.handshake.initiatorProof)["signature"] as Bytes },
  Update: { ...exampleValues.Update, compressions: [1, 3, 2] },
  Goodbye: { code: 101, text: "see you" },
  Error: { code: 401, text: "no such command" },
  PeerRecordBody: { addresses: ["tcp://192.0.2.1:7000", "tcp://[2001:db8::1]:7000"], features: [1, 5] },
  Tell: exampleValues.Tell,
  Ask: exampleValues.Ask,
  AskAnswer: exampleValues.AskAnswer,
  Peers: { limit: 32 },
  PeersAnswer: { records: [recordOf(alice), exampleValues.Found.record] },
  Locate: exampleValues.Locate,
  Found: exampleValues.Found,
  StaleSequence: { highest: 1_767_225_600_000_000n },
  StateAnswer: {
    self: recordOf(alice),
    phase: 2,
    predecessor: recordOf(carol),
    successors: [recordOf(bob), recordOf(carol)],
    wraps: 1,
  },
  Step: { target: sha256(utf8("motet vectors: target")) },
  StepAnswer: { owners: [recordOf(alice)], next: [recordOf(bob), recordOf(carol)] },
  ...fullTable,
};

export const smallest: Readonly<Record<Specified, MessageValue>> = {
  Hello: { networkId: demo.id, nonce: filled(32, 1), record: filled(120, 2), receiveLimit: 4097 },
  Proof: { signature: filled(64, 3) },
  Update: { receiveLimit: 4097, record: filled(120, 2) },
  Goodbye: { code: 100 },
  Error: { code: 100 },
  PeerRecordBody: {},
  Tell: {},
  Ask: { timeoutMs: 1 },
  AskAnswer: {},
  Peers: { limit: 1 },
  PeersAnswer: {},
  Locate: { query: filled(16, 4), wanted: filled(32, 5) },
  Found: { query: filled(16, 4), record: filled(120, 2) },
  StaleSequence: {},
  StateAnswer: { self: filled(120, 2), phase: 1 },
  Step: { target: filled(32, 5) },
  StepAnswer: {},
  ...smallestTable,
};

/** The value of link/1 with every field. */
export function linkValue(name: string, value: MessageValue): Record<string, unknown> {
  return toLinkValue(name, value);
}

/** Field of a message by its JSON name. */
export function fieldNumber(name: string, json: string): number {
  const field = messageShape(name).fields.find((candidate) => candidate.json === json);
  if (field === undefined) throw new TypeError(`${name} has no ${json}`);
  return field.number;
}
