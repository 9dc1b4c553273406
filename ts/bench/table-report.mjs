// The numbers of the table's benchmark as a text: medians over the rounds with the least and the most, and ratios of what was
// measured in the same round. Measures nothing.
import { availableParallelism, cpus, loadavg } from "node:os";

const titles = {
  "motet-tcp": "Motet, tcp",
  "motet-tls": "Motet, tls",
  kad: "kad-dht, k = 20",
  "kad-10": "kad-dht, k = 10",
};

const sorted = (values) => [...values].sort((a, b) => a - b);
const quantile = (values, part) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * part))];
const median = (values) => (quantile(values, 0.5) + sorted(values)[Math.ceil(values.length / 2) - 1]) / 2;
/** Three digits of a number. */
const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(value < 1 ? 2 : 3));
const spread = (values) =>
  values.length === 1
    ? short(values[0])
    : `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`;

/** Phases with many operations under way, and what a reader calls them. */
const operations = [
  ["put", "put"],
  ["putFast", "put, fast"],
  ["get", "get"],
  ["miss", "get, no such key"],
];

/** A phase is named by its operation, the size of its values and how many operations are under way. */
const phaseOf = ({ phases }, name, bytes, width) =>
  phases.find((phase) => phase.name === name && phase.bytes === bytes && phase.width === width);

const rateOf = ({ count, wallMs }) => (count / wallMs) * 1000;
const costOf = ({ count, cpuMs }) => cpuMs / count;

/** kad-dht has one way to write. */
const nameIn = (system, name) => (system.startsWith("kad") && name === "putFast" ? "put" : name);

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

class Report {
  #results;
  #systems;
  #sizes;

  constructor(results) {
    this.#results = results;
    this.#systems = [...new Set(results.map(({ system }) => system))];
    this.#sizes = [...new Set(results[0].phases.map(({ bytes }) => bytes))];
  }

  get rounds() {
    return this.#of(this.#systems[0]).length;
  }

  #of(system) {
    return this.#results.filter((result) => result.system === system);
  }

  /** What a value of one phase is in each round. */
  #values(system, valueOf, name, bytes, width) {
    return this.#of(system).map((result) => valueOf(phaseOf(result, nameIn(system, name), bytes, width)));
  }

  /** Motet over TLS to kad-dht as it is by default: both encrypt. */
  #ratios(...phase) {
    const [motet, kad] = ["motet-tls", "kad"].map((system) => this.#values(system, ...phase));
    return motet.map((value, round) => value / kad[round]);
  }

  get #canCompare() {
    return this.#systems.includes("kad") && this.#systems.includes("motet-tls");
  }

  #head(first) {
    return [first, ...this.#systems.map((system) => titles[system]), ...(this.#canCompare ? ["tls ÷ kad-dht"] : [])];
  }

  #rows(names, valueOf, width) {
    return names.flatMap(([name, label]) =>
      this.#sizes.map((bytes) => [
        `${label}, ${bytes} B`,
        ...this.#systems.map((system) => spread(this.#values(system, valueOf, name, bytes, width))),
        ...(this.#canCompare ? [`**${spread(this.#ratios(valueOf, name, bytes, width))}**`] : []),
      ]),
    );
  }

  rates() {
    return table(this.#head("operations a second"), this.#rows(operations, rateOf, 32));
  }

  costs() {
    return table(this.#head("CPU ms an operation"), this.#rows(operations, costOf, 32));
  }

  latencies() {
    const names = [
      ["put", "put", "put"],
      ["putFast", "put, fast", "putFast"],
      ["get", "get", "hit"],
      ["get", "get, no such key", "miss"],
    ];
    const rows = names.flatMap(([name, label, kind]) =>
      this.#sizes.map((bytes) => [
        `${label}, ${bytes} B`,
        ...this.#systems.map((system) => this.#latencyOf(system, name, bytes, kind)),
        ...(this.#canCompare ? [`**${this.#latencyRatio(name, bytes, kind)}**`] : []),
      ]),
    );
    return table(this.#head("ms, p50 / p99"), rows);
  }

  #samples(system, name, bytes, kind) {
    const phase = nameIn(system, name);
    const sample = nameIn(system, kind);
    return this.#of(system).map((result) => phaseOf(result, phase, bytes, 1).samples[sample]);
  }

  #latencyOf(...phase) {
    const all = this.#samples(...phase).flat();
    return `${short(median(all))} / ${short(quantile(all, 0.99))}`;
  }

  #latencyRatio(...phase) {
    const [motet, kad] = ["motet-tls", "kad"].map((system) => this.#samples(system, ...phase).flat());
    const ratio = (part) => short(quantile(motet, part) / quantile(kad, part));
    return `${ratio(0.5)} / ${ratio(0.99)}`;
  }

  /** How much longer it takes to find that there is none: of all rounds together, and round by round. */
  misses() {
    const rows = this.#sizes.map((bytes) => [
      `${bytes} B`,
      ...this.#systems.map((system) => {
        const [hits, misses] = ["hit", "miss"].map((kind) => this.#samples(system, "get", bytes, kind));
        const all = quantile(misses.flat(), 0.99) / quantile(hits.flat(), 0.99);
        const each = misses.map((round, i) => quantile(round, 0.99) / quantile(hits[i], 0.99));
        return `${short(all)}; rounds ${spread(each)}`;
      }),
    ]);
    return table(["p99 of no such key ÷ p99 of a hit", ...this.#systems.map((system) => titles[system])], rows);
  }

  holders() {
    const rows = this.#sizes.map((bytes, i) => [
      `${bytes} B`,
      ...this.#systems.map((system) => median(this.#of(system).map(({ holders }) => holders[i])).toFixed(1)),
    ]);
    const failed = this.#results.reduce((sum, result) => sum + result.failed, 0);
    const head = ["nodes that hold it when a put is done", ...this.#systems.map((system) => titles[system])];
    const note = `\n\nkad-dht has passed over ${failed} requests to single nodes that failed.`;
    return `${table(head, rows)}${failed === 0 ? "" : note}`;
  }
}

/** @param options of the run: seconds, least */
export function reportOf(results, { seconds, least }) {
  const counts = [...new Set(results.map(({ nodes }) => nodes))];
  const model = cpus()[0]?.model ?? "unknown processor";
  const parts = counts.flatMap((nodes) => {
    const report = new Report(results.filter((result) => result.nodes === nodes));
    const numbers = [report.rates(), report.latencies(), report.costs(), report.misses(), report.holders()];
    return [`## ${nodes} nodes, ${report.rounds} ${report.rounds === 1 ? "round" : "rounds"}`, ...numbers];
  });
  return (
    [
      "# The table beside @libp2p/kad-dht",
      "Written by `make bench-table`; what is compared, and where it differs, is in `README.md` beside it.",
      `Node ${process.versions.node}, ${availableParallelism()} cores (${model.trim()}), load ${loadavg()[2].toFixed(1)} over the last 15 minutes. ` +
        "The networks take turns, each in a process of its own with all of its nodes; every phase lasts at least " +
        `${seconds} s and ${least} operations. Rates with 32 operations under way, median of the rounds (least–most), and ` +
        "the ratio within a round; latencies one operation at a time, of all rounds together, and their ratio. " +
        "CPU is of the whole network, all threads, with 32 operations under way.",
      ...parts,
      "",
    ]
      .join("\n\n")
      .trimEnd() + "\n"
  );
}
