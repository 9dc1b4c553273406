// Which addresses are dialled when. Configured ones again and again, with back-off, as long as their node is no peer; those
// of a record, which the network told, one after the other until one leads to a session, and never where section 1.8 forbids.

import { formatHex } from "../bytes/index.js";
import { mayDialTold } from "../identity/index.js";
import type { Limits, Random } from "../ports/index.js";
import { DialFailures } from "./dial-failures.js";

export interface DialTarget {
  readonly address: string;
  /** Node id that must answer. */
  readonly pinned?: Uint8Array;
  /** Dial again after a failure or a loss. */
  readonly isKept: boolean;
  /** From a record, not from the application. */
  readonly isTold?: boolean;
  /** Hears each time which node has answered; of a target that is not kept also that none did. */
  readonly answered?: (nodeId?: Uint8Array) => void;
}

/** A node to be dialled at the addresses of its record. */
export interface ToldTarget {
  /** In the order of the record. */
  readonly addresses: readonly string[];
  /** Of the record, 32 bytes. */
  readonly nodeId: Uint8Array;
  /** Address of the peer that told it, as its session shows it. */
  readonly toldBy: string;
}

interface Configured extends DialTarget {
  /** Node that answered last, or that must answer, hex. */
  nodeKey?: string;
  attempts: number;
  /** When to dial next; absent while a dial or session is under way, or never again. */
  dueAt?: number;
}

interface Told extends ToldTarget {
  readonly nodeKey: string;
  /** Index of the address to be dialled next. */
  next: number;
  /** As for configured ones. */
  dueAt?: number;
  /** Its outcome was told, or nobody wants to know it. */
  isOver: boolean;
  /** Hears once whether an address led to a READY session, or the node was a peer already. */
  readonly done: (isReached: boolean) => void;
}

interface UnderWay {
  readonly target: DialTarget;
  readonly source: Configured | Told;
  /** It led to a READY session. */
  isAnswered: boolean;
}

export class Dialler {
  readonly #limits: Limits;
  readonly #random: Random;
  readonly #failures: DialFailures;
  readonly #configured: Configured[] = [];
  readonly #told = new Map<number, Told>();
  readonly #underWay = new Map<number, UnderWay>();
  #dials = 0;
  #handles = 0;
  /** Dials under way that have not led to a READY session. */
  #opening = 0;

  constructor(limits: Limits, random: Random) {
    this.#limits = limits;
    this.#random = random;
    this.#failures = new DialFailures(limits);
  }

  /** Dials an address of the application's. */
  add(target: DialTarget, now: number): void {
    const { pinned, isKept } = target;
    // Which node it is about is known before it answers.
    const known = isKept && pinned !== undefined ? { nodeKey: formatHex(pinned) } : {};
    this.#configured.push({ ...target, ...known, attempts: 0, dueAt: now });
  }

  /**
   * Dials a node at the addresses of its record. Answers a handle for `withdraw`.
   * @param done called once, never within this call: whether an address led to a READY session
   */
  addTold(target: ToldTarget, now: number, done: (isReached: boolean) => void): number {
    const handle = ++this.#handles;
    this.#told.set(handle, {
      ...target,
      nodeKey: formatHex(target.nodeId),
      next: 0,
      dueAt: now,
      isOver: false,
      done: (isReached) => {
        if (this.#end(handle)) done(isReached);
      },
    });
    return handle;
  }

  /** No further address is dialled, and `done` is not called; what is under way goes on. */
  withdraw(handle: number): void {
    this.#end(handle);
  }

  #end(handle: number): boolean {
    const told = this.#told.get(handle);
    if (told !== undefined) told.isOver = true;
    return this.#told.delete(handle);
  }

  /** Whether any address of a record may be dialled now: section 1.8. */
  mayDialTold(target: ToldTarget, now: number): boolean {
    return target.addresses.some((address) => this.#mayDialAddress(target, address, now));
  }

  #mayDialAddress({ nodeId, toldBy }: ToldTarget, address: string, now: number): boolean {
    return mayDialTold(address, nodeId, toldBy) && this.#failures.mayDial(address, now);
  }

  /** When `start` is due, unix ms. */
  get deadline(): number | undefined {
    if (this.#opening >= this.#limits.DIALS) return undefined;
    let due = Infinity;
    for (const { dueAt } of this.#configured) due = Math.min(due, dueAt ?? Infinity);
    for (const told of this.#told.values())
      if (!this.#isBesideAnother(told)) due = Math.min(due, told.dueAt ?? Infinity);
    return due === Infinity ? undefined : due;
  }

  /** Starts the dials that are due, the longest due first; `isPeer` spares nodes that are connected already. */
  start(now: number, isPeer: (nodeKey: string) => boolean): { dial: number; target: DialTarget }[] {
    const started: { dial: number; target: DialTarget }[] = [];
    const all: (Configured | Told)[] = [...this.#configured, ...this.#told.values()];
    const due = all.filter(({ dueAt }) => dueAt !== undefined && dueAt <= now);
    for (const source of due.sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))) {
      // r[session.dials]
      if (this.#opening >= this.#limits.DIALS) break;
      if (isTold(source) && this.#isBesideAnother(source)) continue;
      delete source.dueAt;
      const target = isTold(source) ? this.#nextOf(source, now, isPeer) : targetOf(source, isPeer);
      if (target === undefined) continue;
      this.#opening++;
      this.#underWay.set(++this.#dials, { target, source, isAnswered: false });
      started.push({ dial: this.#dials, target });
    }
    return started;
  }

  /** Whether the node is being dialled for somebody else: two sessions would only be rivals. */
  #isBesideAnother({ nodeKey }: Told): boolean {
    for (const { source, isAnswered } of this.#underWay.values())
      if (isTold(source) && source.nodeKey === nodeKey && !isAnswered) return true;
    return false;
  }

  /** The next address of a record that may be dialled; tells the outcome when there is none. */
  #nextOf(told: Told, now: number, isPeer: (nodeKey: string) => boolean): DialTarget | undefined {
    const { addresses, nodeId } = told;
    // The outcome of another one may have made this one needless.
    if (told.isOver) return undefined;
    if (isPeer(told.nodeKey)) {
      told.done(true);
      return undefined;
    }
    while (told.next < addresses.length) {
      const address = addresses[told.next++] as string;
      if (!this.#mayDialAddress(told, address, now)) continue;
      // r[dial.told.pinned] mutate: `pinned: nodeId` => `pinned: undefined`
      return { address, pinned: nodeId, isKept: false, isTold: true };
    }
    told.done(false);
    return undefined;
  }

  /** The target of a dial. */
  target(dial: number): DialTarget | undefined {
    return this.#underWay.get(dial)?.target;
  }

  /** A dial led to a node, in a session that is READY or ends since another one stays. */
  answered(dial: number, nodeId: Uint8Array): void {
    const underWay = this.#underWay.get(dial);
    if (underWay === undefined || underWay.isAnswered) return;
    const { source, target } = underWay;
    underWay.isAnswered = true;
    this.#opening--;
    if (isTold(source)) {
      this.#failures.succeeded(target.address);
      return source.done(true);
    }
    source.nodeKey = formatHex(nodeId);
    source.attempts = 0;
    source.answered?.(nodeId);
  }

  /** A dial failed, or its session ended. @param forGood the address can never serve. */
  over(dial: number, now: number, forGood: boolean): void {
    const underWay = this.#underWay.get(dial);
    if (underWay === undefined) return;
    this.#underWay.delete(dial);
    const { source, target, isAnswered } = underWay;
    if (!isAnswered) this.#opening--;
    if (isTold(source)) {
      if (isAnswered) return;
      this.#failures.failed(target.address, now);
      source.dueAt = now;
    } else if (!source.isKept || forGood) {
      this.#configured.splice(this.#configured.indexOf(source), 1);
      if (!isAnswered && !source.isKept) source.answered?.();
    } else {
      source.dueAt = now + this.#backOff(source.attempts++);
    }
  }

  /** A node is no peer any more: configured addresses that were spared for it are due. */
  lost(nodeId: Uint8Array, now: number): void {
    const key = formatHex(nodeId);
    for (const target of this.#configured) {
      if (target.nodeKey !== key || target.dueAt !== undefined || this.#isUnderWay(target)) continue;
      target.dueAt = now + this.#backOff(target.attempts++);
    }
  }

  #isUnderWay(target: Configured): boolean {
    return [...this.#underWay.values()].some(({ source }) => source === target);
  }

  /** Doubles from REDIAL_MIN_MS to REDIAL_MAX_MS, with up to a quarter of jitter on top. */
  #backOff(attempts: number): number {
    const { REDIAL_MIN_MS, REDIAL_MAX_MS } = this.#limits;
    const wait = Math.min(REDIAL_MAX_MS, REDIAL_MIN_MS * 2 ** Math.min(attempts, 20));
    return wait + Math.floor((wait * (this.#random.bytes(1)[0] as number)) / 1024);
  }
}

const isTold = (source: Configured | Told): source is Told => "toldBy" in source;

/** A configured address, unless the node behind it is a peer. */
function targetOf(configured: Configured, isPeer: (nodeKey: string) => boolean): DialTarget | undefined {
  return configured.nodeKey !== undefined && isPeer(configured.nodeKey) ? undefined : configured;
}
