// UPDATE, section 3.10: what the peer replaces of its HELLO is judged, its record verified, and then it holds.

import { equalBytes } from "../bytes/index.js";
import type { Message } from "../codec/index.js";
import { ProtocolError } from "../errors/index.js";
import { decodeRecord, recordVerification } from "../identity/index.js";
import { leastReceiveLimit } from "./hello.js";
import type { Offers } from "./offer.js";
import type { SessionContext } from "./session-types.js";
import type { Session } from "./session.js";

/** Parts of one session that an UPDATE changes. */
export interface UpdateParts {
  readonly session: Session;
  readonly context: SessionContext;
  readonly offers: Offers;
}

/** The record of each session that was verified last in an UPDATE. */
const verified = new WeakMap<Session, Uint8Array>();

/**
 * Judges an UPDATE; `done` when it has taken effect. Nothing more is read meanwhile.
 * @throws {ProtocolError} MALFORMED, BAD_RECORD
 */
export function receiveUpdate(parts: UpdateParts, update: Message<"Update">, done: () => void): void {
  const { session, offers } = parts;
  const { hasher, network, limits, signatures } = parts.context;
  // r[session.update.limit]
  if (update.receiveLimit < leastReceiveLimit(network, limits)) {
    throw new ProtocolError("MALFORMED", `a receive limit of ${update.receiveLimit} bytes is too low`, {
      rule: "session.update.limit",
    });
  }
  const take = (): void => {
    // r[session.update.effect]
    offers.learn(update);
    done();
  };
  const last = verified.get(session) ?? session.peer?.bytes ?? new Uint8Array(0);
  // The same record again, where only the rest is new, costs no signature.
  if (equalBytes(update.record, last)) return take();
  const record = decodeRecord(hasher, network, update.record);
  const request = recordVerification(hasher, network, update.record);
  // r[session.update.record]
  if (request === undefined || !equalBytes(record.nodeId, session.peer?.nodeId ?? new Uint8Array(0))) {
    throw new ProtocolError("BAD_RECORD", "the record is not the peer's", { rule: "session.update.record" });
  }
  const release = session.hold();
  signatures.verify(request, (valid) => {
    if (valid) {
      verified.set(session, record.bytes);
      session.renew(record);
      take();
    } else session.end("BAD_RECORD", "the record's signature does not verify");
    release();
  });
}
