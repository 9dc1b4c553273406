// One node in a hundred is slow: everything that goes over its links takes ten times as long. What others lose by it.
import { ArrayFloods } from "./flood-arrays.mjs";
import { regularGraph } from "./graph.mjs";
import { MeshFloods } from "./mesh-floods.mjs";
import { sample, seeded } from "./seeds.mjs";
import { digestOf, latencyOf } from "./statistics.mjs";

const share = 100;
const slowness = 10;

function drawSlow(graph, random) {
  const isSlow = new Uint8Array(graph.nodes);
  for (const node of sample(random, Math.floor(graph.nodes / share), graph.nodes)) isSlow[node] = 1;
  const factors = Uint8Array.from(graph.neighbour, (to, half) =>
    isSlow[to] === 1 || isSlow[Math.floor(half / graph.degree)] === 1 ? slowness : 1,
  );
  return { isSlow, factors };
}

export function playSlowPeers({ nodes, graphs, sources }) {
  const rows = [];
  for (let i = 0; i < graphs; i++) {
    const random = seeded(nodes, i, 20);
    const graph = regularGraph(nodes, 8, random);
    const { isSlow, factors } = drawSlow(graph, random);
    const floods = new ArrayFloods(graph);
    for (let j = 0; j < sources;) {
      const source = random.below(nodes);
      if (isSlow[source] === 1) continue;
      j++;
      const others = (node) => isSlow[node] === 0;
      floods.run(source);
      const calm = latencyOf(floods.arrivalUs, source, others);
      const result = floods.run(source, { slowness: factors });
      const latency = latencyOf(floods.arrivalUs, source, others);
      const slow = latencyOf(floods.arrivalUs, source, (node) => isSlow[node] === 1);
      rows.push({ ...result, calm, latency, slow });
    }
  }
  return { nodes, floodFrames: 7 * nodes + 1, rows };
}

/** The same on machines: equal when the digests are. */
export function playMachineSlowPeers({ nodes }) {
  const random = seeded(nodes, 0, 21);
  const graph = regularGraph(nodes, 8, random);
  const { factors } = drawSlow(graph, random);
  const source = random.below(nodes);
  const arrays = new ArrayFloods(graph);
  const machines = new MeshFloods(graph, { slowness: factors });
  arrays.run(source, { slowness: factors });
  machines.run(source);
  return { isEqual: digestOf(arrays.arrivalUs) === digestOf(machines.arrivalUs), blame: machines.blame.length };
}
