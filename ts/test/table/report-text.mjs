// The text of the report out of the results of its jobs.
import { startingWith } from "../campaign/results.mjs";
import { count, percent, sum, table } from "../campaign/text.mjs";
import { spansMs } from "./partition.mjs";
import { lossesOf, overlapOf, partitionsOf, quantile } from "./report-numbers.mjs";
import { planted } from "./planted.mjs";

const scientific = (value) => (value === 0 ? "0" : value.toExponential(2));

const head = `# Results of the table's simulations

Written by \`make sim-table-report\` (\`node ts/test/table/report.mjs\`), from seeds alone. Seeds and sizes stand in [report-jobs.mjs](report-jobs.mjs); one job alone is played anew by its name.

| What runs | Up to | What is claimed from it |
|---|---|---|
| the machines of ring, keeper, writer, reader and mender, unmodified, on a virtual clock; messages take 5 to 80 ms, a disk 1 to 12 ms (\`make sim-table\`) | 20 members, 3 clients | nothing acknowledged is lost, nothing deleted returns, versions do not go back, replicas become equal |
| arrays: a static ring, keys at random positions | 10^3 nodes | how many keys are lost when many die at once |

What runs faster than in the world: SYNC_MS is 15 s, CROSS_CHECK_MS 300 s. Sessions of a node that dies end at once in two of three cases; in the third it keeps silent.
`;

const what = {
  four: "up to four members fail in one moment, in half of the cases holders of one key, five times; when the ring is ideal and 30 s have passed, up to five others come",
  churn: "joins, leaves and single failures, a few seconds apart",
  split: "two to five parts cannot reach each other for 10 to 120 s, all are written to",
  restart: "all processes end in one moment and begin again with their disks, one comes back after a minute",
  leave: "one of five leaves while everything is read, another comes; three times",
};

function runsSection(results) {
  const rows = startingWith(results, "kind-").map(({ name, runs, counts, violated }) => [
    name,
    count(runs),
    `${count(counts.joins)}, ${count(counts.kills)}, ${count(counts.leaves)}`,
    `${count(counts.acknowledged)} (${count(counts.unwritten)})`,
    `${count(counts.reads)} (${count(counts.unread)}, ${count(counts.stale)})`,
    counts.rounds.toFixed(1),
    Object.values(violated).reduce((sum, times) => sum + times, 0),
  ]);
  const titles = [
    "Kind",
    "Runs",
    "Joins, failures, leaves",
    "Writes acknowledged (not)",
    "Reads (failed, stale)",
    "Rounds to an ideal ring, most",
    "Violations",
  ];
  const kinds = Object.entries(what).map(([name, text]) => `* **${name}**: ${text}.`);
  return `## Runs

5 to 20 members (*leave*: five), five tables of two copies in three quarters of the runs, else three of two or five of three; lists of 6 to 10. Members and three clients write, update, delete and read shared, owned and immutable keys all the time.

${table(titles, rows)}

${kinds.join("\n")}

Checked at every answer: nobody reads less than what was acknowledged when the read began (not while parts cannot reach each other, nor before a restart has settled), or what nobody wrote, and no client is given an older version than before; in *leave* no read fails at all. Checked when all is quiet: the ring is ideal within 60 rounds; all
members of a key's groups hold its newest version, at least five members or all; nothing acknowledged is lost; every member and client reads all of it, and hears within 3 s that there is nothing where nothing is. In a quarter of the runs the clock goes on until tombstones have ended too: nothing is left then, and nothing has returned.
`;
}

function plantedSection(results) {
  const rows = startingWith(results, "planted-").map(({ name, runs, violated }) => [
    name,
    planted[name].kind,
    planted[name].what,
    `${Object.values(violated).reduce((sum, times) => sum + times, 0)} of ${runs}`,
    Object.entries(violated)
      .map(([property, times]) => `${property} (${times})`)
      .join("; "),
  ]);
  return `## Planted defects

${table(["Defect", "Runs of", "What", "Found out in", "By"], rows)}
`;
}

/** Of times in ms of which some never came: the median, and the longest. */
function healedIn(times) {
  const sorted = times.map((ms) => ms ?? Infinity).sort((a, b) => a - b);
  const told = (ms) => (ms === Infinity ? `not within ${spansMs.after / 1000} s` : `${ms / 1000} s`);
  return [0.5, 0.99, 1].map((share) => told(sorted[Math.ceil(share * sorted.length) - 1])).join(", ");
}

function partitionSection(results) {
  const rows = partitionsOf(results).map(({ parts, runs, seconds, idealMs, equalMs, violated }) => {
    const apart = seconds.filter(({ at }) => at >= 0 && at < spansMs.apart / 1000);
    const share = (good, bad) => percent(sum(apart, good) / (sum(apart, good) + sum(apart, bad)), 1);
    const told = [share("stored", "failed"), share("read", "unread"), healedIn(idealMs), healedIn(equalMs)];
    return [parts, runs, ...told, violated];
  });
  const titles = [
    "Parts",
    "Networks",
    "Writes acknowledged while apart",
    "Reads answered while apart",
    "From healing to an ideal ring: p50, p99, most",
    "From healing to equal replicas of a key: p50, p99, most",
    "Violations",
  ];
  return `## Partitions

15 members fall into parts of one size for ${spansMs.apart / 1000} s; on all sides clients read and write all the time, and go on when the network has healed. Each part becomes a ring of its own and acknowledges what its groups hold: what it then writes last is the newest when the parts meet again, and the older version of the other side
gives way. Replicas are *equal* when all members of a key's five groups hold one version; some are always being written, so that the share of equal ones stays a little below 100 %. Where parts have met, members
compare along the chains (SYNC) and have the keys that they own read from all groups; a read mends too.

${table(titles, rows)}

![Writes](plots/parts-writes.svg)
![Reads](plots/parts-reads.svg)
![Equal replicas](plots/parts-equal.svg)
`;
}

function lossSection(results) {
  const rows = [...lossesOf(results), ...startingWith(results, "forgot-")].map((loss) => [
    `5 × ${loss.copies}${loss.name.startsWith("2-500") && loss.share > 2 * loss.hoped ? ", planted: every second copy forgotten" : ""}`,
    percent(loss.dead / loss.nodes, 0),
    count(loss.keys),
    count(loss.lost),
    scientific(loss.share),
    scientific(loss.hoped),
    `${loss.off.toFixed(2)} σ`,
    scientific(loss.formula),
  ]);
  const titles = [
    "Copies",
    "Dead",
    "Keys",
    "Lost",
    "Share",
    "Expected",
    "Off by",
    "C(n − c, k − c) / C(n, k), c = 5 × copies",
  ];
  return `## Lost when many die at once (arrays)

1,000 nodes in each of 100 rings, k of them die in one moment and nothing is repaired. A key is lost when all its holders are dead. *Expected* is the mean of C(n − c, k − c) / C(n, k) over the keys, c being how many different nodes hold the key: groups overlap now and then, so that it is a little more than
with c = 5 × copies. The design expects 6·10^−6 for 5 × 2 copies and 30 % dead.

${table(titles, rows)}

![Lost keys](plots/loss.svg)
`;
}

function overlapSection(results) {
  const rows = overlapOf(results).map(({ nodes, share }) => [count(nodes), percent(share, 2)]);
  return `## Groups that overlap (arrays)

A write is acknowledged when five nodes hold it, but arcs change afterwards. Without anybody who sees to it, so many keys would come to lie at fewer than five nodes, and four failures could lose them; members look for such keys when the ring has changed and write them again. In the runs above no key was found at fewer than five (or all).

${table(["Nodes", "Keys at fewer than five nodes"], rows)}

![Overlap](plots/overlap.svg)
`;
}

function timesSection(results) {
  const rows = startingWith(results, "kind-").flatMap(({ name, times }) => {
    const [hit, nothing] = [quantile(times.hit, 0.99), quantile(times.nothing, 0.99)];
    const both = (of) => `${count(quantile(of, 0.5))}, ${count(quantile(of, 0.99))}`;
    return [[name, both(times.put), both(times.hit), both(times.nothing), (nothing / hit).toFixed(2)]];
  });
  const titles = ["Kind", "Write", "Read of a record", "Read of nothing", "p99 of nothing / of a record"];
  return `## How long operations take (virtual ms: p50, p99)

Lookups, requests and disks together, with everything that happens meanwhile. Silent deaths cost 1.5 s each. That there is nothing is an answer: no run waits for a timeout to know it, but where a member keeps silent.

${table(titles, rows)}

![Times under churn](plots/times-churn.svg)
![Times while one of five leaves](plots/times-leave.svg)
`;
}

/** The whole text. */
export function textOf(results) {
  const sections = [runsSection, plantedSection, partitionSection, lossSection, overlapSection, timesSection];
  return [head, ...sections.map((section) => section(results))].join("\n");
}
