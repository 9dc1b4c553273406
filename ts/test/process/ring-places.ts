// Processes that form a ring over TLS: started, killed without a word, started again with the same identity, address and store.
// Random choices come from a source of the caller's. Knows who lives; what is asked of them is the caller's business.

import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { NodeOptions } from "../../src/index.js";
import { createCertificate } from "../../src/transport/certificate.js";
import type { ServerCertificate } from "../../src/transport/index.js";
import { pick } from "../harness/random.js";
import { freePorts } from "./churn-ports.js";
import { Worker, type Told } from "./worker.js";

export interface PlacesPlan {
  readonly network: string;
  readonly processes: number;
  /** RING_STABILIZE_MS of all. */
  readonly stabilizeMs: number;
  /** Limits beside those of the ring. */
  readonly limits?: NodeOptions["limits"];
  /** Folder in which each process has a store of its own. @defaultValue their stores are in memory */
  readonly stores?: string;
}

/** One process, or the place of one that was killed. */
export interface Place {
  readonly seed: number;
  /** Kept over restarts: to make one takes a process longer than everything else. */
  readonly certificate: ServerCertificate;
  readonly address: string;
  worker: Worker;
  id: string;
  /** Hex. */
  position: string;
  isUp: boolean;
}

/** Others that a process is told to join through. */
const bootstraps = 4;

export class RingPlaces {
  readonly #plan: PlacesPlan;
  readonly #random: () => number;
  readonly #places: Place[] = [];
  /** Milliseconds that processes took from their start to their place on the ring. */
  readonly joinsMs: number[] = [];
  kills = 0;
  #lastNumber = 0;

  constructor(plan: PlacesPlan, random: () => number) {
    this.#plan = plan;
    this.#random = random;
  }

  /** Founds the ring, lets all others join at once, and waits until it is whole. */
  async startAll(): Promise<void> {
    const ports = await freePorts(this.#random, this.#plan.processes);
    for (const [i, port] of ports.entries()) {
      const address = `tls://127.0.0.1:${port}`;
      const state = { worker: new Worker(), id: "", position: "", isUp: false };
      this.#places.push({ seed: i + 1, certificate: await createCertificate(), address, ...state });
    }
    const [founder, ...others] = this.#places as [Place, ...Place[]];
    await this.#start(founder, "found");
    // All at once: the ring has to take them as they come.
    await Promise.all(others.map((place) => this.#start(place, "join")));
    await this.untilWhole();
  }

  /** Starts one again that was killed. @param isEmptied it finds nothing in its store. */
  async restart(place: Place, isEmptied = false): Promise<void> {
    const folder = this.#storeOf(place);
    if (isEmptied && folder !== undefined) rmSync(folder, { recursive: true, force: true });
    place.worker = new Worker();
    await this.#start(place, "join");
  }

  #storeOf({ seed }: Place): string | undefined {
    return this.#plan.stores === undefined ? undefined : path.join(this.#plan.stores, String(seed));
  }

  async #start(place: Place, ring: "found" | "join"): Promise<void> {
    const { network, stabilizeMs, limits: others = {} } = this.#plan;
    const begun = Date.now();
    const { worker, certificate, address } = place;
    // Addresses of those that are there, and of any others: some of them dead.
    const known = [...this.some(this.alive, 1), ...this.some(this.#places, bootstraps)].map((one) => one.address);
    const rounds = { RING_STABILIZE_MS: stabilizeMs, RING_STABILIZE_QUIET_MS: 2 * stabilizeMs, PEERS_TARGET: 0 };
    const limits = { ...rounds, ...others };
    const store = this.#storeOf(place);
    if (store !== undefined) mkdirSync(store, { recursive: true });
    const options = { network, certificate, listen: [address], bootstrap: known, limits, ring };
    const { id } = await worker.start(place.seed, store === undefined ? options : { ...options, store });
    const { position } = await worker.tells("position");
    Object.assign(place, { id, position: String(position) });
    await worker.tells("phase", ({ phase }) => phase === "MEMBER" || phase === "FOUNDER");
    place.isUp = true;
    this.joinsMs.push(Date.now() - begun);
  }

  /** As many random ones as are asked for, if there are so many. */
  some(places: readonly Place[], wanted: number): Place[] {
    const left = [...places];
    const count = Math.min(wanted, left.length);
    return Array.from({ length: count }, () => left.splice(pick(this.#random, left.length), 1)[0] as Place);
  }

  /** Kills as many random ones as are asked for, at once. */
  killSome(wanted: number): Place[] {
    const killed = this.some(this.alive, wanted);
    for (const place of killed) {
      place.isUp = false;
      place.worker.kill();
      this.kills++;
    }
    return killed;
  }

  /** Lets one leave the ring and end; resolves when it has left. */
  async leave(place: Place): Promise<void> {
    place.worker.command({ type: "leave" });
    await place.worker.tells("left");
    place.isUp = false;
    await place.worker.exited;
  }

  get alive(): readonly Place[] {
    return this.#places.filter(({ isUp }) => isUp);
  }

  get dead(): readonly Place[] {
    return this.#places.filter(({ isUp }) => !isUp);
  }

  /** Those that live, in the order of their positions. */
  get around(): readonly Place[] {
    return this.alive.toSorted((a, b) => (a.position < b.position ? -1 : 1));
  }

  /** Tells a process to do something, and answers what it tells of it. */
  ask({ worker }: Place, type: string, answer: string, command: object = {}): Promise<Told> {
    const number = ++this.#lastNumber;
    worker.command({ type, number, ...command });
    return worker.tells(answer, (told) => told["number"] === number);
  }

  /** Waits until everybody has the right head. */
  async untilWhole(): Promise<void> {
    while (!(await this.#isWhole())) await sleepUntil(Date.now() + this.#plan.stabilizeMs);
  }

  async #isWhole(): Promise<boolean> {
    const inOrder = this.around;
    const told = await Promise.all(inOrder.map((place) => this.ask(place, "neighbours", "neighbours")));
    return told.every(({ successors }, i) => {
      const [head] = successors as string[];
      return head === inOrder[(i + 1) % inOrder.length]?.id;
    });
  }

  /** Ends what still runs, whatever has happened. */
  kill(): void {
    for (const { worker } of this.#places) worker.kill();
  }
}

export function sleepUntil(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));
}
