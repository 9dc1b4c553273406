// Undisturbed floods by size of the network: frames, duplicates, latencies, over arrays and on machines.
import { ArrayFloods } from "./flood-arrays.mjs";
import { regularGraph } from "./graph.mjs";
import { MeshFloods } from "./mesh-floods.mjs";
import { seeded } from "./seeds.mjs";
import { digestOf, latencyOf } from "./statistics.mjs";

const degree = 8;
const curvePlaces = 60;
const curveStepUs = 10_000;

/** The graphs and sources of a size are the same at every level. */
function eachFlood({ nodes, graphs, sources }, open, visit) {
  for (let i = 0; i < graphs; i++) {
    const random = seeded(nodes, i);
    const graph = regularGraph(nodes, degree, random);
    const floods = open(graph);
    for (let j = 0; j < sources; j++) visit({ graph, floods, graphNumber: i, source: random.below(nodes) });
  }
}

/** Level 3. Latencies of a graph are those of all deliveries of all its floods. */
export function playArrays(size) {
  const all = Array.from({ length: size.graphs }, () => []);
  const rows = [];
  const curve = new Float64Array(curvePlaces);
  eachFlood(
    size,
    (graph) => new ArrayFloods(graph),
    ({ graph, floods, graphNumber, source }) => {
      const result = floods.run(source);
      all[graphNumber].push(floods.arrivalUs.slice());
      addToCurve(curve, floods.arrivalUs);
      const { meanUs, p99Us, maxUs } = latencyOf(floods.arrivalUs, source);
      rows.push({
        ...result,
        floodFrames: graph.floodFrames,
        meanUs,
        p99Us,
        maxUs,
        digest: digestOf(floods.arrivalUs),
      });
    },
  );
  const byGraph = all.map((arrivals) => pooled(arrivals, size.nodes));
  return { ...size, rows, byGraph, curve: [...curve].map((sum) => sum / (size.nodes * rows.length)) };
}

function pooled(arrivals, nodes) {
  const together = new Int32Array(arrivals.length * nodes);
  arrivals.forEach((one, i) => together.set(one, i * nodes));
  const { meanUs, p99Us } = latencyOf(
    together.filter((us) => us > 0),
    -1,
  );
  return { meanUs, p99Us };
}

/** Adds how many nodes were reached by each of the steps in time. */
function addToCurve(curve, arrivalUs) {
  for (const us of arrivalUs) {
    if (us < 0) continue;
    for (let place = Math.min(curvePlaces, Math.ceil(us / curveStepUs)); place < curvePlaces; place++) curve[place]++;
  }
}

/** Level 2. The digests say whether every node got every flood at the same microsecond as at level 3. */
export function playMachines(size) {
  const rows = [];
  let blame = 0;
  eachFlood(
    size,
    (graph) => new MeshFloods(graph),
    ({ graph, floods, source }) => {
      const result = floods.run(source);
      const { meanUs, p99Us } = latencyOf(floods.arrivalUs, source);
      rows.push({ ...result, floodFrames: graph.floodFrames, meanUs, p99Us, digest: digestOf(floods.arrivalUs) });
      blame = floods.blame.length;
    },
  );
  return { ...size, rows, blame };
}
