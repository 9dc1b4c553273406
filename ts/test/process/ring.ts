// A ring of processes over TLS, of which some are killed without a word at every tick and started again later. Random choices
// come from a seed. Knows who lives, and so what every lookup must find.

import { createCertificate } from "../../src/transport/certificate.js";
import type { ServerCertificate } from "../../src/transport/index.js";
import { pick, randomBytes, seeded } from "../harness/random.js";
import { freePorts } from "./churn-ports.js";
import { Worker } from "./worker.js";

export interface RingPlan {
  readonly seed: number;
  readonly processes: number;
  readonly killedPerTick: number;
  readonly ticks: number;
  readonly tickMs: number;
  /** RING_STABILIZE_MS of all. */
  readonly stabilizeMs: number;
  /** Rounds after which the survivors are asked. */
  readonly rounds: number;
  /** Random positions that each survivor looks up, beside those of the killed. */
  readonly lookupsEach: number;
}

/** One lookup of one process. */
export interface LookupRecord {
  readonly tick: number;
  /** Whether it was made right after the kills, or later with all there again. */
  readonly isAfterKill: boolean;
  /** Node id, hex, or the code with which it failed. */
  readonly found: string;
  readonly expected: string;
  readonly hops: number;
  readonly ms: number;
}

interface Place {
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

export class RingOfProcesses {
  readonly #plan: RingPlan;
  readonly #random: () => number;
  readonly #places: Place[] = [];
  readonly #records: LookupRecord[] = [];
  /** Milliseconds that processes took from their start to their place on the ring. */
  readonly joinsMs: number[] = [];
  kills = 0;
  #lastNumber = 0;

  constructor(plan: RingPlan) {
    this.#plan = plan;
    this.#random = seeded(plan.seed);
  }

  /** Lets it all happen. */
  async run(): Promise<readonly LookupRecord[]> {
    const { ticks, tickMs, stabilizeMs, rounds } = this.#plan;
    await this.#startAll();
    for (let tick = 1; tick <= ticks; tick++) {
      const begin = Date.now();
      const killed = this.#kill();
      await sleepUntil(begin + rounds * stabilizeMs);
      await this.#lookUpAll(tick, true);
      await Promise.all(killed.map((place) => this.#start(place, "join")));
      await sleepUntil(Math.max(begin + tickMs, Date.now() + rounds * stabilizeMs));
      await this.#lookUpAll(tick, false);
    }
    return this.#records;
  }

  /** Ends what still runs, whatever has happened. */
  kill(): void {
    for (const { worker } of this.#places) worker.kill();
  }

  async #startAll(): Promise<void> {
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
    while (!(await this.#isWhole())) await sleepUntil(Date.now() + this.#plan.stabilizeMs);
  }

  async #start(place: Place, ring: "found" | "join"): Promise<void> {
    const { stabilizeMs } = this.#plan;
    const begun = Date.now();
    if (!place.isUp && place.id !== "") place.worker = new Worker();
    const { worker } = place;
    const alive = this.#places.filter(({ isUp }) => isUp);
    // Addresses of those that are there, and of any others: some of them dead.
    const known = [...this.#some(alive, 1), ...this.#some(this.#places, bootstraps)].map(({ address }) => address);
    const limits = { RING_STABILIZE_MS: stabilizeMs, RING_STABILIZE_QUIET_MS: 2 * stabilizeMs, PEERS_TARGET: 0 };
    const { certificate, address } = place;
    const options = { network: "ring", certificate, listen: [address], bootstrap: known, limits, ring };
    const { id } = await worker.start(place.seed, options);
    const { position } = await worker.tells("position");
    Object.assign(place, { id, position: String(position) });
    await worker.tells("phase", ({ phase }) => phase === "MEMBER" || phase === "FOUNDER");
    place.isUp = true;
    this.joinsMs.push(Date.now() - begun);
  }

  /** As many random ones as are asked for, if there are so many. */
  #some(places: readonly Place[], wanted: number): Place[] {
    const left = [...places];
    const count = Math.min(wanted, left.length);
    return Array.from({ length: count }, () => left.splice(pick(this.#random, left.length), 1)[0] as Place);
  }

  #kill(): Place[] {
    const killed = this.#some(this.#places, this.#plan.killedPerTick);
    for (const place of killed) {
      place.isUp = false;
      place.worker.kill();
      this.kills++;
    }
    return killed;
  }

  /** Those that live, in the order of their positions. */
  #around(): Place[] {
    return this.#places.filter(({ isUp }) => isUp).sort((a, b) => (a.position < b.position ? -1 : 1));
  }

  async #isWhole(): Promise<boolean> {
    const number = ++this.#lastNumber;
    const inOrder = this.#around();
    const answers = inOrder.map(({ worker }) => {
      worker.command({ type: "neighbours", number });
      return worker.tells("neighbours", (told) => told["number"] === number);
    });
    const told = await Promise.all(answers);
    return told.every(({ successors }, i) => {
      const [head] = successors as string[];
      return head === inOrder[(i + 1) % inOrder.length]?.id;
    });
  }

  /** Every one that lives looks up positions of its own, and those of the ones that were killed. */
  async #lookUpAll(tick: number, isAfterKill: boolean): Promise<void> {
    const dead = this.#places.filter(({ isUp }) => !isUp).map(({ position }) => position);
    const inOrder = this.#around();
    const ownerOf = (target: string): string =>
      (inOrder.find(({ position }) => position >= target) ?? inOrder[0])?.id ?? "";
    await Promise.all(
      inOrder.map(async ({ worker }) => {
        const own = Array.from({ length: this.#plan.lookupsEach }, () => hexOf(randomBytes(this.#random, 32)));
        const number = ++this.#lastNumber;
        worker.command({ type: "look-up", number, targets: [...dead, ...own] });
        const { results } = await worker.tells("lookedUp", (told) => told["number"] === number);
        for (const { target, owner, code, hops, ms } of results as LookupResult[]) {
          const found = owner ?? code ?? "";
          this.#records.push({ tick, isAfterKill, found, expected: ownerOf(target), hops: hops ?? 0, ms });
        }
      }),
    );
  }
}

interface LookupResult {
  readonly target: string;
  readonly owner?: string;
  readonly code?: string;
  readonly hops?: number;
  readonly ms: number;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function sleepUntil(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));
}
