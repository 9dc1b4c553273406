// Records on their way between nodes: PEERS asked and answered, and FOUND as it comes in. Sections 5.4 and 5.5. What is not
// signed by its owner is dropped before anything looks at it.

import { compareBytes, formatHex } from "../bytes/index.js";
import { decodeMessage, encodeMessage, type Message } from "../codec/index.js";
import { Command, type Code } from "../gen/registry.js";
import { recordVerification, type Network, type PeerRecord } from "../identity/index.js";
import type { Locator } from "../mesh/index.js";
import type { Hasher, Limits, SignatureService } from "../ports/index.js";
import type { PeerRequest, Session } from "../session/index.js";
import { isCurrent, type KnownRecords, type Teller } from "./known-records.js";
import type { Outgoing } from "./outgoing.js";
import type { RequestEvent } from "./outputs.js";
import { readToldRecord } from "./told-record.js";

export interface RecordExchangeContext {
  readonly network: Network;
  readonly limits: Limits;
  readonly hasher: Hasher;
  readonly signatures: SignatureService;
  readonly known: KnownRecords;
  readonly locator: Locator;
  readonly outgoing: Pick<Outgoing, "sendToPeer">;
  readonly emit: (event: RequestEvent) => void;
  /** Records are known that were not before. */
  readonly learnt: () => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** How long this node waits for an answer to PEERS. */
const peersTimeoutMs = 10_000;
/** Records that one PEERS may ask for. */
const mostRecords = 32;
/** FOUNDs with a wrong signature that are verified in one session before its others are dropped unseen for a while. */
const mostForged = 32;

/** FOUNDs of one session whose signature did not verify. */
interface Forgeries {
  count: number;
  /** When they are forgotten, unix ms. */
  readonly until: number;
}

/** Hears once of the records that came and were kept, or why none did. */
type Asked = (kept: readonly PeerRecord[], failure?: { readonly code: Code; readonly text: string }) => void;

export class RecordExchange {
  readonly #context: RecordExchangeContext;
  /** When PEERS was last answered with records in a session, unix ms. */
  readonly #answeredAt = new WeakMap<Session, number>();
  /** When PEERS was last sent to a node, unix ms; by node id in hex, the last at the end. */
  readonly #askedAt = new Map<string, number>();
  readonly #forgeries = new WeakMap<Session, Forgeries>();

  constructor(context: RecordExchangeContext) {
    this.#context = context;
  }

  /** A PEERS request came. */
  answerPeers(session: Session, request: PeerRequest, { limit }: Message<"Peers">): void {
    const { known, limits, now } = this.#context;
    const last = this.#answeredAt.get(session) ?? -Infinity;
    // r[peers.rate]
    if (now() - last < limits.PEERS_INTERVAL_MS) return session.fail(request, "BUSY", "asked again too soon");
    this.#answeredAt.set(session, now());
    const asker = session.peer?.nodeId ?? new Uint8Array(0);
    const records = known.sample({ limit, asker, now: now() }).map(({ bytes }) => bytes);
    session.answer(request, encodeMessage("PeersAnswer", { records: fitting(records, session.peerLimit) }));
  }

  /** Asks a peer for records; answers the number of the request. @throws {ProtocolError} MISUSE, QUEUE_FULL */
  askPeers(target: Uint8Array, limit: number): number {
    const { emit } = this.#context;
    const request: number = this.#ask(target, limit, (kept, failure) => {
      if (failure !== undefined) return emit({ type: "failed", request, ...failure });
      const peers = kept.map(({ nodeId }) => nodeId).sort(compareBytes);
      emit({ type: "records", request, peers });
    });
    return request;
  }

  /** Asks a peer for as many records as it may give, for the node itself. @throws {ProtocolError} QUEUE_FULL */
  askForMore(target: Uint8Array): void {
    this.#ask(target, mostRecords, () => undefined);
  }

  /** Whether a peer was asked so lately that it would not answer again. */
  wasAskedLately(nodeId: Uint8Array): boolean {
    const { limits, now } = this.#context;
    const last = this.#askedAt.get(formatHex(nodeId)) ?? -Infinity;
    return now() - last < limits.PEERS_INTERVAL_MS;
  }

  #noteAsked(target: Uint8Array): void {
    const { limits, now } = this.#context;
    for (const [key, at] of this.#askedAt) {
      if (now() - at < limits.PEERS_INTERVAL_MS) break;
      this.#askedAt.delete(key);
    }
    const key = formatHex(target);
    this.#askedAt.delete(key);
    this.#askedAt.set(key, now());
  }

  #ask(target: Uint8Array, limit: number, done: Asked): number {
    const message = { command: Command.PEERS, payload: encodeMessage("Peers", { limit }), compress: false };
    const sending = { target, message, timeoutMs: peersTimeoutMs };
    const request = this.#context.outgoing.sendToPeer(sending, (answer, session) => {
      if ("failed" in answer) done([], { code: answer.failed, text: answer.text });
      else this.#receivePeers(answer.payload, session, done);
    });
    this.#noteAsked(target);
    return request;
  }

  #receivePeers(payload: Uint8Array, session: Session, done: Asked): void {
    const kept: PeerRecord[] = [];
    const { records } = decodeMessage("PeersAnswer", payload);
    const release = session.hold();
    let left = records.length;
    const settle = (): void => {
      done(kept);
      if (kept.length > 0) this.#context.learnt();
      release();
    };
    if (left === 0) return settle();
    for (const bytes of records) {
      this.#verify(bytes, (record) => {
        if (record !== undefined && this.#learn(record, session)) kept.push(record);
        if (--left === 0) settle();
      });
    }
  }

  #learn(record: PeerRecord, session: Session): boolean {
    return this.#context.known.learn(record, tellerOf(session), this.#context.now());
  }

  /** A FOUND came; nothing more of the session is read until its record is verified. */
  receiveFound(session: Session, { query, record: bytes }: Message<"Found">): void {
    const { hasher, network, locator, now } = this.#context;
    const claim = readToldRecord(hasher, network, bytes);
    if (claim === undefined || !locator.isExpected(query, claim, now())) return;
    // Whoever relays FOUNDs has verified them: only a forger sends wrong ones.
    if (this.#isForger(session)) return;
    const release = session.hold();
    this.#verify(bytes, (record) => {
      if (record === undefined) this.#noteForgery(session);
      else this.#found(session, query, record);
      release();
    });
  }

  /** Whether a peer has sent so many wrong signatures that the next one is not worth the time. */
  #isForger(session: Session): boolean {
    const forgeries = this.#forgeries.get(session);
    return forgeries !== undefined && forgeries.count >= mostForged && this.#context.now() < forgeries.until;
  }

  #noteForgery(session: Session): void {
    const { now, limits } = this.#context;
    const earlier = this.#forgeries.get(session);
    if (earlier !== undefined && now() < earlier.until) earlier.count++;
    else this.#forgeries.set(session, { count: 1, until: now() + limits.LOCATE_KEEP_MS });
  }

  #found(session: Session, query: Uint8Array, record: PeerRecord): void {
    const { locator, known, now } = this.#context;
    // r[found.verify] also
    if (!isCurrent(record, now())) return;
    // What others look for pushes nothing out that this node knows.
    const isWanted = locator.isOwn(query, record.nodeId, now());
    const teller = tellerOf(session);
    if (isWanted || known.hasRoomFor(record, teller)) known.learn(record, teller, now());
    locator.receiveFound(query, record, teller.address, now());
  }

  /** Hands over a record that is its owner's, or nothing. */
  #verify(bytes: Uint8Array, done: (record: PeerRecord | undefined) => void): void {
    const { hasher, network, signatures } = this.#context;
    const record = readToldRecord(hasher, network, bytes);
    const request = record === undefined ? undefined : recordVerification(hasher, network, bytes);
    if (request === undefined) return done(undefined);
    signatures.verify(request, (valid) => {
      // r[peers.drop] mutate: `valid ? record : undefined` => `record`
      // r[found.verify] mutate: `valid ? record : undefined` => `record`
      done(valid ? record : undefined);
    });
  }
}

const tellerOf = ({ info, peer }: Session): Teller => ({
  address: info.remoteAddress,
  nodeId: peer?.nodeId ?? new Uint8Array(0),
});

/** Bytes of a record's field besides the record: its key and its length. */
const fieldBytes = 3;

/** As many of the records as an answer of `limit` bytes holds. */
function fitting(records: readonly Uint8Array[], limit: number): Uint8Array[] {
  let bytes = 0;
  return records.filter((record) => (bytes += record.length + fieldBytes) <= limit);
}
