// What a session is told about its connection, and what it asks of its owner.

import type { Message } from "../codec/index.js";
import type { Code } from "../gen/registry.js";
import type { Network, PeerRecord } from "../identity/index.js";
import type { Hasher, Limits, Random, SignatureService } from "../ports/index.js";
import type { ChannelFacts } from "./channel.js";
import type { Offer } from "./offer.js";
import type { Session } from "./session.js";

export type SessionRole = "initiator" | "responder";

/** Facts about one connection. */
export interface SessionInfo {
  /** Names the connection to its driver. */
  readonly link: number;
  readonly role: SessionRole;
  readonly channel: ChannelFacts;
  /** Whether one direction can end before the other; false on a WebSocket. */
  readonly hasHalfClose: boolean;
  /** The connection never leaves the process. */
  readonly inProcess: boolean;
  /** What the carrier's own handshake has taken of HANDSHAKE_MS. */
  readonly openingMs: number;
  /** Address as this side sees it; printable ASCII. */
  readonly remoteAddress: string;
  /** Node id that must answer; initiators only. */
  readonly pinned?: Uint8Array;
  /** Connections dialled since the start, this one included; 0 for a responder. */
  readonly dialCounter: number;
}

/** What every session of a node shares. */
export interface SessionContext {
  readonly network: Network;
  readonly nodeId: Uint8Array;
  readonly limits: Limits;
  readonly hasher: Hasher;
  readonly random: Random;
  readonly signatures: SignatureService;
  readonly agent: string;
  /** Unix ms; never goes back. */
  readonly now: () => number;
  /** What the node takes: in HELLO and UPDATE. */
  readonly offer: () => Offer;
  /** Features of the registry that this node has: in HELLO. */
  readonly features: readonly number[];
  /** Whether a command is known that not every node knows: the application's own, the ring's. */
  readonly isDefined: (command: number) => boolean;
  /** Hands over the node's signed record, at once or as soon as there is one. */
  readonly withRecord: (use: (record: Uint8Array) => void) => void;
}

/** A request that came and is owed an answer: `Session.answer` or `Session.fail` with its command and tag. */
export interface PeerRequest {
  readonly command: number;
  readonly tag: number;
}

/** Frames of a READY session that its owner understands. Payloads belong to the owner. */
export interface MessageHandler {
  tell(session: Session, message: Message<"Tell">): void;
  ask(session: Session, request: PeerRequest, message: Message<"Ask">): void;
  peers(session: Session, request: PeerRequest, message: Message<"Peers">): void;
  locate(session: Session, message: Message<"Locate">, hopsLeft: number): void;
  found(session: Session, message: Message<"Found">): void;
  staleSequence(session: Session, message: Message<"StaleSequence">): void;
  /** A one-way frame of a command that the application has defined. */
  command(session: Session, command: number, payload: Uint8Array): void;
  /** A request of such a command. */
  call(session: Session, request: PeerRequest, payload: Uint8Array): void;
}

/** Frames of the ring, to a node that takes part in it: chapter 7. */
export interface RingHandler {
  state(session: Session, request: PeerRequest): void;
  step(session: Session, request: PeerRequest, message: Message<"Step">): void;
  leave(session: Session, request: PeerRequest): void;
  notify(session: Session): void;
  hint(session: Session): void;
}

/** A request of the table, decoded. */
export type TableMessage =
  | { readonly command: "PUT"; readonly message: Message<"Put"> }
  | { readonly command: "GET"; readonly message: Message<"Get"> }
  | { readonly command: "SCAN"; readonly message: Message<"Scan"> }
  | { readonly command: "SYNC"; readonly message: Message<"Sync"> }
  | { readonly command: "WATCH"; readonly message: Message<"Watch"> };

/** Frames of the table: requests to a member, and what somebody hears who watches. Chapter 8. */
export interface TableHandler {
  request(session: Session, request: PeerRequest, what: TableMessage): void;
  changed(session: Session, message: Message<"Changed">): void;
}

/** What the owner of a session does for it. */
export interface SessionOwner {
  readonly messages: MessageHandler;
  readonly ring: RingHandler;
  readonly table: TableHandler;
  /** The peer is proven; a code refuses it (BANNED, FULL, DUPLICATE) before anything more is sent. */
  admit(session: Session, record: PeerRecord): Code | undefined;
  /** The session is READY and may send. */
  ready(session: Session): void;
  /** The first frame after the peer's proof has come: it may be reported. */
  carried(session: Session): void;
  /** The peer has sent a record of itself in an UPDATE. */
  renewed(session: Session, record: PeerRecord): void;
  /** A BROADCAST frame; the view dies when the call returns. */
  broadcast(session: Session, buffer: Uint8Array, start: number, end: number, tag: number): void;
  /** Whether nothing that came before is still being verified. */
  isSettled(session: Session): boolean;
  /** Runs an action when everything that came before has taken effect. `bytes` is what it keeps in memory. */
  afterSettled(session: Session, bytes: number, action: () => void): void;
  /** Whether reading should pause until `resume`. */
  isCongested(session: Session): boolean;
  /** There is something to write. */
  writable(session: Session): void;
  /** The session is over for the protocol; the connection may live a little longer. */
  ended(session: Session, end: SessionEnd): void;
  /** The sending direction is to be ended once everything is written. */
  endDirection(session: Session): void;
  /** The connection is to be closed now. */
  disconnect(session: Session): void;
}

export interface SessionEnd {
  readonly code: Code;
  /** Who said so. */
  readonly by: "local" | "remote";
  readonly text: string;
}
