// One tenth of the nodes dies while a flood is under way, at level 3; and the same on machines, at level 2.
import { countOf, reachable } from "./connected.mjs";
import { ArrayFloods } from "./flood-arrays.mjs";
import { regularGraph } from "./graph.mjs";
import { MeshFloods } from "./mesh-floods.mjs";
import { sample, seeded } from "./seeds.mjs";
import { digestOf, latencyOf } from "./statistics.mjs";

const share = 10;
/** Deaths are spread over about the time that a flood takes. */
const overUs = 250_000;

function drawDeaths(nodes, source, random) {
  const diesAtUs = new Float64Array(nodes).fill(Infinity);
  for (const node of sample(random, Math.floor(nodes / share), nodes, new Set([source]))) {
    diesAtUs[node] = random.below(overUs);
  }
  return diesAtUs;
}

/** What became of those who lived and stayed connected to the source. */
function outcome(graph, source, { arrivalUs, diesAtUs, result }) {
  const lived = (node) => diesAtUs[node] === Infinity;
  const connected = reachable(graph, source, lived);
  const reached = countOf(connected.map((is, node) => (is === 1 && arrivalUs[node] >= 0 ? 1 : 0)));
  const { meanUs, p99Us } = latencyOf(arrivalUs, source, lived);
  return { survivors: countOf(connected) - 1, reached: reached - 1, frames: result.frames, meanUs, p99Us };
}

/** Floods with and without deaths. */
export function playDeaths({ nodes, graphs, sources }) {
  const rows = [];
  for (let i = 0; i < graphs; i++) {
    const random = seeded(nodes, i, 10);
    const graph = regularGraph(nodes, 8, random);
    const floods = new ArrayFloods(graph);
    for (let j = 0; j < sources; j++) {
      const source = random.below(nodes);
      const diesAtUs = drawDeaths(nodes, source, random);
      floods.run(source);
      const calm = latencyOf(floods.arrivalUs, source, (node) => diesAtUs[node] === Infinity);
      const result = floods.run(source, { diesAtUs });
      rows.push({ ...outcome(graph, source, { arrivalUs: floods.arrivalUs, diesAtUs, result }), calm });
    }
  }
  return { nodes, mostFrames: 7 * nodes + 1, rows };
}

/** The same on machines and over arrays: equal when the digests are. */
export function playMachineDeaths({ nodes, graphs }) {
  return Array.from({ length: graphs }, (_, i) => {
    const random = seeded(nodes, i, 11);
    const graph = regularGraph(nodes, 8, random);
    const source = random.below(nodes);
    const diesAtUs = drawDeaths(nodes, source, random);
    const arrays = new ArrayFloods(graph);
    const machines = new MeshFloods(graph);
    const expected = arrays.run(source, { diesAtUs });
    const result = machines.run(source, { diesAtUs });
    // A machine that delivered and died has still been reached.
    const isEqual = digestOf(arrays.arrivalUs) === digestOf(machines.arrivalUs) && expected.frames === result.frames;
    const row = outcome(graph, source, { arrivalUs: machines.arrivalUs, diesAtUs, result });
    return { ...row, isEqual, repeated: result.repeated, blame: machines.blame.length };
  });
}
