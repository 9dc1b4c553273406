// What a session asks of its node, spread over those who know: peers, floods, messages, the ring, and the outputs.

import type { Flood } from "../mesh/index.js";
import type { Limits } from "../ports/index.js";
import type { Session, SessionOwner } from "../session/index.js";
import type { Messaging } from "./messaging.js";
import type { OutputQueue } from "./output-queue.js";
import type { PeerTable } from "./peer-table.js";
import type { PeerLife } from "./peer-life.js";
import type { RingLink } from "./ring-link.js";
import type { TableLink } from "./table/index.js";

export interface SessionOwnerParts {
  readonly flood: Flood;
  readonly life: PeerLife;
  readonly messaging: Messaging;
  readonly ring: RingLink;
  readonly table: TableLink;
  readonly outputs: OutputQueue;
  readonly peers: PeerTable;
  readonly limits: Limits;
  /** The connection of a session is to be closed. */
  disconnect(session: Session): void;
}

export function makeSessionOwner(parts: SessionOwnerParts): SessionOwner {
  const { flood, life, messaging, ring, table, outputs } = parts;
  const slotOf = (session: Session): number => life.peerOf(session)?.slot ?? -1;
  return {
    messages: messaging,
    ring,
    table,
    admit: (session) => life.admit(session),
    ready: (session) => life.ready(session),
    carried: (session) => life.carried(session),
    renewed: (session, record) => {
      messaging.learnPeer(session, record);
      ring.learnPeer(session, record);
    },
    ended: (session, end) => {
      life.ended(session, end);
      table.ended(session);
    },
    broadcast: (session, buffer, start, end, tag) => {
      const peer = life.peerOf(session);
      if (peer === undefined) return;
      if (session.state !== "closing") flood.receive(peer.slot, buffer, start, end, tag);
      else flood.asRival(peer.slot, () => flood.receive(peer.slot, buffer, start, end, tag));
    },
    isSettled: (session) => flood.isSettled(slotOf(session)),
    afterSettled: (session, bytes, action) => flood.afterSettled(slotOf(session), bytes, action),
    isCongested: (session) => isCongested(parts, slotOf(session), session),
    writable: (session) => outputs.pushWrite(session.info.link),
    endDirection: (session) => outputs.push({ type: "end", link: session.info.link }),
    disconnect: (session) => parts.disconnect(session),
  };
}

/** Whether a session should not be read: its lane is full, or the answers it owes fill its queue. */
function isCongested(parts: SessionOwnerParts, slot: number, session: Session): boolean {
  // r[session.isolated] mutate: `session.queue.controlMemory` => `Math.max(...[...parts.peers].map((peer) => peer.active.queue.bytes))`
  return parts.flood.isCongested(slot) || session.queue.controlMemory >= parts.limits.QUEUE_BYTES;
}
