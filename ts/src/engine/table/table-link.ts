// The table of a node, put together: the member's side where the node takes part in the ring, the clients' side in every node,
// and the frames between it and its peers. Chapter 8. Decides nothing about records.

import { formatHex } from "../../bytes/index.js";
import {
  Position,
  Mender,
  ownersHere,
  VersionsSeen,
  type Contact,
  type ListContext,
  type RecordInfo,
  type StoreFailure,
  type TableRequest,
} from "../../chord/index.js";
import type { Message } from "../../codec/index.js";
import { keyIdOf, keyPositionOf } from "../../identity/index.js";
import type { SignatureService } from "../../ports/index.js";
import type { PeerRequest, Session, TableHandler, TableMessage } from "../../session/index.js";
import type { EngineConfig } from "../engine-types.js";
import type { NodeEvent, Output, RequestEvent } from "../outputs.js";
import type { Peer, PeerTable } from "../peer-table.js";
import type { RingLink } from "../ring-link.js";
import { Arcs } from "./arcs.js";
import { TableClients, type OwnersOf } from "./clients.js";
import { commandOf, encodeRequest, readAnswer, readRequest } from "./codec.js";
import { TableMember, type TableReplied } from "./member.js";
import { Records } from "./records.js";
import { TableService } from "./service.js";
import { Watches } from "./watches.js";

export interface TableLinkContext {
  readonly config: EngineConfig;
  readonly signatures: SignatureService;
  readonly peers: PeerTable;
  readonly ring: RingLink;
  /** The number of a new request. */
  readonly number: () => number;
  readonly emit: (event: NodeEvent | RequestEvent) => void;
  readonly push: (output: Output) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** Operations of the application under way at once, and checks of keys. */
const mostAtOnce = 128;
const mostChecks = 16;

export class TableLink implements TableHandler {
  readonly #context: TableLinkContext;
  readonly #records: Records;
  readonly #shape: ListContext;
  readonly #clients: TableClients;
  /** The member's own checks, which leave the application its share. */
  readonly #checks: TableClients;
  readonly #seen: VersionsSeen;
  readonly #watches: Watches;
  readonly #arcs: Arcs;
  /** Absent in a client. */
  readonly #member: TableMember | undefined;
  /** What the application wants of the table. */
  readonly service: TableService;
  #isStopped = false;

  constructor(context: TableLinkContext) {
    this.#context = context;
    const { config, ring, now, emit } = context;
    this.#records = new Records({ ...config, signatures: context.signatures });
    this.#shape = shapeOf(config);
    this.#arcs = new Arcs(config.limits.RING_STABILIZE_MS / 4);
    this.#seen = new VersionsSeen(config.limits.VERSIONS_SEEN);
    const ask = (to: Contact, request: TableRequest, done: TableReplied): void => this.#ask(to, request, done);
    const ownersOf: OwnersOf = (target, isTentative, done) => this.#ownersOf(target, isTentative, done);
    this.#clients = new TableClients({ ownersOf, ask, now }, mostAtOnce);
    this.#checks = new TableClients({ ownersOf, ask, now }, mostChecks);
    const { tables, maxTtl } = this.#shape.shape;
    this.#watches = new Watches({
      limits: config.limits,
      tables,
      maxTtl,
      records: this.#records,
      seen: this.#seen,
      positionOf: this.#shape.positionOf,
      ownersOf,
      ask,
      emit: (record) => emit({ type: "changed", record }),
      now,
    });
    this.#member = ring.isMember ? this.#makeMember() : undefined;
    this.service = new TableService({
      ...context,
      self: ring.self,
      shape: this.#shape,
      seen: this.#seen,
      clients: this.#clients,
      checks: this.#checks,
      watches: this.#watches,
    });
  }

  #ownersOf(target: Position, isTentative: boolean, done: (owners: readonly Contact[]) => void): void {
    const { ring, now } = this.#context;
    const { snapshot } = ring;
    // r[table.self] mutate: `ownersHere(snapshot, target)` => `undefined`
    const here = snapshot === undefined ? undefined : ownersHere(snapshot, target);
    const known = here ?? (isTentative ? this.#arcs.find(target, now()) : undefined);
    if (known !== undefined) return done(known);
    ring.service.ownersOf(target, isTentative, (arc) => {
      if (arc !== undefined) this.#arcs.note(arc, now());
      done(arc?.owners ?? []);
    });
  }

  #makeMember(): TableMember {
    const { config, ring, push, emit, now, peers } = this.#context;
    return new TableMember({
      keeper: { ...this.#shape, self: ring.self },
      records: this.#records,
      receiveBytes: config.limits.RECEIVE_BYTES,
      ask: (to, request, done) => this.#ask(to, request, done),
      check: (wish, done) => void this.#checks.run(new Mender(this.#shape, this.#seen, wish), () => done()),
      changed: (record) => this.#watches.take(record),
      sessionOf: (id) => {
        const peer = peers.find(id);
        return peer?.isReported === true ? peer.active : undefined;
      },
      snapshot: () => ring.snapshot,
      push,
      emit,
      now,
    });
  }

  /** Asks a member, which may be this node. */
  #ask(to: Contact, request: TableRequest, done: TableReplied): void {
    const { ring, config } = this.#context;
    if (to.key === ring.self.key) {
      if (this.#member === undefined) return done(undefined);
      return this.#member.receiveOwn(request, done);
    }
    const { PUT_MS, RING_REQUEST_MS } = config.limits;
    const waitMs = request.command === "PUT" ? PUT_MS + RING_REQUEST_MS : undefined;
    const replied: Parameters<RingLink["ask"]>[3] = (reply, refusal) => {
      if (reply !== undefined) return readAnswer(request.command, reply.payload, this.#records, done);
      this.#arcs.forget(to);
      // Who refuses is there.
      // r[put.alive] mutate: always
      if (refusal === undefined) ring.takeAsFailed(to);
      // It knows somebody else before it.
      // r[put.stabilize]
      else if (refusal === "NOT_OWNER" && request.command === "PUT" && request.place > 0) ring.suspect(to);
      done(refusal);
    };
    ring.ask(to, commandOf(request), encodeRequest(request), replied, waitMs);
  }

  // ---- What peers say ----

  request(session: Session, request: PeerRequest, what: TableMessage): void {
    const member = this.#member;
    if (member === undefined) return;
    if (what.command !== "PUT") return member.receive(session, request, readRequest(what));
    const { record: bytes, position, place, copies } = what.message;
    this.#records.read(bytes, (record) => {
      // r[put.check] also
      if (typeof record === "string") return session.fail(request, record, "the record is refused");
      member.receive(session, request, { command: "PUT", record, position, place, copies });
    });
  }

  changed(_session: Session, { record }: Message<"Changed">): void {
    this.#watches.receive(record);
  }

  // ---- The ring, the store, peers and time ----

  /** The ring's machine has had an input. */
  ringTurned(): void {
    this.#member?.ringTurned();
  }

  /** Gives what this node stores to others, before it leaves. */
  handOver(done: () => void): void {
    if (this.#member === undefined || this.#member.size.records === 0) return done();
    this.#member.leave(done);
  }

  /** What the store holds: before the ring is founded or joined. */
  load(infos: readonly RecordInfo[]): void {
    this.#member?.load(infos);
  }

  stored(handle: number, failure: StoreFailure | undefined): void {
    this.#member?.stored(handle, failure);
  }

  fetched(handle: number, records: readonly (Uint8Array | undefined)[]): void {
    this.#member?.fetched(handle, records);
  }

  /** Records that this node stores, tombstones too, and their bytes. */
  get size(): { readonly records: number; readonly bytes: number } {
    return this.#member?.size ?? { records: 0, bytes: 0 };
  }

  /** A session is over. */
  ended(session: Session): void {
    this.#member?.ended(session);
  }

  /** The last session with a peer has ended. */
  peerGone({ nodeId }: Pick<Peer, "nodeId">): void {
    this.#member?.forget(formatHex(nodeId));
  }

  /** Whether a node tells of keys that are watched here. @param key node id in hex */
  isLeasedBy(key: string): boolean {
    return this.#watches.isLeasedBy(key);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    if (this.#isStopped) return Infinity;
    return Math.min(
      this.#member?.deadline ?? Infinity,
      this.#clients.deadline,
      this.#checks.deadline,
      this.service.deadline,
      this.#watches.deadline,
    );
  }

  wake(now: number): void {
    if (this.#isStopped) return;
    if (now >= (this.#member?.deadline ?? Infinity)) this.#member?.wake();
    this.#clients.wake(now);
    this.#checks.wake(now);
    this.service.wake(now);
    this.#watches.wake(now);
  }

  /** The node stops: it asks nobody any more. */
  stop(): void {
    this.#isStopped = true;
    this.#clients.stop();
    this.#checks.stop();
    this.service.stop();
    this.#watches.stop();
  }
}

/** What the machines go by. */
function shapeOf({ limits, network, hasher }: EngineConfig): ListContext {
  const { tables, copies, successors, maxTtl } = network.descriptor;
  return {
    limits,
    shape: { tables, copies, successors, maxTtl },
    positionOf: (keyId, number) => Position.fromBytes(keyPositionOf(hasher, keyId, number)),
    keyIdOf: (kind, key) => keyIdOf(hasher, network, kind, key),
  };
}
