// Which addresses are dialled when: configured ones again and again, with back-off, as long as their node is no peer.

import { formatHex } from "../bytes/index.js";
import type { Limits, Random } from "../ports/index.js";

export interface DialTarget {
  readonly address: string;
  /** Node id that must answer. */
  readonly pinned?: Uint8Array;
  /** Dial again after a failure or a loss. */
  readonly isKept: boolean;
}

interface Target extends DialTarget {
  /** Node that answered last, hex. */
  nodeKey?: string;
  attempts: number;
  /** When to dial next; absent while a dial or session is under way, or never again. */
  dueAt?: number;
}

export class Dialler {
  readonly #limits: Limits;
  readonly #random: Random;
  readonly #targets: Target[] = [];
  readonly #underWay = new Map<number, Target>();
  #dials = 0;

  constructor(limits: Limits, random: Random) {
    this.#limits = limits;
    this.#random = random;
  }

  add(target: DialTarget, now: number): void {
    this.#targets.push({ ...target, attempts: 0, dueAt: now });
  }

  get deadline(): number | undefined {
    let due = Infinity;
    for (const target of this.#targets) due = Math.min(due, target.dueAt ?? Infinity);
    return due === Infinity ? undefined : due;
  }

  /** Starts the dials that are due; `isPeer` spares nodes that are connected already. */
  start(now: number, isPeer: (nodeKey: string) => boolean): { dial: number; target: DialTarget }[] {
    const started: { dial: number; target: DialTarget }[] = [];
    for (const target of this.#targets) {
      if (target.dueAt === undefined || target.dueAt > now) continue;
      delete target.dueAt;
      if (target.nodeKey !== undefined && isPeer(target.nodeKey)) continue;
      this.#underWay.set(++this.#dials, target);
      started.push({ dial: this.#dials, target });
    }
    return started;
  }

  /** The target of a dial. */
  target(dial: number): DialTarget | undefined {
    return this.#underWay.get(dial);
  }

  /** A dial led to a node. */
  answered(dial: number, nodeId: Uint8Array): void {
    const target = this.#underWay.get(dial);
    if (target === undefined) return;
    target.nodeKey = formatHex(nodeId);
    target.attempts = 0;
  }

  /** A dial failed, or its session ended. @param forGood the address can never serve. */
  over(dial: number, now: number, forGood: boolean): void {
    const target = this.#underWay.get(dial);
    this.#underWay.delete(dial);
    if (target === undefined) return;
    if (!target.isKept || forGood) this.#targets.splice(this.#targets.indexOf(target), 1);
    else target.dueAt = now + this.#backOff(target.attempts++);
  }

  /** A node is no peer any more: addresses that were spared for it are due. */
  lost(nodeId: Uint8Array, now: number): void {
    const key = formatHex(nodeId);
    for (const target of this.#targets) {
      if (target.nodeKey !== key || target.dueAt !== undefined || this.#isUnderWay(target)) continue;
      target.dueAt = now + this.#backOff(target.attempts++);
    }
  }

  #isUnderWay(target: Target): boolean {
    return [...this.#underWay.values()].includes(target);
  }

  /** Doubles from REDIAL_MIN_MS to REDIAL_MAX_MS, with up to a quarter of jitter on top. */
  #backOff(attempts: number): number {
    const { REDIAL_MIN_MS, REDIAL_MAX_MS } = this.#limits;
    const wait = Math.min(REDIAL_MAX_MS, REDIAL_MIN_MS * 2 ** Math.min(attempts, 20));
    return wait + Math.floor((wait * (this.#random.bytes(1)[0] as number)) / 1024);
  }
}
