// A table held by processes over TLS with stores on disk, of which some are killed without a word in every round: then every
// survivor reads every key. Random choices come from a seed. Knows what was acknowledged, and so what every read must find.

import { pick, seeded } from "../harness/random.js";
import { RingPlaces, sleepUntil, type Place } from "./ring-places.js";

export interface TablePlan {
  readonly seed: number;
  readonly processes: number;
  readonly killedPerRound: number;
  readonly rounds: number;
  readonly keys: number;
  /** RING_STABILIZE_MS of all. */
  readonly stabilizeMs: number;
  /** SYNC_MS of all. */
  readonly syncMs: number;
  /** How long the table has to mend itself before the next kills. */
  readonly repairMs: number;
  /** Rounds from one in which every survivor reads every key to the next; between them each reads a fifth of the keys. */
  readonly readAllEvery: number;
  /** Keys that each process reads at once. */
  readonly width: number;
  /** Absent keys that each survivor reads among the others. */
  readonly missesEach: number;
  /** Keys, and as many absent ones, that are read in calm before each round. */
  readonly calmReads: number;
  /** Of the rounds every so manyth one gives the killed ones empty stores. */
  readonly emptiedEvery: number;
}

export interface Item {
  readonly kind: "shared" | "owned" | "immutable";
  readonly name: string;
  /** Absent when there is to be nothing. */
  readonly value?: string;
  /** Hex; of an owned one. */
  readonly owner?: string;
  /** Hex; of an immutable one. */
  readonly hash?: string;
}

/** One key that one process has read, or gave up. */
export interface ReadRecord {
  readonly round: number;
  /** Before the kills; right after them; by those that came back, after the repair, each of them a share of the keys. */
  readonly when: "calm" | "killed" | "back";
  readonly name: string;
  readonly isMiss: boolean;
  /** Of the first try. */
  readonly ms: number;
  /** From the kills to the right answer; absent in calm, and when there never was one. */
  readonly afterKillMs?: number;
  readonly isRight: boolean;
  /** Tries that were not right: "absent", "wrong" or a code, and how long after the kills. */
  readonly bad: readonly { readonly outcome: string; readonly afterKillMs: number }[];
}

export interface TableOutcome {
  readonly kills: number;
  readonly emptied: number;
  readonly writes: readonly WriteResult[];
  /** From the kills to the last key of the last survivor, each round in which all read all. */
  readonly wholeReadsMs: readonly number[];
  /** What the processors worked for the survivors meanwhile, each of these rounds. */
  readonly processorMs: readonly number[];
  readonly reads: readonly ReadRecord[];
}

export interface WriteResult {
  readonly name: string;
  readonly hash?: string;
  /** Whether it was acknowledged, by the last try. */
  readonly isDone: boolean;
  /** Of the tries that failed. */
  readonly codes: readonly string[];
  readonly ms: number;
}

interface ReadResult {
  readonly name: string;
  readonly ms: number;
  readonly at?: number;
  readonly bad: readonly { readonly outcome: string; readonly at: number }[];
}

/** How long a key is tried again before it counts as lost. */
const patienceMs = 30_000;
/** Of the keys, where not all are read by everybody. */
const part = 5;
const writeWidth = 4;
const calmReaders = 4;

export class TableOfProcesses {
  readonly #plan: TablePlan;
  readonly #random: () => number;
  readonly #places: RingPlaces;
  readonly #items: Item[] = [];
  readonly #reads: ReadRecord[] = [];
  readonly #wholeReadsMs: number[] = [];
  readonly #processorMs: number[] = [];
  readonly #writes: WriteResult[] = [];
  #emptied = 0;
  #lastMiss = 0;

  /** @param stores folder for the stores of all. */
  constructor(plan: TablePlan, stores: string) {
    this.#plan = plan;
    this.#random = seeded(plan.seed);
    const limits = { SYNC_MS: plan.syncMs };
    this.#places = new RingPlaces({ ...plan, network: "table", limits, stores }, this.#random);
  }

  /** Lets it all happen. @param done called after each round. */
  async run(done: (outcome: TableOutcome) => void): Promise<TableOutcome> {
    await this.#places.startAll();
    await this.#writeAll();
    for (let round = 1; round <= this.#plan.rounds; round++) {
      await this.#round(round);
      done(this.#outcome);
    }
    return this.#outcome;
  }

  get #outcome(): TableOutcome {
    return {
      kills: this.#places.kills,
      emptied: this.#emptied,
      writes: this.#writes,
      wholeReadsMs: this.#wholeReadsMs,
      processorMs: this.#processorMs,
      reads: this.#reads,
    };
  }

  /** Ends what still runs, whatever has happened. */
  kill(): void {
    this.#places.kill();
  }

  async #writeAll(): Promise<void> {
    const { alive } = this.#places;
    const shares = new Map<Place, Item[]>(alive.map((place) => [place, []]));
    for (let i = 0; i < this.#plan.keys; i++) {
      const writer = alive[pick(this.#random, alive.length)] as Place;
      shares.get(writer)?.push(itemOf(i, writer.id));
    }
    await Promise.all(Array.from(shares, ([place, items]) => this.#write(place, items)));
  }

  async #write(place: Place, items: readonly Item[]): Promise<void> {
    const { results } = await this.#places.ask(place, "write", "wrote", { items, width: writeWidth });
    const byName = new Map(items.map((item) => [item.name, item]));
    for (const result of results as WriteResult[]) {
      const { name, hash, isDone } = result;
      this.#writes.push(result);
      const item = byName.get(name) as Item;
      if (isDone) this.#items.push(hash === undefined ? item : { ...item, hash });
    }
  }

  async #round(round: number): Promise<void> {
    const { killedPerRound, emptiedEvery, repairMs } = this.#plan;
    await this.#readInCalm(round);
    const killedAt = Date.now();
    const killed = this.#places.killSome(killedPerRound);
    await this.#readEverything(round, killedAt);
    const isEmptied = round % emptiedEvery === 0;
    await Promise.all(killed.map((place) => this.#places.restart(place, isEmptied)));
    if (isEmptied) this.#emptied += killed.length;
    await sleepUntil(Date.now() + repairMs);
    await this.#places.untilWhole();
    await Promise.all(
      killed.map((place, i) => {
        const share = this.#items.filter((_, at) => at % killed.length === i);
        return this.#read(place, share, { round, when: "back" }, killedAt);
      }),
    );
  }

  /** Few readers, one key at a time: what a read takes when nothing hinders it. */
  async #readInCalm(round: number): Promise<void> {
    const readers = this.#places.some(this.#places.alive, calmReaders);
    const each = Math.ceil(this.#plan.calmReads / readers.length);
    await Promise.all(
      readers.map((place) => {
        const hits = Array.from({ length: each }, () => this.#items[pick(this.#random, this.#items.length)] as Item);
        const items = hits.flatMap((hit) => [hit, this.#absent()]);
        return this.#read(place, items, { round, when: "calm" });
      }),
    );
  }

  /** Each survivor begins at another key, so that all keys are soon read by somebody. */
  async #readEverything(round: number, killedAt: number): Promise<void> {
    const { alive } = this.#places;
    const isFull = round % this.#plan.readAllEvery === 1 % this.#plan.readAllEvery;
    const shares = await Promise.all(
      alive.map((place, i) => {
        const from = Math.floor((i * this.#items.length) / alive.length);
        const share = isFull ? 1 : 1 / part;
        const keys = [...this.#items.slice(from), ...this.#items.slice(0, from)];
        const own = keys.slice(0, Math.ceil(keys.length * share));
        const misses = Array.from({ length: Math.ceil(this.#plan.missesEach * share) }, () => this.#absent());
        return this.#read(place, interspersed(own, misses), { round, when: "killed" }, killedAt);
      }),
    );
    if (!isFull) return;
    this.#wholeReadsMs.push(Date.now() - killedAt);
    this.#processorMs.push(shares.reduce((sum, ms) => sum + ms, 0));
  }

  /** Answers how long the processor worked for it, ms. */
  async #read(
    place: Place,
    items: readonly Item[],
    how: Pick<ReadRecord, "round" | "when">,
    killedAt?: number,
  ): Promise<number> {
    const width = killedAt === undefined ? 1 : this.#plan.width;
    const command = { items, width, patienceMs };
    const { results, processorMs } = await this.#places.ask(place, "read", "read", command);
    const since = (at: number): number => at - (killedAt ?? at);
    const missing = new Set(items.filter(({ value }) => value === undefined).map(({ name }) => name));
    for (const { name, ms, at, bad } of results as ReadResult[]) {
      this.#reads.push({
        ...how,
        name,
        isMiss: missing.has(name),
        ms,
        isRight: at !== undefined,
        ...(at === undefined || killedAt === undefined ? {} : { afterKillMs: since(at) }),
        bad: bad.map(({ outcome, at: when }) => ({ outcome, afterKillMs: since(when) })),
      });
    }
    return Number(processorMs);
  }

  #absent(): Item {
    return { kind: "shared", name: `absent ${++this.#lastMiss}` };
  }
}

/** Three shared keys, then an owned and an immutable one. */
function itemOf(i: number, writer: string): Item {
  const item = { name: `key ${i}`, value: `value ${i} of ${writer}` };
  if (i % 5 === 3) return { ...item, kind: "owned", owner: writer };
  return { ...item, kind: i % 5 === 4 ? "immutable" : "shared" };
}

/** The few among the many, at even distances. */
function interspersed<T>(many: readonly T[], few: readonly T[]): T[] {
  const every = Math.max(1, Math.floor(many.length / few.length));
  const rest = [...few];
  const mixed = many.flatMap((one, i) => (i % every === 0 ? [one, ...rest.splice(0, 1)] : [one]));
  return [...mixed, ...rest];
}
