// A ring of processes over TLS, of which some are killed without a word at every tick and started again later. Random choices
// come from a seed. Knows who lives, and so what every lookup must find.

import { randomBytes, seeded } from "../harness/random.js";
import { RingPlaces, sleepUntil } from "./ring-places.js";

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

export class RingOfProcesses {
  readonly #plan: RingPlan;
  readonly #random: () => number;
  readonly #places: RingPlaces;
  readonly #records: LookupRecord[] = [];

  constructor(plan: RingPlan) {
    this.#plan = plan;
    this.#random = seeded(plan.seed);
    this.#places = new RingPlaces({ ...plan, network: "ring" }, this.#random);
  }

  get kills(): number {
    return this.#places.kills;
  }

  get joinsMs(): readonly number[] {
    return this.#places.joinsMs;
  }

  /** Lets it all happen. */
  async run(): Promise<readonly LookupRecord[]> {
    const { killedPerTick, ticks, tickMs, stabilizeMs, rounds } = this.#plan;
    await this.#places.startAll();
    for (let tick = 1; tick <= ticks; tick++) {
      const begin = Date.now();
      const killed = this.#places.killSome(killedPerTick);
      await sleepUntil(begin + rounds * stabilizeMs);
      await this.#lookUpAll(tick, true);
      await Promise.all(killed.map((place) => this.#places.restart(place)));
      await sleepUntil(Math.max(begin + tickMs, Date.now() + rounds * stabilizeMs));
      await this.#lookUpAll(tick, false);
    }
    return this.#records;
  }

  /** Ends what still runs, whatever has happened. */
  kill(): void {
    this.#places.kill();
  }

  /** Every one that lives looks up positions of its own, and those of the ones that were killed. */
  async #lookUpAll(tick: number, isAfterKill: boolean): Promise<void> {
    const dead = this.#places.dead.map(({ position }) => position);
    const inOrder = this.#places.around;
    const ownerOf = (target: string): string =>
      (inOrder.find(({ position }) => position >= target) ?? inOrder[0])?.id ?? "";
    await Promise.all(
      inOrder.map(async (place) => {
        const own = Array.from({ length: this.#plan.lookupsEach }, () => hexOf(randomBytes(this.#random, 32)));
        const { results } = await this.#places.ask(place, "look-up", "lookedUp", { targets: [...dead, ...own] });
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
