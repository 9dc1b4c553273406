// Addresses through which a node was told to come to the ring: who answers there becomes a contact. Dials them, again while
// they are wanted, and knows nothing of what the contacts are for.

import { equalBytes, formatHex } from "../bytes/index.js";
import type { Contact } from "../chord/index.js";
import type { Limits } from "../ports/index.js";
import type { Session } from "../session/index.js";
import type { Dialler, DialTarget } from "./dialler.js";
import type { PeerTable } from "./peer-table.js";

/** An address, and the node that must answer there. */
export type Entrance = Pick<DialTarget, "address" | "pinned">;

export interface EntrancesContext {
  readonly limits: Limits;
  readonly peers: PeerTable;
  readonly dialler: Pick<Dialler, "add">;
  /** The session of a peer that was reported. */
  readonly sessionOf: (nodeId: Uint8Array) => Session | undefined;
  readonly contactOf: (session: Session) => Contact | undefined;
  /** Unix ms. */
  readonly now: () => number;
}

interface Watched {
  readonly entrance: Entrance;
  readonly found: (contact: Contact) => void;
  /** When to dial again, unix ms. */
  dueAt: number;
  waitMs: number;
}

export class Entrances {
  readonly #context: EntrancesContext;
  readonly #watched = new Set<Watched>();
  /** Who waits for which dial: two to one node would only be rivals. */
  readonly #entering = new Map<string, ((contact?: Contact) => void)[]>();

  constructor(context: EntrancesContext) {
    this.#context = context;
  }

  /** Dials once, unless the node is a peer. @param done called once: the contact there, if there is one. */
  enter(entrance: Entrance, done: (contact?: Contact) => void): void {
    const known = this.#sessionAt(entrance);
    if (known !== undefined) return done(this.#context.contactOf(known));
    const key = `${entrance.address} ${formatHex(entrance.pinned ?? new Uint8Array(0))}`;
    const waiting = this.#entering.get(key);
    if (waiting !== undefined) return void waiting.push(done);
    const all = [done];
    this.#entering.set(key, all);
    const answered = (nodeId?: Uint8Array): void => {
      if (this.#entering.get(key) === all) this.#entering.delete(key);
      for (const one of all.splice(0)) one(this.#contactOf(nodeId));
    };
    this.#context.dialler.add({ ...entrance, isKept: false, answered }, this.#context.now());
  }

  /**
   * Dials until somebody answers. @param isKept dial again when the session is lost, and tell of who is there then.
   * @param found called for each contact that is there.
   */
  watch(entrance: Entrance, isKept: boolean, found: (contact: Contact) => void): void {
    if (!isKept) {
      const watched = { entrance, found, dueAt: Infinity, waitMs: this.#context.limits.RING_JOIN_MIN_MS };
      this.#watched.add(watched);
      return this.#dial(watched);
    }
    const answered = (nodeId?: Uint8Array): void => {
      const contact = this.#contactOf(nodeId);
      if (contact !== undefined) found(contact);
    };
    this.#context.dialler.add({ ...entrance, isKept, answered }, this.#context.now());
  }

  #dial(watched: Watched): void {
    watched.dueAt = Infinity;
    this.enter(watched.entrance, (contact) => {
      if (contact === undefined) {
        watched.dueAt = this.#context.now() + watched.waitMs;
        watched.waitMs = Math.min(2 * watched.waitMs, this.#context.limits.RING_JOIN_MAX_MS);
      } else if (this.#watched.delete(watched)) {
        watched.found(contact);
      }
    });
  }

  #contactOf(nodeId: Uint8Array | undefined): Contact | undefined {
    const session = nodeId === undefined ? undefined : this.#context.sessionOf(nodeId);
    return session === undefined ? undefined : this.#context.contactOf(session);
  }

  /** The session of a peer that can be dialled there. */
  #sessionAt({ address, pinned }: Entrance): Session | undefined {
    for (const { nodeId, active, isReported } of this.#context.peers) {
      if (!isReported || (pinned !== undefined && !equalBytes(pinned, nodeId))) continue;
      if (pinned !== undefined || active.peer?.addresses.includes(address) === true) return active;
    }
    return undefined;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    let due = Infinity;
    for (const { dueAt } of this.#watched) due = Math.min(due, dueAt);
    return due;
  }

  wake(now: number): void {
    for (const watched of Array.from(this.#watched)) if (watched.dueAt <= now) this.#dial(watched);
  }

  stop(): void {
    this.#watched.clear();
  }
}
