// Between the ring's machine, which knows contacts, and everything around it: requests in sessions out, requests and answers
// of peers in. Chapter 7. Decides nothing about the ring itself; what the application wants of it is the service's.

import { equalBytes, formatHex } from "../bytes/index.js";
import { Position, Ring, type Contact, type RingOutput, type Snapshot, type StepAnswer } from "../chord/index.js";
import { encodeMessage, type Message } from "../codec/index.js";
import { Command } from "../gen/registry.js";
import { ringPositionOf, type PeerRecord } from "../identity/index.js";
import type { SignatureService } from "../ports/index.js";
import type { PeerRequest, RingHandler, Session } from "../session/index.js";
import type { Dialler } from "./dialler.js";
import type { EngineConfig } from "./engine-types.js";
import type { KnownRecord } from "./known-records.js";
import type { NodeEvent, RequestEvent } from "./outputs.js";
import type { Peer, PeerTable } from "./peer-table.js";
import { Reach } from "./reach.js";
import { Contacts, isMember } from "./contacts.js";
import { encodeState, encodeStep, readState, readStep } from "./ring-answers.js";
import { RingRequests, type Replied } from "./ring-requests.js";
import { RingService } from "./ring-service.js";
import { RingSessions } from "./ring-sessions.js";

/** What hears of the ring. */
export interface RingFollower {
  /** The machine has had an input: its snapshot may be another. */
  ringTurned(): void;
  /** Gives what this node stores to others, then calls back: 8.7. */
  handOver(done: () => void): void;
  /** The last session with a peer has ended. */
  peerGone(peer: Peer): void;
  /** Whether a session with a node is needed for what it may send unasked. @param key node id in hex */
  isLeasedBy(key: string): boolean;
}

export interface RingLinkContext {
  readonly config: EngineConfig;
  readonly signatures: SignatureService;
  readonly peers: PeerTable;
  readonly dialler: Dialler;
  /** This node's newest record. */
  readonly ownRecord: () => Uint8Array | undefined;
  /** The number of a new request. */
  readonly number: () => number;
  /** The node has left the ring: nothing keeps it any more. */
  readonly left: () => void;
  /** The table, which goes by the ring. */
  readonly table: () => RingFollower;
  readonly emit: (event: NodeEvent | RequestEvent) => void;
  /** Unix ms. */
  readonly now: () => number;
}

const empty = new Uint8Array(0);
const nothing = (): void => undefined;

export class RingLink implements RingHandler {
  readonly #context: RingLinkContext;
  readonly #self: Contact;
  /** Absent in a client. */
  readonly #ring: Ring | undefined;
  readonly #contacts: Contacts;
  readonly #reach: Reach;
  readonly #requests: RingRequests;
  readonly #sessions: RingSessions;
  /** What the application wants of the ring. */
  readonly service: RingService;
  #isDraining = false;
  #isStopped = false;

  constructor(context: RingLinkContext) {
    this.#context = context;
    const { config, dialler, now } = context;
    const { limits, random, network, hasher, nodeId, incarnation } = config;
    const position = Position.fromBytes(ringPositionOf(hasher, network, nodeId));
    this.#self = { key: formatHex(nodeId), position, incarnation, record: undefined };
    const r = network.descriptor.successors;
    this.#ring = config.isMember === true ? new Ring({ self: this.#self, random, limits, r }) : undefined;
    this.#contacts = new Contacts({ ...context, ...config });
    const sessionOf = (id: Uint8Array): Session | undefined => this.#sessionOf(id);
    const recordOf = (contact: Contact): KnownRecord => this.#contacts.recordOf(contact);
    this.#reach = new Reach({
      limits,
      known: this.#contacts,
      dialler,
      // Who is not at the addresses of its record is not looked for.
      searches: { seek: (_, done) => (done(undefined), nothing) },
      isPeer: (id) => sessionOf(id) !== undefined,
      now,
    });
    this.#sessions = new RingSessions({ limits, sessionOf, isNeeded: (key) => this.#isNeeded(key) });
    this.#requests = new RingRequests({
      limits,
      reach: this.#reach,
      sessions: this.#sessions,
      recordOf,
      sessionOf,
      now,
    });
    this.service = new RingService({
      ...context,
      self: this.#self,
      ring: this.#ring,
      contacts: this.#contacts,
      sessionOf,
      contactOf: (session) => this.#contactOf(session),
      handOver: (done) => context.table().handOver(done),
      turn: (run) => this.#turn(run),
      askState: (to, done) => this.#askState(to, done),
      askStep: (to, target, done) => this.#askStep(to, target, done),
    });
  }

  /** Whether the commands of the ring are known here: 7.2. */
  get isMember(): boolean {
    return this.#ring !== undefined;
  }

  /** This node; it has no record. */
  get self(): Contact {
    return this.#self;
  }

  /** What this node is on the ring; undefined in a client. */
  get snapshot(): Snapshot | undefined {
    return this.#ring?.snapshot();
  }

  /** Asks the node of a contact, dialling it when it is no peer. @param waitMs of the one try; otherwise as the ring does it. */
  ask(to: Contact, command: number, payload: Uint8Array, done: Replied, waitMs?: number): void {
    this.#requests.ask(to, command, payload, done, waitMs);
  }

  /** A contact has not answered. */
  takeAsFailed(contact: Contact): void {
    this.#turn((ring, now) => ring.takeAsFailed(contact, now));
  }

  /** Something about a contact is not as this node knows it: it stabilizes, when that is its head. */
  suspect(contact: Contact): void {
    this.#turn((ring, now) => ring.suspect(contact, now));
  }

  /** The session of a peer that was reported. */
  #sessionOf(nodeId: Uint8Array): Session | undefined {
    const peer = this.#context.peers.find(nodeId);
    return peer?.isReported === true ? peer.active : undefined;
  }

  #contactOf({ peer, info }: Session): Contact | undefined {
    return peer === undefined ? undefined : this.#contacts.of(peer, info.remoteAddress);
  }

  /** Whether a session with a node is more than one of many. */
  #isNeeded(key: string): boolean {
    if (this.#requests.isAwaiting(key) || this.#context.table().isLeasedBy(key)) return true;
    const { predecessor, successors } = this.#ring?.snapshot() ?? { successors: [] };
    const isIt = (contact: Contact): boolean => contact.key === key;
    if (successors.some(isIt) || predecessor?.key === key) return true;
    return this.#ring?.fingers.some(({ contact }) => isIt(contact)) === true;
  }

  #isSelf({ key }: Contact): boolean {
    return key === this.#self.key;
  }

  readonly #bytesOf = (contact: Contact): Uint8Array => {
    const own = this.#isSelf(contact) ? this.#context.ownRecord() : undefined;
    return own ?? this.#contacts.recordOf(contact).record.bytes;
  };

  // ---- What peers say ----

  state(session: Session, request: PeerRequest): void {
    if (this.#ring === undefined) return;
    // r[ring.state.answer] mutate: `this.#ring.snapshot()` => `{ ...this.#ring.snapshot(), predecessor: undefined }`
    const answer = encodeState(this.#ring.snapshot(), this.#bytesOf, session.peerLimit);
    // r[ring.state.busy] mutate: `session.answer(request, answer)` => `this.#requests.size > 0 ? session.fail(request, "BUSY", "") : session.answer(request, answer)`
    session.answer(request, answer);
  }

  step(session: Session, request: PeerRequest, { target }: Message<"Step">): void {
    if (this.#ring === undefined) return;
    const answer = this.#ring.step(Position.fromBytes(target));
    if (answer === undefined) return session.fail(request, "BUSY", "it has no place yet");
    session.answer(request, encodeStep(answer, this.#bytesOf));
  }

  leave(session: Session, request: PeerRequest): void {
    // r[ring.leave.answer]
    session.answer(request, empty);
    this.#receive(session, (ring, from, now) => ring.receiveLeave(from, now));
  }

  notify(session: Session): void {
    this.#receive(session, (ring, from, now) => {
      const { record } = this.#contacts.recordOf(from);
      // r[ring.notify.member]
      if (!isMember(record) || record.addresses.length === 0) return;
      ring.receiveNotify(from, now);
    });
  }

  hint(session: Session): void {
    this.#receive(session, (ring, _from, now) => ring.receiveHint(now));
  }

  #receive(session: Session, run: (ring: Ring, from: Contact, now: number) => void): void {
    const from = this.#contactOf(session);
    if (from !== undefined) this.#turn((ring, now) => run(ring, from, now));
  }

  // ---- What the machine wants ----

  /** Gives the machine an input, then carries out what it asks for. */
  #turn(run: (ring: Ring, now: number) => void): void {
    if (this.#ring === undefined || this.#isStopped) return;
    run(this.#ring, this.#context.now());
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let output = this.#ring.poll(); output !== undefined; output = this.#ring.poll()) this.#carryOut(output);
    this.#isDraining = false;
    this.#context.table().ringTurned();
  }

  #carryOut(output: RingOutput): void {
    switch (output.type) {
      case "state":
        return this.#askState(output.to, (snapshot) => this.#settle(output.handle, snapshot));
      case "step":
        return this.#askStep(output.to, output.target, (answer) => this.#settle(output.handle, answer));
      case "leave":
        return this.#requests.ask(output.to, Command.LEAVE, empty, (reply) =>
          this.#turn((ring, now) =>
            reply === undefined ? ring.failed(output.handle, now) : ring.answered(output.handle, undefined, now),
          ),
        );
      case "notify":
        return this.#requests.tell(output.to, Command.NOTIFY);
      case "hint":
        return this.#requests.tell(output.to, Command.HINT);
      case "phase":
        return this.#context.emit({ type: "ring", phase: output.phase });
      case "left":
        this.#context.emit({ type: "ring", phase: "LEFT" });
        return this.#context.left();
    }
  }

  #settle(handle: number, answer: Snapshot | StepAnswer | undefined): void {
    this.#turn((ring, now) => {
      if (answer === undefined) ring.failed(handle, now);
      else ring.answered(handle, answer, now);
    });
  }

  #askState(to: Contact, done: (snapshot: Snapshot | undefined) => void): void {
    this.#requests.ask(to, Command.STATE, empty, (reply) => {
      if (reply === undefined) done(undefined);
      else readState(this.#contacts, reply, done);
    });
  }

  #askStep(to: Contact, target: Position, done: (answer: StepAnswer | undefined) => void): void {
    this.#requests.ask(to, Command.STEP, encodeMessage("Step", { target: target.bytes }), (reply) => {
      if (reply === undefined) done(undefined);
      else readStep(this.#contacts, reply, done);
    });
  }

  // ---- Peers and time ----

  /** A peer has told its record, or a newer one. */
  learnPeer(session: Session, record: PeerRecord): void {
    if (isMember(record)) this.#contacts.of(record, session.info.remoteAddress);
  }

  /** A peer was reported. */
  peerUp({ nodeId }: Peer): void {
    this.#reach.peerUp(nodeId);
  }

  /** The last session with a peer has ended. */
  peerGone(peer: Peer): void {
    const { nodeId } = peer;
    this.#context.table().peerGone(peer);
    this.#sessions.gone(nodeId);
    this.#reach.peerGone(nodeId);
    this.#turn((ring, now) => {
      const [head] = ring.snapshot().successors;
      if (head !== undefined && equalBytes(this.#contacts.recordOf(head).record.nodeId, nodeId))
        ring.suspect(head, now);
    });
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    if (this.#isStopped) return Infinity;
    const machine = this.#ring?.deadline ?? Infinity;
    return Math.min(machine, this.#requests.deadline, this.service.deadline);
  }

  wake(now: number): void {
    if (this.#isStopped) return;
    this.#requests.wake(now);
    this.service.wake(now);
    this.#turn((ring) => ring.wake(now));
  }

  /** The node stops: it asks nobody any more, and does not leave by itself. */
  stop(): void {
    this.#isStopped = true;
    this.#requests.stop();
    this.service.stop();
  }
}
