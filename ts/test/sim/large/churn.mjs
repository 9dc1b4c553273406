// Nodes die and begin new runs all the time while others publish, on mesh machines. A broadcast is owed to every node that
// lived through its flood and stayed connected to the origin by nodes that did, and to nobody twice in one run.
import { countOf, reachable } from "./connected.mjs";
import { regularGraph } from "./graph.mjs";
import { Ledger } from "./ledger.mjs";
import { MeshNetwork } from "./mesh-network.mjs";
import { seeded } from "./seeds.mjs";
import { latencyOf } from "./statistics.mjs";

const stepUs = 100_000;
/** A flood is over by then, with room to spare. */
const floodUs = 1_000_000;
const [shortestAwayUs, longestAwayUs] = [500_000, 3_000_000];

export function playChurn({ nodes, seconds, deathsPerStep, seed }) {
  const random = seeded(seed, nodes, 30);
  const network = new MeshNetwork(regularGraph(nodes, 8, random), { seed });
  const ledger = new Ledger(network);
  /** When each node last died or began a run. */
  const changedUs = new Float64Array(nodes).fill(-1);
  const owed = [];
  let deaths = 0;
  const kill = (node) => {
    network.kill(node);
    changedUs[node] = network.nowUs;
    deaths++;
    network.after(shortestAwayUs + random.below(longestAwayUs - shortestAwayUs), () => {
      network.revive(node);
      changedUs[node] = network.nowUs;
      ledger.restarted(node);
    });
  };
  const alive = () => {
    for (;;) {
      const node = random.below(nodes);
      if (network.nodes[node].isAlive) return node;
    }
  };
  for (let step = 0; step < (seconds * 1_000_000) / stepUs; step++) {
    const entry = ledger.publish(alive(), Uint8Array.of(step >> 8, step & 0xff));
    network.after(floodUs, () => owed.push(settle(network, entry, changedUs)));
    for (let i = 0; i < deathsPerStep; i++) network.after(random.below(stepUs), () => kill(alive()));
    network.run(network.nowUs + stepUs);
  }
  network.run();
  return { nodes, seconds, seed, deaths, ...summary(owed, ledger, network) };
}

/** What a broadcast was owed to and has reached, a flood's time after it was made. */
function settle({ graph, nodes }, { source, atUs, firstUs }, changedUs) {
  const lived = (node) => nodes[node].isAlive && changedUs[node] < atUs;
  if (!lived(source)) return { owed: 0, reached: 0, times: [] };
  const within = reachable(graph, source, lived);
  const reached = within.map((is, node) => (is === 1 && (node === source || firstUs.has(node)) ? 1 : 0));
  return { owed: countOf(within) - 1, reached: countOf(reached) - 1, times: [...firstUs.values()] };
}

function summary(owed, ledger, network) {
  const { meanUs, p99Us } = latencyOf(Int32Array.from(owed.flatMap(({ times }) => times)), -1);
  const sum = (of) => owed.reduce((total, row) => total + row[of], 0);
  const counted = owed.filter((row) => row.owed > 0).length;
  const { repeated } = ledger;
  return {
    broadcasts: counted,
    owed: sum("owed"),
    reached: sum("reached"),
    repeated,
    meanUs,
    p99Us,
    blame: network.blame.length,
  };
}
