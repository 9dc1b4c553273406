// RESULTS.md out of the results of all jobs. What is printed here is a function of seeds: no clocks, no names of machines.
import { count, sum, table } from "../campaign/text.mjs";
import { attackSection, forgedSection, freshKeysSection } from "./report-attacks.mjs";
import { design, estimatesOf, ms, sizesOf } from "./report-numbers.mjs";

const levels = `# Results of the simulations

Written by \`make sim-report\` (\`node ts/test/sim/report.mjs\`), from seeds alone: the same numbers and plots on every machine. Where nothing else is said, a network is a
random regular graph of degree 8 whose links have a constant delay each, drawn from [delays.json](large/delays.json).

## Three levels, and what rests on each

| Level | What runs | Up to | What is claimed from it |
|---|---|---|---|
| 1 "engine" | whole engines, unmodified, on virtual links: sessions, frames as bytes, queues, faults, attackers | 10^3 nodes | exactly once, coverage, caps, whom sessions blame, forged addresses |
| 2 "mesh" | the mesh machine, unmodified, over objects: no links, frames or queues | 10^5 nodes | attacks on flooding, churn, deaths, slow peers; that level 3 is right |
| 3 "arrays" | the three laws of flooding over typed arrays | 10^6 nodes, one flood at a time | coverage, frames, duplicates, latencies by size |

Level 1 has its own campaign, \`make sim\`. Levels 2 and 3 have a virtual clock of whole microseconds and no limit on bandwidth, so that queues never fill; hashing and
verifying take no time unless it is said. A node of level 2 with its state takes about 0.12 MB, so that 10^5 of them take 12 GB; that, not time, is its limit. Signatures are
replaced by cheap ones that verify exactly when key and message are right. Seeds: graph *i* of *n* nodes is that of \`seeded(n, i)\` in
[sizes.mjs](large/sizes.mjs); the others stand in [jobs.mjs](large/jobs.mjs), and one job alone is played anew by its name: \`node ts/test/sim/report.mjs churn\`.

The delays: 2,048 quantiles of a log-normal distribution with median 50 ms and sigma 0.43, rounded to microseconds once and committed, by
[make-delays.mjs](large/make-delays.mjs). Sigma is the one free number of the model; this one comes near to all latencies of the design at once.
`;

function frameRows(results) {
  return sizesOf(results).map(({ nodes, graphs, sources, rows }) => [
    count(nodes),
    `${graphs} × ${sources}`,
    rows.every(({ reached }) => reached === nodes - 1)
      ? "100 %"
      : `${sum(rows, "reached")} of ${rows.length * (nodes - 1)}`,
    [...new Set(rows.map(({ frames }) => count(frames)))].join(", "),
    count(rows[0].floodFrames),
    (sum(rows, "duplicates") / sum(rows, "reached")).toFixed(2),
  ]);
}

const interval = ({ mean, low, high }) => `${mean.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;

/** How far a measured mean lies from the number that is aimed at. */
const away = ({ mean }, aimed) => `${mean < aimed ? "−" : "+"}${Math.abs(mean - aimed).toFixed(1)}`;

/** Two means whose intervals are as wide as the one that is known. */
function overlaps({ mean, low, high }, other) {
  return Math.abs(mean - other) <= high - low ? "yes" : "no";
}

/** Rows of one measure, `mean` or `p99`. */
function latencyRows(results, measure) {
  return sizesOf(results).map((size) => {
    const measured = estimatesOf(size)[measure];
    const { low, high } = measured.spread;
    const cells = [count(size.nodes), interval(measured), `${low.toFixed(1)}–${high.toFixed(1)}`];
    const aim = design[size.nodes]?.[measure];
    return aim === undefined
      ? [...cells, "—", "—"]
      : [...cells, `${aim} (${away(measured, aim)})`, overlaps(measured, aim)];
  });
}

function sizesSection(results) {
  return `## Undisturbed floods (level 3)

${table(["Nodes", "Graphs × sources", "Coverage", "Frames of each flood", "2E − n + 1", "Duplicates per delivery"], frameRows(results))}

The design asks for 6.0 duplicates per delivery at every size.

![Coverage by time](plots/coverage.svg)

![Frames](plots/frames.svg)

Latency in ms, from making a broadcast to its delivery, with 95 % intervals (Student's t; over graphs, the deliveries of all floods of a graph taken together; over floods
for 10^6 nodes, of which there is one graph). The design gives no intervals: *overlap* says whether they do when those of the design are as wide as the measured ones. How
much a single flood depends on its source shows in the column of single floods.

${table(["Nodes", "Mean", "95 % of single floods", "Design (measured is off by)", "Overlap"], latencyRows(results, "mean"))}

${table(["Nodes", "p99", "95 % of single floods", "Design (measured is off by)", "Overlap"], latencyRows(results, "p99"))}

![Latency by size](plots/latency.svg)
`;
}

function agreementRows(results) {
  return [1000, 10_000, 100_000].map((nodes) => {
    const machines = results[`machines-${nodes}`];
    const arrays = results[`arrays-${nodes}`];
    const expected = new Set(arrays.rows.map(({ digest, frames }) => `${digest} ${frames}`));
    const same = machines.rows.filter(({ digest, frames }) => expected.has(`${digest} ${frames}`)).length;
    const repeated = sum(machines.rows, "repeated");
    return [count(nodes), machines.rows.length, same, repeated, machines.blame];
  });
}

function agreementSection(results) {
  const { engines } = results;
  const frames = engines.map(({ nodes, links, broadcasts, ...run }) => [
    nodes,
    links,
    broadcasts,
    count(run.frames),
    count(broadcasts * (2 * links - nodes + 1)),
    count(run.deliveries),
    count(broadcasts * (nodes - 1)),
    run.violations,
  ]);
  return `## The levels agree

*Levels 2 and 3:* the same graphs and sources. A flood counts as the same when every node delivers at the same microsecond and as many frames were sent.

${table(["Nodes", "Floods on machines", "The same as over arrays", "Deliveries beyond the first", "Penalties"], agreementRows(results))}

*Level 1* keeps the same law of frames. Undisturbed runs of whole engines, verification taking no time:

${table(["Nodes", "Links", "Broadcasts", "Frames", "Broadcasts × (2E − n + 1)", "Deliveries", "Broadcasts × (n − 1)", "Violations"], frames)}
`;
}

const average = (rows, of) => rows.reduce((total, row) => total + of(row), 0) / rows.length;

function deathsSection({ deaths, "deaths-machines": machines }) {
  const { rows, nodes, mostFrames } = deaths;
  return `## Disturbed floods

**A tenth of the nodes dies during the flood**, each at a random time in its first 250 ms; what a dead node had under way, or was on its way to it, is lost. Level 3, ${count(nodes)} nodes,
${rows.length} floods: of ${count(sum(rows, "survivors"))} survivors that stayed connected to the source ${count(sum(rows, "reached"))} were reached. Frames: ${count(Math.min(...rows.map(({ frames }) => frames)))} to
${count(Math.max(...rows.map(({ frames }) => frames)))}, below ${count(mostFrames)} = 2E − n + 1. Latency of the survivors: mean ${ms(average(rows, ({ meanUs }) => meanUs))} ms (${ms(average(rows, ({ calm }) => calm.meanUs))} ms when nobody dies),
p99 ${ms(average(rows, ({ p99Us }) => p99Us))} ms (${ms(average(rows, ({ calm }) => calm.p99Us))} ms).
On machines (level 2), ${machines.length} floods of 1,000 nodes: ${machines.filter(({ isEqual }) => isEqual).length} the same as over arrays, ${count(sum(machines, "reached"))} of ${count(sum(machines, "survivors"))} connected survivors reached, ${sum(machines, "repeated")} repeated
deliveries, ${sum(machines, "blame")} penalties.
`;
}

function slowSection({ "slow-peers": slow, "slow-peers-machines": machines }) {
  const { rows, nodes } = slow;
  return `**One peer in a hundred is slow:** everything over its links takes ten times as long. Level 3, ${count(nodes)} nodes, ${rows.length} floods: all reached, ${rows.every(({ frames }) => frames === slow.floodFrames) ? "exactly 2E − n + 1 frames each" : "NOT 2E − n + 1 frames"}.
The others: mean ${ms(average(rows, ({ latency }) => latency.meanUs))} ms (${ms(average(rows, ({ calm }) => calm.meanUs))} ms when nobody is slow), p99 ${ms(average(rows, ({ latency }) => latency.p99Us))} ms (${ms(average(rows, ({ calm }) => calm.p99Us))} ms). The slow ones themselves: mean ${ms(average(rows, ({ slow: own }) => own.meanUs))} ms.
On machines ${machines.isEqual ? "the same flood" : "ANOTHER flood"}, ${machines.blame} penalties. Peers that stop reading belong to level 1: \`make sim\` has them among its faults.

![Disturbed floods](plots/disturbed.svg)
`;
}

function churnSection({ churn }) {
  return `**Churn** (level 2, ${churn.nodes} nodes, ${churn.seconds} s of virtual time, seed ${churn.seed}): ${count(churn.deaths)} deaths, each node back after 0.5 to 3 s as a new run that remembers nothing but its
last sequence; ten broadcasts a second, each from a random living node. Owed is a broadcast to whoever lived through the second after it was made, connected to its origin by
nodes that did: ${count(churn.owed)} deliveries of ${churn.broadcasts} broadcasts were owed, ${count(churn.reached)} made, ${churn.repeated} of them twice in one run, ${churn.blame} penalties. Mean latency ${ms(churn.meanUs)} ms,
p99 ${ms(churn.p99Us)} ms.
`;
}

/** The whole text. */
export function textOf(results) {
  const sections = [
    levels,
    sizesSection(results),
    agreementSection(results),
    deathsSection(results),
    slowSection(results),
    churnSection(results),
    attackSection(results),
    freshKeysSection(results),
    forgedSection(results),
  ];
  return sections.join("\n");
}
