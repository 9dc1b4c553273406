// What the application wants of the ring: found, join, leave, look up, look at. Chapter 7. Says what is wanted; the machine
// decides what comes of it.

import { Position, type Contact, type Lookup, type Ring, type Snapshot, type StepAnswer } from "../chord/index.js";
import { misuse } from "../errors/index.js";
import type { Session } from "../session/index.js";
import type { Dialler } from "./dialler.js";
import type { EngineConfig } from "./engine-types.js";
import type { KnownRecord } from "./known-records.js";
import type { RequestEvent } from "./outputs.js";
import type { PeerTable } from "./peer-table.js";
import { isMember, type Contacts } from "./contacts.js";
import { Entrances, type Entrance } from "./entrances.js";
import { Lookups } from "./lookups.js";
import { placeOfContact, viewOf, type RingFinger, type RingPlace, type RingView } from "./ring-view.js";

export interface RingServiceContext {
  readonly config: EngineConfig;
  readonly peers: PeerTable;
  readonly dialler: Dialler;
  readonly self: Contact;
  /** Absent in a client. */
  readonly ring: Ring | undefined;
  readonly contacts: Contacts;
  /** The session of a peer that was reported. */
  readonly sessionOf: (nodeId: Uint8Array) => Session | undefined;
  readonly contactOf: (session: Session) => Contact | undefined;
  /** Gives the machine an input, and carries out what it asks for. */
  readonly turn: (run: (ring: Ring, now: number) => void) => void;
  readonly askState: (to: Contact, done: (snapshot: Snapshot | undefined) => void) => void;
  readonly askStep: (to: Contact, target: Position, done: (answer: StepAnswer | undefined) => void) => void;
  /** Gives what this node stores to others, then calls back: 8.7. */
  readonly handOver: (done: () => void) => void;
  /** The number of a new request. */
  readonly number: () => number;
  readonly emit: (event: RequestEvent) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** What a lookup has shown. */
export interface ShownArc {
  /** The position of the node before. */
  readonly after: Position;
  /** The node that owns all positions from there to its own. */
  readonly end: Position;
  /** Who is asked, the owner first. */
  readonly owners: readonly Contact[];
}

export class RingService {
  readonly #context: RingServiceContext;
  readonly #entrances: Entrances;
  readonly #lookups: Lookups;
  /** How to give up each lookup of the application, by the number of its request. */
  readonly #waiting = new Map<number, () => void>();

  constructor(context: RingServiceContext) {
    this.#context = context;
    const { limits } = context.config;
    this.#entrances = new Entrances({ ...context, limits });
    this.#lookups = new Lookups({
      ...context,
      limits,
      failed: (contact) => context.turn((ring, now) => ring.takeAsFailed(contact, now)),
    });
  }

  #member(): Ring {
    const { ring } = this.#context;
    if (ring !== undefined) return ring;
    throw misuse('the node takes no part in the ring; make it with the option ring, such as ring: "join"');
  }

  #checkJoining(): void {
    if (this.#member().snapshot().phase !== "JOINING") throw misuse("the node has its place already");
  }

  /**
   * Founds a ring. @param entrances nodes that are remembered. @param isKept dial them again whenever a session is lost.
   * @throws {ProtocolError} MISUSE when the node takes no part, or has a place already
   */
  found(entrances: readonly Entrance[], isKept: boolean): void {
    this.#checkJoining();
    this.#context.turn((ring, now) => ring.found(now));
    this.#watch(entrances, isKept);
  }

  /** Joins the ring through nodes at addresses; otherwise as `found`. @throws {ProtocolError} MISUSE */
  join(entrances: readonly Entrance[], isKept: boolean): void {
    this.#checkJoining();
    this.#context.turn((ring, now) => ring.join([], now));
    this.#watch(entrances, isKept);
  }

  #watch(entrances: readonly Entrance[], isKept: boolean): void {
    for (const entrance of entrances) {
      this.#entrances.watch(entrance, isKept, (contact) => {
        this.#context.turn((ring, now) => {
          if (ring.snapshot().phase === "JOINING") ring.join([contact], now);
          else ring.remember(contact, now);
        });
      });
    }
  }

  /** Leaves the ring: an event tells when it is done, and the sessions end. @throws {ProtocolError} MISUSE */
  leave(): void {
    if (!this.#member().mayLeave)
      throw misuse("the node cannot leave now: it has no place, or has just founded the ring");
    this.#context.handOver(() => {
      const peers = this.#members();
      this.#context.turn((ring, now) => ring.leave(now, peers));
    });
  }

  /** A round of stabilizing, or an audit, as soon as may be. @throws {ProtocolError} MISUSE */
  maintain(how: "stabilize" | "audit"): void {
    const { phase } = this.#member().snapshot();
    if (phase === "JOINING" || phase === "LEAVING") throw misuse(`a node that is ${phase} does not ${how}`);
    this.#context.turn((ring, now) => ring[how](now));
  }

  /** What the node knows of the ring. @throws {ProtocolError} MISUSE */
  view(): RingView & { readonly fingers: readonly RingFinger[] } {
    const ring = this.#member();
    const fingers = ring.fingers.map(({ index, contact }) => ({ index, node: this.#placeOf(contact) }));
    return { ...viewOf(ring.snapshot(), this.#placeOf(this.#context.self), this.#recordOf), fingers };
  }

  readonly #recordOf = (contact: Contact): KnownRecord => this.#context.contacts.recordOf(contact);

  #placeOf(contact: Contact): RingPlace {
    const { self, config } = this.#context;
    if (contact.key !== self.key) return placeOfContact(contact, this.#recordOf);
    return { nodeId: config.nodeId.slice(), position: self.position.bytes.slice(), addresses: [] };
  }

  /** Looks up the owner of a position, beginning at addresses or else where it can; answers the number of the request. */
  lookup(target: Uint8Array, entrances: readonly Entrance[]): number {
    const request = this.#context.number();
    const { go, giveUp } = this.#lookups.start(Position.fromBytes(target.slice()), false, (lookup, tookMs) => {
      this.#waiting.delete(request);
      this.#tell(request, lookup, tookMs);
    });
    this.#waiting.set(request, giveUp);
    if (entrances.length === 0) {
      go((lookup) => this.#beginHere(lookup));
      return request;
    }
    const contacts: Contact[] = [];
    let left = entrances.length;
    for (const entrance of entrances) {
      this.#entrances.enter(entrance, (contact) => {
        if (contact !== undefined) contacts.push(contact);
        if (--left === 0) go((lookup) => lookup.beginAt(contacts));
      });
    }
    return request;
  }

  /**
   * Looks up the owners of a position for the table.
   * @param isTentative no owner is asked whether it is one.
   * @param done called once, perhaps within this call; with nothing when it has failed.
   */
  ownersOf(target: Position, isTentative: boolean, done: (arc: ShownArc | undefined) => void): void {
    const { go } = this.#lookups.start(target, isTentative, ({ result }) => {
      if (result === undefined) return done(undefined);
      const { predecessor, owners, owner } = result;
      const end = (owners[0] ?? owner).position;
      done({ after: predecessor.position, end, owners: owners.slice(owners.indexOf(owner)) });
    });
    go((lookup) => {
      const { phase } = this.#context.ring?.snapshot() ?? {};
      // Who waits for its place asks those whom it knows.
      if (phase === "JOINING") lookup.beginAt(this.#members());
      else this.#beginHere(lookup);
    });
  }

  #tell(request: number, { result, failure = "UNREACHABLE" }: Lookup, tookMs: ReadonlyMap<Contact, number>): void {
    const { emit } = this.#context;
    if (result === undefined) {
      const text = failure === "TIMEOUT" ? "the lookup took too long" : "nobody is left to ask";
      return emit({ type: "failed", request, code: failure, text });
    }
    const nodeIdOf = (contact: Contact): Uint8Array => this.#placeOf(contact).nodeId;
    const path = result.path.map((contact) => ({ nodeId: nodeIdOf(contact), ms: tookMs.get(contact) ?? 0 }));
    emit({ type: "owner", request, owner: nodeIdOf(result.owner), hops: path.length, path });
  }

  #beginHere(lookup: Lookup): void {
    const { ring } = this.#context;
    const answer = ring?.step(lookup.target);
    if (answer !== undefined) lookup.beginWith(answer, ring?.snapshot().successors);
    // A member that has no place yet knows nobody.
    else lookup.beginAt(ring === undefined ? this.#members() : []);
  }

  /** Peers that take part in the ring. */
  #members(): Contact[] {
    const members: Contact[] = [];
    for (const { active, isReported } of this.#context.peers) {
      const contact = isReported ? this.#context.contactOf(active) : undefined;
      if (contact !== undefined && isMember(this.#recordOf(contact).record)) members.push(contact);
    }
    return members;
  }

  /** Asks the node at an address what it knows of the ring; answers the number of the request. */
  askView(entrance: Entrance): number {
    return this.#ask(entrance, (contact, request) =>
      this.#context.askState(contact, (snapshot) => {
        if (snapshot === undefined) return this.#unreachable(request);
        const view = viewOf(snapshot, this.#placeOf(snapshot.self), this.#recordOf);
        this.#context.emit({ type: "viewed", request, view });
      }),
    );
  }

  /** Asks the node at an address one step of a lookup; answers the number of the request. */
  askNext(entrance: Entrance, target: Uint8Array): number {
    const places = (of: readonly Contact[]): RingPlace[] => of.map((contact) => this.#placeOf(contact));
    return this.#ask(entrance, (contact, request) =>
      this.#context.askStep(contact, Position.fromBytes(target.slice()), (answer) => {
        if (answer === undefined) return this.#unreachable(request);
        const { owners, next } = answer;
        this.#context.emit({ type: "stepped", request, owners: places(owners), next: places(next) });
      }),
    );
  }

  #ask(entrance: Entrance, ask: (contact: Contact, request: number) => void): number {
    const request = this.#context.number();
    this.#entrances.enter(entrance, (contact) => {
      if (contact === undefined) this.#unreachable(request);
      else ask(contact, request);
    });
    return request;
  }

  #unreachable(request: number): void {
    const text = "no session with the node, or it takes no part in the ring";
    this.#context.emit({ type: "failed", request, code: "UNREACHABLE", text });
  }

  /** The application waits no longer for a request. */
  giveUp(request: number): void {
    this.#waiting.get(request)?.();
    this.#waiting.delete(request);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return Math.min(this.#entrances.deadline, this.#lookups.deadline);
  }

  wake(now: number): void {
    this.#entrances.wake(now);
    this.#lookups.wake(now);
  }

  /** The node stops. */
  stop(): void {
    this.#entrances.stop();
  }
}
