// Processes that all know each other's addresses, over TLS, of which some are killed without a word and started again at every tick.
// Random choices come from a seed. Keeps what every run of a process saw; judges nothing.

import { createCertificate } from "../../src/transport/certificate.js";
import type { ServerCertificate } from "../../src/transport/index.js";
import { pick, seeded } from "../harness/random.js";
import { identityFromSeed } from "../../src/runtime/index.js";
import { freePorts } from "./churn-ports.js";
import { Worker } from "./worker.js";

export interface ChurnPlan {
  readonly seed: number;
  readonly processes: number;
  /** Of how many others, chosen at random at each start, a process knows the addresses; it learns of more by itself. */
  readonly knownOthers: number;
  readonly killedPerTick: number;
  readonly ticks: number;
  readonly tickMs: number;
  /** A process broadcasts once in this time. */
  readonly everyMs: number;
  /** How long all go on living after the last tick. */
  readonly restMs: number;
}

/** Times are unix ms of one machine. */
export interface Sent {
  /** Sequence, in decimal. */
  readonly sequence: string;
  readonly at: number;
  /** How many peers the origin had. */
  readonly peers: number;
}

export interface Delivered {
  /** Node id, hex. */
  readonly origin: string;
  readonly sequence: string;
  readonly at: number;
}

/** A peer has come or gone. */
interface LinkChange {
  readonly isUp: boolean;
  /** Node id, hex. */
  readonly peer: string;
  readonly at: number;
}

/** One run of a process, from its start to its end. */
export interface ProcessRun {
  /** Node id, hex: that of every run in this place. */
  readonly id: string;
  /** When it was up and had its first peer; Infinity when it never had. */
  readonly livedFrom: number;
  /** When it was killed, or when the test was over. */
  readonly livedUntil: number;
  readonly wasKilled: boolean;
  readonly sent: readonly Sent[];
  readonly delivered: readonly Delivered[];
  readonly links: readonly LinkChange[];
}

interface Place {
  readonly seed: number;
  /** Kept over restarts: to make one takes a process longer than everything else. */
  readonly certificate: ServerCertificate;
  /** Those at which it may listen, each with the id that must answer: it takes one at each start. */
  readonly addresses: readonly string[];
  worker: Worker;
  /** Index of its address. */
  listensAt: number;
  id: string;
  isUp: boolean;
  killedAt: number;
}

/** Between a kill and the restart. */
const longestPauseMs = 200;
const addressesEach = 2;

export class Churn {
  readonly #plan: ChurnPlan;
  readonly #random: () => number;
  readonly #places: Place[] = [];
  readonly #runs: ProcessRun[] = [];
  readonly #restarts = new Set<Promise<void>>();
  /** Processes that have loaded everything and hold no node yet: a restart shall not take longer than the life after it. */
  readonly #spares: Worker[] = [];

  constructor(plan: ChurnPlan) {
    this.#plan = plan;
    this.#random = seeded(plan.seed);
  }

  /** Lets it all happen. */
  async run(): Promise<readonly ProcessRun[]> {
    const { ticks, tickMs, restMs } = this.#plan;
    await this.#startAll();
    const begin = Date.now();
    for (let tick = 1; tick <= ticks; tick++) {
      await sleepUntil(begin + tick * tickMs);
      for (const place of this.#chosen()) this.#track(this.#killAndRestart(place));
      await sleepUntil(begin + (tick + 0.5) * tickMs);
      this.#refillSpares();
    }
    await sleepUntil(begin + (ticks + 1) * tickMs + restMs);
    await Promise.all(this.#restarts);
    await Promise.all(this.#places.map((place) => this.#close(place)));
    return this.#runs;
  }

  /** Ends what still runs, whatever has happened. */
  kill(): void {
    for (const { worker } of this.#places) worker.kill();
    for (const spare of this.#spares.splice(0)) spare.kill();
  }

  async #startAll(): Promise<void> {
    const ports = await freePorts(this.#random, addressesEach * this.#plan.processes);
    for (let seed = 1; seed <= this.#plan.processes; seed++) {
      const { text } = identityFromSeed(new Uint8Array(32).fill(seed));
      const addresses = ports.splice(0, addressesEach).map((port) => `tls://${text}@127.0.0.1:${port}`);
      const state = { worker: new Worker(), listensAt: 0, id: "", isUp: false, killedAt: 0 };
      this.#places.push({ seed, certificate: await createCertificate(), addresses, ...state });
    }
    this.#refillSpares();
    await Promise.all(this.#places.map((place) => this.#start(place)));
    await Promise.all(this.#places.map(({ worker }) => worker.until(() => worker.count("up") > 0, "up")));
  }

  #refillSpares(): void {
    while (this.#spares.length < this.#plan.killedPerTick) this.#spares.push(new Worker());
  }

  async #start(place: Place): Promise<void> {
    const { certificate, addresses, listensAt } = place;
    const [, host = ""] = String(addresses[listensAt]).split("@");
    const others = this.#places.filter((other) => other !== place);
    const bootstrap = this.#some(others, this.#plan.knownOthers).flatMap((other) => other.addresses);
    const options = { network: "churn", certificate, listen: [`tls://${host}`], bootstrap };
    const { everyMs } = this.#plan;
    const started = await place.worker.start(place.seed, options, { everyMs, phaseMs: pick(this.#random, everyMs) });
    place.id = started.id;
    place.isUp = true;
  }

  /** Random ones of those that are up. */
  #chosen(): Place[] {
    const candidates = this.#places.filter(({ isUp, worker }) => isUp && worker.count("up") > 0);
    return this.#some(candidates, this.#plan.killedPerTick);
  }

  /** As many random ones as are asked for, if there are so many. */
  #some(places: readonly Place[], wanted: number): Place[] {
    const left = [...places];
    const count = Math.min(wanted, left.length);
    return Array.from({ length: count }, () => left.splice(pick(this.#random, left.length), 1)[0] as Place);
  }

  #track(restart: Promise<void>): void {
    const done = restart.finally(() => this.#restarts.delete(done));
    this.#restarts.add(done);
  }

  async #killAndRestart(place: Place): Promise<void> {
    const pauseMs = pick(this.#random, longestPauseMs);
    place.listensAt = pick(this.#random, addressesEach);
    place.isUp = false;
    place.killedAt = Date.now();
    place.worker.kill();
    await place.worker.exited;
    this.#runs.push(runOf(place, true));
    await sleepUntil(place.killedAt + pauseMs);
    place.worker = this.#spares.shift() ?? new Worker();
    await this.#start(place);
  }

  async #close(place: Place): Promise<void> {
    place.killedAt = Date.now();
    place.worker.command({ type: "close" });
    await place.worker.exited;
    this.#runs.push(runOf(place, false));
  }
}

function runOf({ worker, id, killedAt }: Place, wasKilled: boolean): ProcessRun {
  const sent: Sent[] = [];
  const delivered: Delivered[] = [];
  const links: LinkChange[] = [];
  for (const told of worker.told) {
    if (told.type === "journal") {
      for (const [sequence, at, peers] of told["sent"] as [string, number, number][])
        sent.push({ sequence, at, peers });
      for (const [origin, sequence, at] of told["delivered"] as [string, string, number][])
        delivered.push({ origin, sequence, at });
    }
    if (told.type !== "up" && told.type !== "down") continue;
    links.push({ isUp: told.type === "up", peer: String(told["peer"]), at: Number(told["at"]) });
  }
  const livedFrom = links.find(({ isUp }) => isUp)?.at ?? Infinity;
  return { id, livedFrom, livedUntil: killedAt, wasKilled, sent, delivered, links };
}

function sleepUntil(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));
}
