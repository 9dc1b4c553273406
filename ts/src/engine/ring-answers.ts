// Answers to STATE and STEP between what is on the wire and what the ring's machine sees: records there, contacts here.
// Sections 7.2, 7.3 and 7.9.

import { formatHex } from "../bytes/index.js";
import type { Contact, Snapshot, StepAnswer } from "../chord/index.js";
import { decodeMessage, encodeMessage } from "../codec/index.js";
import { Phase, type PhaseName } from "../gen/registry.js";
import type { Contacts } from "./contacts.js";
import type { RingReply } from "./ring-requests.js";

/** The record that names a contact. */
type BytesOf = (contact: Contact) => Uint8Array;

const phaseNames = new Map<number, PhaseName>(
  Object.entries(Phase).map(([name, number]) => [number, name as PhaseName]),
);

/** What STATE answers, without the end of a list that is too long. @param mostBytes what the asker takes. */
export function encodeState(snapshot: Snapshot, bytesOf: BytesOf, mostBytes: number): Uint8Array {
  const { phase, self, predecessor, successors, wraps } = snapshot;
  const answer = encodeMessage("StateAnswer", {
    self: bytesOf(self),
    phase: Phase[phase],
    predecessor: predecessor === undefined ? new Uint8Array(0) : bytesOf(predecessor),
    successors: successors.map(bytesOf),
    wraps: wraps ? 1 : 0,
  });
  // r[ring.state.fits] mutate: always
  if (answer.length <= mostBytes || successors.length === 0) return answer;
  return encodeState({ ...snapshot, successors: successors.slice(0, -1), wraps: false }, bytesOf, mostBytes);
}

/** Reads an answer to STATE. @param done called once, perhaps within this call: nothing for an answer that has failed. */
export function readState(
  contacts: Contacts,
  { payload, session }: RingReply,
  done: (snapshot: Snapshot | undefined) => void,
): void {
  const { self, phase, predecessor, successors, wraps } = decodeMessage("StateAnswer", payload);
  const hasPredecessor = predecessor.length > 0;
  const records = [self, ...(hasPredecessor ? [predecessor] : []), ...successors];
  contacts.receive(records, session.info.remoteAddress, ([own, ...others]) => {
    const name = phaseNames.get(phase);
    // r[ring.entry.self] mutate: `own === undefined` => `false`
    if (own === undefined || name === undefined || !isOf(own, session)) return done(undefined);
    done({
      phase: name,
      self: own,
      predecessor: hasPredecessor ? others.shift() : undefined,
      successors: others.filter((contact) => contact !== undefined),
      wraps: wraps === 1,
    });
  });
}

/** Whether a contact is the peer of a session. */
function isOf(contact: Contact, { peer }: RingReply["session"]): boolean {
  return peer !== undefined && contact.key === formatHex(peer.nodeId);
}

export function encodeStep({ owners, next }: StepAnswer, bytesOf: BytesOf): Uint8Array {
  return encodeMessage("StepAnswer", { owners: owners.map(bytesOf), next: next.map(bytesOf) });
}

/** Reads an answer to STEP. @param done called once, perhaps within this call. */
export function readStep(
  contacts: Contacts,
  { payload, session }: RingReply,
  done: (answer: StepAnswer) => void,
): void {
  const { owners, next } = decodeMessage("StepAnswer", payload);
  contacts.receive([...owners, ...next], session.info.remoteAddress, (named) => {
    const kept = (from: number, to?: number): Contact[] =>
      named.slice(from, to).filter((contact) => contact !== undefined);
    done({ owners: kept(0, owners.length), next: kept(owners.length) });
  });
}
