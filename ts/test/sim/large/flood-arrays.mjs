// Level 3: one flood over arrays. A node is a number, a frame a half-link, and the rules are the three laws of flooding:
// what takes 10^6 nodes and no more. Knows no bytes, no signatures and no state across floods.
import { Calendar } from "./calendar.mjs";

const horizonUs = 2 ** 22;
const never = -1;

/** Floods on one graph, one after the other, in the same arrays. */
export class ArrayFloods {
  #graph;
  #calendar;

  constructor(graph) {
    this.#graph = graph;
    this.#calendar = new Calendar(graph.neighbour.length, horizonUs);
    /** When each node got its first copy, µs after the start; −1 for never. Of the last flood. */
    this.arrivalUs = new Int32Array(graph.nodes);
  }

  /**
   * One flood from a node, to its end.
   * @param options.diesAtUs per node the time of its death; frames that it has under way, or that are on their way to it, are lost.
   * @param options.slowness per half-link a whole number that its delay is multiplied by.
   */
  run(source, { diesAtUs, slowness } = {}) {
    const { neighbour, reverse, delayUs, degree } = this.#graph;
    const arrival = this.arrivalUs.fill(never);
    const calendar = this.#calendar;
    calendar.now = 0;
    let frames = 0;
    let [reached, duplicates] = [0, 0];
    const send = (node, without) => {
      for (let half = node * degree, end = half + degree; half < end; half++) {
        if (half === without) continue;
        if (diesAtUs !== undefined && diesAtUs[neighbour[half]] <= calendar.now) continue;
        calendar.put(half, slowness === undefined ? delayUs[half] : delayUs[half] * slowness[half]);
        frames++;
      }
    };
    arrival[source] = 0;
    send(source, never);
    for (let half = calendar.take(); half !== never; half = calendar.take()) {
      const to = neighbour[half];
      if (diesAtUs !== undefined && isLost(diesAtUs, calendar.now, to, neighbour[reverse[half]])) continue;
      if (arrival[to] !== never) {
        duplicates++;
        continue;
      }
      arrival[to] = calendar.now;
      reached++;
      send(to, reverse[half]);
    }
    return { frames, reached, duplicates };
  }
}

function isLost(diesAtUs, now, to, from) {
  return diesAtUs[to] <= now || diesAtUs[from] <= now;
}
