// How peers come and go with their sessions: who is admitted, which rival stays, what the application is told.

import { formatHex } from "../bytes/index.js";
import type { Code } from "../gen/registry.js";
import type { Flood, Penalties } from "../mesh/index.js";
import type { Session, SessionEnd } from "../session/index.js";
import type { Dialler } from "./dialler.js";
import type { EngineConfig } from "./engine-types.js";
import type { Messaging } from "./messaging.js";
import type { NodeEvent } from "./outputs.js";
import type { Peer, PeerTable } from "./peer-table.js";
import { PeerSelection } from "./peer-selection.js";
import type { Reception } from "./reception.js";
import type { RingLink } from "./ring-link.js";
import { Slots } from "./slots.js";

/** Who may be a peer. */
export interface Access {
  /** If given, nobody else. */
  readonly allow?: readonly Uint8Array[];
  /** Never. */
  readonly deny: readonly Uint8Array[];
  /** Asked last, for nodes that the lists let pass. */
  readonly accept?: (nodeId: Uint8Array) => boolean;
}

function accessCheck({ allow, deny, accept }: Access): (nodeId: Uint8Array) => boolean {
  const [allowed, denied] = [allow && new Set(allow.map(formatHex)), new Set(deny.map(formatHex))];
  return (nodeId) => {
    const key = formatHex(nodeId);
    return !denied.has(key) && (allowed?.has(key) ?? true) && (accept?.(nodeId) ?? true);
  };
}

export interface PeerLifeContext {
  readonly config: EngineConfig;
  readonly reception: Reception;
  readonly peers: PeerTable;
  readonly flood: Flood;
  readonly penalties: Penalties;
  readonly dialler: Dialler;
  readonly messaging: Messaging;
  readonly ring: RingLink;
  emit(event: NodeEvent): void;
  /** Unix ms. */
  now(): number;
}

export class PeerLife {
  readonly #context: PeerLifeContext;
  readonly #dials = new Map<Session, number>();
  readonly #peerBySession = new Map<Session, Peer>();
  /** Sessions that were admitted and wait for their own proof: they have their places already. */
  readonly #admitted = new Set<Session>();
  readonly #slots: Slots<Session>;
  /** Which nodes are dialled so that there are enough peers. */
  readonly selection: PeerSelection;
  /** Whether the application allows a node. */
  #isAllowed: (nodeId: Uint8Array) => boolean = () => true;

  constructor(context: PeerLifeContext) {
    this.#context = context;
    const { config, messaging } = context;
    const { known, exchange } = messaging;
    this.#slots = new Slots(config.limits);
    const mayBePeer = (nodeId: Uint8Array): boolean => this.#mayBePeer(nodeId);
    this.selection = new PeerSelection({ ...context, ...config, known, exchange, mayBePeer });
  }

  /** The peer that a session belongs to, as long as it is one. */
  peerOf(session: Session): Peer | undefined {
    const peer = this.#peerBySession.get(session);
    return peer !== undefined && this.#context.peers.at(peer.slot) === peer ? peer : undefined;
  }

  /** A session came of a dial. */
  dialled(session: Session, dial: number): void {
    this.#dials.set(session, dial);
  }

  /** The connection of a session is closed. */
  forget(session: Session): void {
    this.#peerBySession.delete(session);
  }

  /** Refuses a proven peer, or not. */
  admit(session: Session): Code | undefined {
    const { peer } = session;
    // r[mesh.penalty.ban]
    if (peer !== undefined && this.#isBanned(peer.nodeId)) return "BANNED";
    // r[session.banned]
    if (peer !== undefined && !this.#isAllowed(peer.nodeId)) return "BANNED";
    const isFull = this.#isFull(session);
    const neighbour = isFull ? this.#neighbour(session) : undefined;
    // r[session.full]
    if (isFull && neighbour === undefined) return "FULL";
    if (!this.#isConfigured(session) && !this.#context.reception.mayBecomeReady(session.info.remoteAddress))
      return "FULL";
    if (peer !== undefined && this.#context.peers.strongerThan(session, peer.nodeId) !== undefined) {
      this.#answered(session, peer.nodeId);
      this.#join(session, peer.nodeId);
      return "DUPLICATE";
    }
    // r[peers.crowded] also
    neighbour?.end("FULL", "too many sessions from one place");
    this.#admitted.add(session);
    if (session.info.role === "responder") this.#slots.take(session, session.info.remoteAddress);
    if (!this.#isConfigured(session)) this.#context.reception.ready(session.info.link, session.info.remoteAddress);
    return undefined;
  }

  #isBanned(nodeId: Uint8Array): boolean {
    return this.#context.penalties.isBanned(nodeId, this.#context.now());
  }

  #mayBePeer(nodeId: Uint8Array): boolean {
    return !this.#isBanned(nodeId) && this.#isAllowed(nodeId);
  }

  /** Whether all places are taken that a session may have. */
  #isFull({ info }: Session): boolean {
    const taken = this.#context.peers.sessionCount + this.#admitted.size;
    // r[peers.slots] also
    if (info.role === "responder" && this.#slots.isFull) return true;
    return taken >= this.#context.config.limits.SESSIONS;
  }

  /** The session that makes room for one that another side began. */
  #neighbour({ info }: Session): Session | undefined {
    return info.role === "responder" ? this.#slots.crowded(info.remoteAddress) : undefined;
  }

  /** Whether the operator has named the address: it is exempt from what counts by address. */
  #isConfigured(session: Session): boolean {
    return session.info.role === "initiator" && !this.#isTold(session);
  }

  /** Says who may be a peer from now on. */
  restrict(access: Access): void {
    this.#isAllowed = accessCheck(access);
    for (const session of Array.from(this.#admitted)) {
      if (session.peer !== undefined && !this.#isAllowed(session.peer.nodeId))
        session.end("BANNED", "not allowed here");
    }
    for (const peer of Array.from(this.#context.peers)) {
      if (this.#isAllowed(peer.nodeId)) continue;
      for (const session of Array.from(peer.sessions)) {
        // r[session.banned.live]
        session.end("BANNED", "not allowed here any more");
      }
    }
  }

  /** A session is READY. */
  ready(session: Session): void {
    this.#admitted.delete(session);
    if (session.peer === undefined) return;
    const { nodeId } = session.peer;
    const { peer, isNew } = this.#context.peers.add(session, nodeId);
    this.#peerBySession.set(session, peer);
    // r[session.duplicate.after] mutate: `this.#context.peers.choose(peer)` => `this.carried(session)`
    if (isNew) this.#joined(peer);
    else this.#context.peers.choose(peer);
    this.#context.messaging.learnPeer(session, session.peer);
    this.#context.ring.learnPeer(session, session.peer);
    if (session.info.role === "responder") this.#report(peer, session);
  }

  #joined(peer: Peer): void {
    this.#context.flood.join(peer.slot, peer.nodeId);
    this.#context.messaging.joined(peer);
  }

  /** What is read in a session that loses to a rival still counts: r[session.duplicate.drain]. */
  #join(session: Session, nodeId: Uint8Array): void {
    const peer = this.#context.peers.find(nodeId);
    if (peer !== undefined) this.#peerBySession.set(session, peer);
  }

  /** Whose address it was that was dialled: it is spared as long as that node is a peer. */
  #answered(session: Session, nodeId: Uint8Array): void {
    const dial = this.#dials.get(session);
    if (dial !== undefined) this.#context.dialler.answered(dial, nodeId);
  }

  /** A frame has come after the proof: rivals are decided. */
  carried(session: Session): void {
    const peer = this.peerOf(session);
    if (peer === undefined) return;
    this.#context.peers.choose(peer);
    if (peer.active === session) this.#context.flood.renew(peer.slot);
    // r[session.ready.report] mutate: remove
    this.#report(peer, session);
    this.#answered(session, peer.nodeId);
    for (const loser of this.#context.peers.losers(peer, session)) {
      // r[session.duplicate.code] mutate: `"DUPLICATE"` => `"CLOSED"`
      loser.end("DUPLICATE", "another session of this pair stays");
    }
  }

  #report(peer: Peer, session: Session): void {
    // r[session.duplicate.report]
    if (peer.isReported) return;
    peer.isReported = true;
    this.#context.emit({ type: "peer.up", peer: peer.nodeId });
    const ms = Math.trunc(session.clockSkewMs);
    // r[session.clock]
    if (Math.abs(ms) > this.#context.config.limits.CLOCK_SKEW_MS)
      this.#context.emit({ type: "skew", peer: peer.nodeId, ms });
    this.#context.messaging.reported(peer);
    this.#context.ring.peerUp(peer);
    this.selection.peerUp(peer);
  }

  /** A session is over for the protocol. */
  ended(session: Session, { code, by, text }: SessionEnd): void {
    this.#admitted.delete(session);
    this.#slots.free(session);
    const removed = session.peer === undefined ? undefined : this.#context.peers.remove(session, session.peer.nodeId);
    // r[session.ready.refused] mutate: `session.info.role === "responder"` => `true`
    const wasReported = session.hasCarried || (removed !== undefined && session.info.role === "responder");
    this.#context.messaging.ended(session);
    this.#context.reception.ended(session.info.link);
    if (!wasReported && !this.#isTold(session)) {
      const { role, remoteAddress } = session.info;
      // r[session.refuse.report]
      this.#context.emit({ type: "refused", role, by, code, text, address: remoteAddress });
    }
    if (removed?.isGone === true) {
      this.#context.flood.leave(removed.peer.slot);
      this.#context.messaging.left(removed.peer);
      this.#context.ring.peerGone(removed.peer);
      this.selection.peerGone(removed.peer, by === "local" && !isLoss.has(code));
      this.#context.dialler.lost(removed.peer.nodeId, this.#context.now());
    }
    // DUPLICATE says that another session stays: it counts though its first frame may be still on its way.
    const staysUp = (other: Session): boolean => mayReport(other) || code === "DUPLICATE";
    const isLast = removed !== undefined && !removed.peer.sessions.some(staysUp);
    if (removed?.peer.isReported === true && isLast) {
      removed.peer.isReported = false;
      this.#context.emit({ type: "peer.down", peer: removed.peer.nodeId, code, text });
    }
    this.#leadTo(session, code);
    this.#dialOver(session, code === "SELF" && by === "local");
  }

  /** A dial that led to a node with which another session stays has found it all the same. */
  #leadTo(session: Session, code: Code): void {
    const { peer } = session;
    if (code !== "DUPLICATE" || peer === undefined) return;
    if (this.#context.peers.find(peer.nodeId)?.isReported === true) this.#answered(session, peer.nodeId);
  }

  /** Whether the node dialled of its own accord: whoever it was for hears of it, nobody else. */
  #isTold(session: Session): boolean {
    const dial = this.#dials.get(session);
    return dial !== undefined && this.#context.dialler.target(dial)?.isTold === true;
  }

  /** @param forGood this node has seen for itself that the address can never serve. */
  #dialOver(session: Session, forGood: boolean): void {
    const dial = this.#dials.get(session);
    if (dial === undefined) return;
    this.#dials.delete(session);
    this.#context.dialler.over(dial, this.#context.now(), forGood);
  }
}

/** Codes of sessions that this node ended though nothing is wrong with the peer. */
const isLoss: ReadonlySet<Code> = new Set<Code>(["LOST", "TIMEOUT", "DUPLICATE", "CLOSED", "FULL"]);

/** Whether the application may know of the peer through this session. */
const mayReport = (session: Session): boolean => session.hasCarried || session.info.role === "responder";
