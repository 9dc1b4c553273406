// The ring's machine of one node: chapter 7. Composes joining, stabilizing, audits, predecessors, fingers and leaving, and sees
// to it that one operation runs at a time. Knows contacts and snapshots; records, sessions and frames belong to the layer above.
// Inputs return nothing: after each, drain `poll()`, then read `deadline`.

import { Audit } from "./audit.js";
import { isSame, type Contact } from "./contact.js";
import { FingerRefresh } from "./finger-refresh.js";
import type { Finger } from "./fingers.js";
import { Hints } from "./hints.js";
import { Join } from "./join.js";
import { Leave } from "./leave.js";
import type { Position } from "./position.js";
import { Rectify } from "./rectify.js";
import { deliver, type OpenRequest } from "./requests.js";
import { RingCore } from "./ring-core.js";
import type { Phase, RingAnswer, RingContext, RingOutput, Snapshot, StepAnswer } from "./ring-types.js";
import { Rounds } from "./rounds.js";
import { Stabilize } from "./stabilize.js";

export class Ring {
  readonly #core: RingCore;
  readonly #rounds: Rounds;
  readonly #hints: Hints;
  readonly #join: Join;
  readonly #stabilize: Stabilize;
  readonly #audit: Audit;
  readonly #rectify: Rectify;
  readonly #refresh: FingerRefresh;
  readonly #leave: Leave;
  /** A round or the end of an audit is under way. Joining is an operation too; nothing else runs before it has ended. */
  #isBusy = false;
  #auditAt = Infinity;
  /** Somebody has asked for an audit. */
  #wantsAudit = false;
  #toldPhase: Phase = "JOINING";
  /** Outputs that were polled already. */
  #polled = 0;

  constructor(context: RingContext) {
    const core = new RingCore(context);
    this.#core = core;
    this.#rounds = new Rounds(core);
    this.#hints = new Hints(core);
    this.#join = new Join(core, (before, now) => this.#joined(before, now));
    this.#stabilize = new Stabilize(core, (now) => this.#roundEnded(now));
    this.#audit = new Audit(core, this.#stabilize, () => this.#operationEnded());
    this.#rectify = new Rectify(core);
    this.#refresh = new FingerRefresh(core);
    this.#leave = new Leave(core);
  }

  /** Begins a ring of its own. */
  found(now: number): void {
    if (this.#core.state.phase !== "JOINING") return;
    this.#join.cancel();
    this.#core.state.beginRing();
    this.#awaitAudit(now);
    this.#goOn(now);
  }

  /** Joins through nodes that are known from elsewhere; more may be told at any time. They are remembered for ever. */
  join(contacts: readonly Contact[], now: number): void {
    for (const contact of contacts) this.remember(contact, now);
    if (this.#core.state.phase === "JOINING") this.#join.begin(contacts, now);
    this.#goOn(now);
  }

  /** Whether this node may leave: a founder only while its list is the whole ring. */
  get mayLeave(): boolean {
    const { phase, wraps } = this.#core.state;
    return phase === "MEMBER" || (phase === "FOUNDER" && wraps);
  }

  /** Leaves: `left` comes when it is done. @param peers nodes of the ring that are in session with this one. */
  leave(now: number, peers: readonly Contact[]): void {
    if (!this.#core.state.isInPlace) return;
    this.#stabilize.cancel();
    this.#audit.cancel();
    this.#rectify.cancel();
    this.#refresh.cancel();
    this.#leave.begin(peers, now);
    this.#goOn(now);
  }

  /** A round at once, or when the operation under way has ended. */
  stabilize(now: number): void {
    this.#rounds.want();
    this.#goOn(now);
  }

  /** An audit at once, or when the one under way has ended. */
  audit(now: number): void {
    this.#wantsAudit = this.#core.state.isInPlace;
    this.#goOn(now);
  }

  /** NOTIFY came. */
  receiveNotify(from: Contact, now: number): void {
    const { state, self } = this.#core;
    if (state.isInPlace && from.key !== self.key && !state.isGone(from)) this.#rectify.receiveNotify(from);
    this.#goOn(now);
  }

  /** HINT came. */
  receiveHint(now: number): void {
    this.#rounds.receiveHint(now);
    this.#goOn(now);
  }

  /** LEAVE came; the layer above answers it at once. */
  receiveLeave(from: Contact, now: number): void {
    const { state, passive } = this.#core;
    const isHead = isSame(state.head, from);
    // r[ring.leave.gone]
    state.setGone(from);
    this.#dropBeside(from);
    passive.forget(from);
    if (isHead) this.#rounds.want();
    this.#goOn(now);
  }

  /** The session with a contact has ended: whether it has failed, a round will show. */
  suspect(contact: Contact, now: number): void {
    if (isSame(this.#core.state.head, contact)) this.#rounds.want();
    this.#goOn(now);
  }

  /** Requests of the layer above to a contact have failed: it is out of use until the list is made anew. */
  takeAsFailed(contact: Contact, now: number): void {
    const { state, passive } = this.#core;
    if (state.isNeighbour(contact)) passive.add(contact, now);
    state.setSuspect(contact);
    this.#dropBeside(contact);
    this.suspect(contact, now);
  }

  #dropBeside(contact: Contact): void {
    this.#rectify.drop(contact);
    this.#core.fingers.drop(contact);
  }

  /** A contact that this node was told of: remembered for ever, for audits. */
  remember(contact: Contact, now: number): void {
    if (contact.key !== this.#core.self.key) this.#core.passive.keep(contact, now);
  }

  /** A request was answered: STATE with a snapshot, STEP with its answer. */
  answered(handle: number, answer: RingAnswer, now: number): void {
    const request = this.#core.requests.take(handle);
    if (request === undefined) return;
    const { to, type } = request;
    const life = type === "state" ? (answer as Snapshot).self : to;
    // r[ring.incarnation]
    if (!isSame(life, to)) {
      if (life.key === to.key) this.#meet(life, now);
      this.#fail(request, now);
    } else deliver(request, answer, now);
    this.#goOn(now);
  }

  /** A node that was known by an earlier life. */
  #meet(life: Contact, now: number): void {
    const { passive, state } = this.#core;
    passive.add(life, now);
    if (state.phase === "JOINING") this.#join.prefer(life);
  }

  /** A request has failed: refused, or its contact did not answer in time. */
  failed(handle: number, now: number): void {
    const request = this.#core.requests.take(handle);
    if (request === undefined) return;
    this.#fail(request, now);
    this.#goOn(now);
  }

  #fail({ to, type, asker }: OpenRequest, now: number): void {
    const { state, fingers } = this.#core;
    if (type !== "leave") {
      fingers.drop(to);
      state.setSuspect(to);
      // The round that asks a head drops it by itself.
      if (asker !== this.#stabilize && isSame(state.head, to)) this.#rounds.want();
    }
    asker.fail(to, now, type);
  }

  wake(now: number): void {
    const { state } = this.#core;
    if (state.phase === "JOINING") this.#join.wake(now);
    this.#audit.wake(now);
    this.#refresh.wake(now);
    this.#leave.wake(now);
    this.#rounds.wake(now);
    if (now >= this.#auditAt && state.isInPlace) this.#beginAudit(now);
    this.#goOn(now);
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    const { state } = this.#core;
    if (state.phase === "JOINING") return this.#join.deadline;
    if (state.phase === "LEAVING") return this.#leave.deadline;
    const round = this.#isBusy ? Infinity : this.#rounds.deadline;
    return Math.min(round, this.#auditAt, this.#audit.deadline, this.#refresh.deadline);
  }

  poll(): RingOutput | undefined {
    const { outputs } = this.#core;
    if (this.#polled < outputs.length) return outputs[this.#polled++];
    if (this.#polled > 0) outputs.length = 0;
    this.#polled = 0;
    return undefined;
  }

  /** What STATE answers; the same object until something changes. */
  snapshot(): Snapshot {
    return this.#core.state.snapshot();
  }

  /** What STEP answers; undefined while this node is JOINING: BUSY. */
  step(target: Position): StepAnswer | undefined {
    const { state, fingers, limits } = this.#core;
    // r[step.joining]
    if (state.phase === "JOINING") return undefined;
    return state.step(target, fingers.contacts, limits.STEP_RECORDS);
  }

  get fingers(): readonly Finger[] {
    return this.#core.fingers.held;
  }

  /** Another node's answer that this one holds while it joins and may make its list of: it counts as a reply in flight. */
  get held(): Snapshot | undefined {
    return this.#join.held;
  }

  #joined(before: Contact, now: number): void {
    this.#hints.owe(before);
    this.#rounds.want();
    this.#awaitAudit(now);
  }

  #awaitAudit(now: number): void {
    const { draws, limits } = this.#core;
    // r[ring.audit.when] mutate: `now + draws.around(limits.RING_AUDIT_MS)` => `Infinity`
    this.#auditAt = now + draws.around(limits.RING_AUDIT_MS);
  }

  #beginAudit(now: number): void {
    this.#awaitAudit(now);
    this.#audit.begin(now);
  }

  /** Begins what is due, and tells of a new phase. */
  #goOn(now: number): void {
    const { state, outputs } = this.#core;
    this.#rounds.noteChanges(now);
    if (this.#wantsAudit && state.isInPlace && !this.#audit.isUnderWay) {
      this.#wantsAudit = false;
      this.#beginAudit(now);
    }
    while (state.isInPlace && this.#mayBegin(now)) {
      this.#isBusy = true;
      if (this.#audit.hasFound) this.#audit.adopt();
      else this.#stabilize.begin(now);
    }
    if (state.phase === this.#toldPhase) return;
    this.#toldPhase = state.phase;
    outputs.push({ type: "phase", phase: state.phase });
  }

  #mayBegin(now: number): boolean {
    // r[ring.operation.one]
    if (this.#isBusy) return false;
    return this.#audit.hasFound || this.#rounds.take(now);
  }

  #roundEnded(now: number): void {
    const { isAlone, wraps } = this.#core.state;
    this.#rounds.end(now);
    this.#hints.roundEnded();
    // r[ring.recover]
    if (isAlone) this.#beginAudit(now);
    // r[ring.audit.wraps]
    if (wraps && !isAlone) this.#beginAudit(now);
    this.#refresh.begin(now);
    this.#operationEnded();
  }

  #operationEnded(): void {
    const { state } = this.#core;
    this.#isBusy = false;
    // It has left or failed while the operation ran.
    if (state.isOut(state.head)) this.#rounds.want();
  }
}
