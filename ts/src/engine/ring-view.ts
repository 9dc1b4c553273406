// What an application sees of the ring: nodes by id, place and addresses instead of contacts.

import type { Contact, Snapshot } from "../chord/index.js";
import type { KnownRecord } from "./known-records.js";

/** A node on the ring. */
export interface RingPlace {
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
  /** Its position, 32 bytes. */
  readonly position: Uint8Array;
  /** Where it can be dialled. */
  readonly addresses: readonly string[];
}

/** Whom a node knows on the ring, at one moment: section 7.3. */
export interface RingView {
  readonly phase: "JOINING" | "MEMBER" | "FOUNDER" | "LEAVING";
  readonly self: RingPlace;
  readonly predecessor?: RingPlace;
  /** The nearest first. */
  readonly successors: readonly RingPlace[];
  /** Whether the successors are the whole ring. */
  readonly wraps: boolean;
}

/** Contacts of a node farther away: section 7.10. */
export interface RingFinger {
  /** 0…255: it is the owner of the own position + 2^index. */
  readonly index: number;
  readonly node: RingPlace;
}

type RecordOf = (contact: Contact) => KnownRecord;

export function placeOfContact(contact: Contact, recordOf: RecordOf): RingPlace {
  const { nodeId, addresses } = recordOf(contact).record;
  return { nodeId: nodeId.slice(), position: contact.position.bytes.slice(), addresses };
}

/** @param self the place of the node that the snapshot is of. */
export function viewOf(snapshot: Snapshot, self: RingPlace, recordOf: RecordOf): RingView {
  const { phase, predecessor, successors, wraps } = snapshot;
  return {
    phase,
    self,
    ...(predecessor === undefined ? {} : { predecessor: placeOfContact(predecessor, recordOf) }),
    successors: successors.map((contact) => placeOfContact(contact, recordOf)),
    wraps,
  };
}
