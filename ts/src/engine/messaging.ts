// Messaging of one node, put together: what peers say and ask, what the application says and asks, and how a node that is no
// peer is found. Chapter 5. The session brings frames, the engine peers and time.

import { encodeMessage, type Message } from "../codec/index.js";
import { Priority } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import type { PeerRecord } from "../identity/index.js";
import { Locator } from "../mesh/index.js";
import type { SignatureService } from "../ports/index.js";
import type { MessageHandler, PeerRequest, Session } from "../session/index.js";
import type { Dialler } from "./dialler.js";
import type { EngineConfig } from "./engine-types.js";
import { KnownRecords } from "./known-records.js";
import { Outgoing } from "./outgoing.js";
import type { NodeEvent, QuestionEvent, RequestEvent } from "./outputs.js";
import type { Peer, PeerTable } from "./peer-table.js";
import { Reach } from "./reach.js";
import { RecordExchange } from "./record-exchange.js";
import { Searches } from "./searches.js";
import { Serving } from "./serving.js";

export interface MessagingContext {
  readonly config: EngineConfig;
  readonly signatures: SignatureService;
  readonly peers: PeerTable;
  readonly dialler: Dialler;
  /** A message was refused by something full. */
  readonly refused: (by: object, isFull: () => boolean) => void;
  /** This node's newest record. */
  readonly ownRecord: () => Uint8Array | undefined;
  /** A STALE_SEQUENCE has come: whether this node's sequence was changed; `undefined` when it tells nothing new. */
  readonly receiveStale: (highest: bigint) => boolean | undefined;
  readonly peerOf: (session: Session) => Peer | undefined;
  /** Records are known that were not before. */
  readonly learnt: () => void;
  readonly emit: (event: NodeEvent | RequestEvent | QuestionEvent) => void;
  /** Unix ms. */
  readonly now: () => number;
}

export class Messaging implements MessageHandler {
  readonly #context: MessagingContext;
  readonly known: KnownRecords;
  readonly serving: Serving;
  readonly outgoing: Outgoing;
  readonly #locator: Locator;
  readonly #searches: Searches;
  readonly #reach: Reach;
  readonly exchange: RecordExchange;

  constructor(context: MessagingContext) {
    this.#context = context;
    const { config, dialler, signatures, emit, learnt, now, refused } = context;
    const { limits, random, nodeId } = config;
    this.known = new KnownRecords(limits, nodeId, random);
    this.#locator = new Locator(config, this.#locateOwner());
    this.#searches = new Searches({ limits, locator: this.#locator, now });
    const isPeer = (id: Uint8Array): boolean => this.#sessionOf(id) !== undefined;
    this.#reach = new Reach({ limits, known: this.known, dialler, searches: this.#searches, isPeer, now });
    this.serving = new Serving(context);
    const sessionOf = (id: Uint8Array): Session | undefined => this.#sessionOf(id);
    this.outgoing = new Outgoing({ nodeId, limits, reach: this.#reach, sessionOf, refused, emit, now });
    const { known, outgoing } = this;
    const locator = this.#locator;
    this.exchange = new RecordExchange({ ...config, signatures, known, outgoing, locator, emit, learnt, now });
  }

  /** The session of a peer that was reported. */
  #sessionOf(nodeId: Uint8Array): Session | undefined {
    const peer = this.#context.peers.find(nodeId);
    return peer?.isReported === true ? peer.active : undefined;
  }

  #locateOwner(): ConstructorParameters<typeof Locator>[1] {
    const { peers, now } = this.#context;
    return {
      ownRecord: () => this.#context.ownRecord(),
      knownRecord: (wanted) => this.known.find(wanted, now())?.record.bytes,
      sendLocate: (slot, query, wanted, hopsLeft) => {
        const payload = encodeMessage("Locate", { query, wanted });
        peers.at(slot)?.active.send(Priority.CONTROL, Command.LOCATE, 0, hopsLeft, payload);
      },
      sendFound: (slot, query, record) => {
        const payload = encodeMessage("Found", { query, record });
        peers.at(slot)?.active.send(Priority.CONTROL, Command.FOUND, 0, 0, payload);
      },
      located: (record, toldBy) => this.#searches.located(record, toldBy),
      notLocated: (wanted) => this.#searches.notLocated(wanted),
    };
  }

  // ---- What peers say ----

  tell(session: Session, { channel, payload }: Message<"Tell">): void {
    const peer = this.#idOf(session);
    // r[tell.deliver]
    this.#context.emit({ type: "told", peer, channel, payload });
  }

  ask(session: Session, request: PeerRequest, message: Message<"Ask">): void {
    this.serving.ask(session, request, message);
  }

  call(session: Session, request: PeerRequest, payload: Uint8Array): void {
    this.serving.call(session, request, payload);
  }

  command(session: Session, command: number, payload: Uint8Array): void {
    // An unknown one-way command is ignored before it comes here.
    const peer = this.#idOf(session);
    // r[app.command.deliver]
    this.#context.emit({ type: "commanded", peer, command, payload });
  }

  peers(session: Session, request: PeerRequest, message: Message<"Peers">): void {
    this.exchange.answerPeers(session, request, message);
  }

  locate(session: Session, { query, wanted }: Message<"Locate">, hopsLeft: number): void {
    const peer = this.#context.peerOf(session);
    if (peer !== undefined) this.#locator.receiveLocate(peer.slot, query, wanted, hopsLeft, this.#context.now());
  }

  found(session: Session, message: Message<"Found">): void {
    this.exchange.receiveFound(session, message);
  }

  staleSequence(session: Session, { highest }: Message<"StaleSequence">): void {
    const changed = this.#context.receiveStale(highest);
    // r[stale.report]
    if (changed !== undefined) this.#context.emit({ type: "stale", peer: this.#idOf(session), highest, changed });
  }

  #idOf(session: Session): Uint8Array {
    return session.peer?.nodeId ?? new Uint8Array(0);
  }

  // ---- What the application asks for ----

  /** Asks a peer for records; answers the number of the request. @throws {ProtocolError} MISUSE, QUEUE_FULL */
  askPeers(target: Uint8Array, limit: number): number {
    return this.exchange.askPeers(target, limit);
  }

  /** Asks the network for a node's record, even when one is known; answers the number of the request. */
  seek(wanted: Uint8Array): number {
    const { emit } = this.#context;
    const request = this.outgoing.number();
    this.#searches.seek(wanted, (known) => {
      if (known !== undefined) return emit({ type: "records", request, peers: [known.record.nodeId] });
      emit({ type: "failed", request, code: "UNREACHABLE", text: "nobody knows the node" });
    });
    return request;
  }

  // ---- Peers and time ----

  /** A peer has its first READY session. */
  joined(peer: Peer): void {
    this.#locator.join(peer.slot);
  }

  /** A peer has told its record, or a newer one. */
  learnPeer(session: Session, record: PeerRecord | undefined): void {
    if (record !== undefined) this.known.setPeer(record, session.info.remoteAddress);
  }

  left(peer: Peer): void {
    this.#locator.leave(peer.slot);
    this.known.peerGone(peer.nodeId);
    this.#reach.peerGone(peer.nodeId);
  }

  /** The application was told of a peer: what waits for it can be sent. */
  reported(peer: Peer): void {
    this.#reach.peerUp(peer.nodeId);
  }

  /** A session is over. */
  ended(session: Session): void {
    this.serving.ended(session);
  }

  get deadline(): number {
    return Math.min(this.serving.deadline, this.#locator.deadline);
  }

  wake(now: number): void {
    this.serving.wake(now);
    this.#locator.wake(now);
  }
}
