// The text of the report out of the results of its jobs.
import { count, percent, table } from "../campaign/text.mjs";
import { deadOf, doublingsOf, finerTheory, hopsOf, loadOf, machinesOf, repairsOf, theory } from "./report-numbers.mjs";

const signed = (share) => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(1)} %`;
const number = (value, digits = 2) => value.toFixed(digits);
const rounds = (value) => (value === null ? "not within 60" : number(value, value % 1 === 0 ? 0 : 2));

const head = `# Results of the ring's simulations

Written by \`make sim-ring-report\` (\`node ts/test/ring/report.mjs\`), from seeds alone. Seeds and sizes stand in [report-jobs.mjs](report-jobs.mjs); one job alone is played anew by its name.

| What runs | Up to | What is claimed from it |
|---|---|---|
| the ring machine, unmodified, any message next, everything checked after every event (\`make sim-ring\`) | 12 nodes | safety and healing: the invariants of chapter 7 |
| the ring machine, unmodified, on a virtual clock; messages take 20 to 80 ms | 4,000 nodes | repair, growth, churn, traffic; that tables are right about hops |
| tables: sorted positions, ideal lists and base-2 fingers | 10^6 nodes | hops, lookups with many dead, load |

What a model proves about all states of small rings stands in [MODEL.md](MODEL.md). A round is RING_STABILIZE_MS, 5 s.
`;

function campaignSection({ campaign }) {
  const rows = ["hold", "heal", "liars", "classic"].map((kind) => {
    const { runs: schedules, counts, violated } = campaign[kind];
    const all = Object.values(violated).reduce((sum, times) => sum + times, 0);
    const share = (name) => percent(counts[name] / counts.steps, 1);
    return [
      kind,
      count(schedules),
      count(counts.steps),
      `${share("joins")}, ${share("crashes")}, ${share("leaves")}, ${share("suspicions")}`,
      kind === "classic" ? `${count(all)} (${percent(all / schedules, 0)})` : count(all),
      kind === "classic" ? "—" : `${number(counts.rounds / schedules)} (${counts.roundsMost})`,
      kind === "classic" ? "—" : count(counts.lookups),
    ];
  });
  const schedules = ["hold", "heal", "liars"].reduce((sum, kind) => sum + campaign[kind].runs, 0);
  const titles = [
    "Kind",
    "Schedules",
    "Steps",
    "Joins, crashes, leaves, false suspicions",
    "Violations",
    "Rounds to ideal, mean (most)",
    "Lookups, all right",
  ];
  return `## A campaign of ${count(schedules)} adversarial schedules

Rings of 3 to 12 nodes, lists of 2, 3 or 4, 600 to 900 steps of churn each: any message on its way may be the next to arrive, any node's time may come next; half of the schedules begin with a founder alone, half with an
ideal ring. Then churn stops; the ring must become ideal within 60 rounds, stay so for two, and answer a lookup from every node rightly.

${table(titles, rows)}

* **hold** keeps the operating assumption: nobody is suspected falsely; no failure or leave takes the last live entry of a list, nor of a list that a reply on its way would make; the founder stays, until r + 1 members that no list skips stay in its
  place (in ${percent(campaign.hold.counts.released / campaign.hold.runs, 0)} of the schedules). After every event: I1, I2, I3, one ring, in order, everybody else on a way to it.
* **heal** keeps nothing but one node (the founder) that lives and that all were told of when they joined: messages are lost, live nodes taken as failed, anybody else dies.
* **liars**: a third of the nodes that join lie: dead nodes, nodes out of order and the asker on lists and as next hop, false predecessors, owners that are none. While they lie every honest node has the right head at some
  moment within 40 rounds of calm, and each of ${count(campaign.liars.counts.liedTo)} lookups ends (${percent(campaign.liars.counts.unanswered / campaign.liars.counts.liedTo, 1)} without an owner); when they are gone the ring heals.
* **classic** are the classic rules, planted, under schedules of hold: they must be found out in at least 30 %.
`;
}

function hopsSection(results) {
  const aimed = { 1000: 7, 10_000: 9, 100_000: 11, 1_000_000: 13 };
  const rows = hopsOf(results).map(({ nodes, lookups, right, mean, p99, most }) => {
    return [
      count(nodes),
      number(theory(nodes)),
      number(finerTheory(nodes)),
      `${number(mean)} (${signed(mean / theory(nodes) - 1)}, ${signed(mean / finerTheory(nodes) - 1)})`,
      `${p99} (${aimed[nodes]})`,
      most,
      `${count(right)} of ${count(lookups)}`,
    ];
  });
  const titles = [
    "Nodes",
    "½ log2 n − ½ log2 r + 1",
    "− 1/r",
    "Mean, tables (off by)",
    "p99 (design)",
    "Most",
    "Right",
  ];
  const machines = machinesOf(results).map(({ nodes, mean, p99, most, right, lookups }) => [
    count(nodes),
    number(finerTheory(nodes)),
    `${number(mean)} (${signed(mean / finerTheory(nodes) - 1)})`,
    p99,
    most,
    `${count(right)} of ${count(lookups)}`,
  ]);
  return `## Hops in a quiet ring, r = 16

A hop is a STEP sent to another node on the way that led to the owner. The design's formula counts a hop within the last list always; one time in r there is none, because fingers have led to the very node before the place.

${table(titles, rows)}

Machines, whose fingers have been looked up by themselves:

${table(["Nodes", "Theory with − 1/r", "Mean (off by)", "p99", "Most", "Right"], machines)}

![Hops](plots/hops.svg)
`;
}

function deadSection(results) {
  const rows = deadOf(results).map(({ dead, mean, p99, most, right, lookups }) => [
    percent(dead, 0),
    number(mean),
    p99,
    most,
    `${count(right)} of ${count(lookups)}`,
  ]);
  return `## Many dead at once, nothing repaired (tables)

1,000 nodes, r = 20. Every node knows which of its contacts have died, as it does when their sessions end; nobody has a new one. The design expects every lookup right, and 5.3 hops at 50 %.

${table(["Dead", "Mean hops", "p99", "Most", "Right"], rows)}

![Hops with many dead](plots/dead.svg)
`;
}

function repairSection(results) {
  const rows = repairsOf(results).map(({ share, tellsEnds, heads, lists, atOnce, afterHeads }) => [
    percent(share, 0),
    tellsEnds ? "yes" : "no",
    rounds(heads),
    rounds(lists),
    `${count(atOnce.right)} of ${count(atOnce.lookups)}, ${number(atOnce.mean)} hops`,
    `${count(afterHeads.right)} of ${count(afterHeads.lookups)}`,
  ]);
  const titles = [
    "Died at once",
    "Sessions end",
    "Rounds to right heads and predecessors",
    "Rounds to full lists",
    "Lookups right at that moment",
    "when heads were right",
  ];
  return `## Repair after a mass failure (machines)

1,000 nodes, r = 20, a quiet ring. *Sessions end*: the processes have died, and whoever has a dead head hears of it. If not (their hosts have vanished), a node finds out when it stabilizes, which in a quiet ring is every 30 s
(6 rounds), and each dead node costs three tries of 500 ms. Nodes answer STEP from their lists as they are, dead entries and all: the lookups *at that moment* find out by themselves who is dead. No lookup ended at a wrong owner.
The design expects every lookup right and 5.3 hops at 50 %, heads and predecessors after one round, and full lists after r.

${table(titles, rows)}
`;
}

function growthSection(results) {
  const rows = doublingsOf(results).map(({ from, to, rounds: taken, seconds }) => [
    count(from),
    count(to),
    rounds(taken),
    number(seconds, 0),
  ]);
  return `## Doubling at once (machines)

As many nodes as there are join in the same instant, each through a random member. Until every list and predecessor is exactly right (looked at once a round); the design allows 15 rounds.

${table(["From", "To", "Rounds", "Seconds"], rows)}

![Doubling](plots/doubling.svg)
`;
}

function churnSection(results) {
  const rows = [results["churn-told"], results["churn-silent"]].map((churn) => [
    churn.tellsEnds ? "processes die, sessions end" : "hosts vanish silently",
    percent(churn.dead),
    percent(churn.wrong),
    percent(churn.predecessors),
    percent(churn.found / churn.lookups),
    percent(churn.right / churn.lookups),
    percent(churn.nearly / churn.lookups),
    number(churn.hops),
    number(churn.sent),
  ]);
  const { nodes, lifeRounds, samples, lookups } = results["churn-told"];
  const titles = [
    "Deaths",
    "Dead heads",
    "Wrong heads",
    "Wrong predecessors",
    "Lookups that found an owner",
    "the right one",
    "… but for who joined in the last 5 s",
    "Hops",
    "Requests, NOTIFYs and HINTs per node and second",
  ];
  return `## Steady churn (machines)

${count(nodes)} nodes, r = 16, mean life ${lifeRounds} rounds (300 s), exponential; each death is followed by a join. ${samples} samples, ${count(lookups)} lookups, each answered at one moment. The design expects at most 0.9 % dead and 0.9 % wrong heads, and 99.9 % of lookups right.

${table(titles, rows)}

Where hosts vanish silently, dead heads are more than the design expects: nodes whose own list has not changed lately stabilize less often than every 5 s (r[ring.stabilize.often]), and the dead cost three tries.
Lookups find their way round them.
`;
}

function trafficSection(results) {
  const rows = machinesOf(results).map(({ nodes, sent, fingers }) => {
    const all = Object.values(sent).reduce((sum, rate) => sum + rate, 0);
    const rate = (name) => number(sent[name] ?? 0, 3);
    return [
      count(nodes),
      rate("state"),
      rate("step"),
      rate("notify"),
      rate("hint"),
      number(all),
      number(fingers.held, 1),
      percent(fingers.right),
    ];
  });
  const titles = ["Nodes", "STATE", "STEP", "NOTIFY", "HINT", "All", "Fingers of a node", "of them right"];
  return `## Traffic of a quiet ring (machines)

Messages that a node sends in a second, without the answers to requests. STEPs are of audits and of fingers looked up anew.

${table(titles, rows)}
`;
}

function loadSection(results) {
  const rows = loadOf(results).map(({ nodes, rings, mean, most }) => [
    count(nodes),
    rings,
    number(Math.log(nodes), 1),
    number(mean, 1),
    number(most, 1),
  ]);
  return `## Load (tables)

The largest arc, as a multiple of the mean one. Expected are ln n + 0.58.

${table(["Nodes", "Rings", "ln n", "Largest arc, mean over rings", "most"], rows)}
`;
}

/** The whole text. */
export function textOf(results) {
  const sections = [
    campaignSection,
    hopsSection,
    deadSection,
    repairSection,
    growthSection,
    churnSection,
    trafficSection,
    loadSection,
  ];
  return [head, ...sections.map((section) => section(results))].join("\n");
}
