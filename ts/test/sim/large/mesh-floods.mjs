// Single floods at level 2, told like those of level 3, so that the two can be compared number by number.
import { MeshNetwork } from "./mesh-network.mjs";

const never = -1;
const payload = new Uint8Array(16);

/** Floods on one graph, one after the other, by the same machines. */
export class MeshFloods {
  #network;

  constructor(graph, options = {}) {
    this.#network = new MeshNetwork(graph, options);
    /** When each node delivered, µs after the start; −1 for never. Of the last flood. */
    this.arrivalUs = new Int32Array(graph.nodes);
  }

  get blame() {
    return this.#network.blame;
  }

  /** One flood from a node, to its end. @param options.diesAtUs per node the time of its death: it stays dead. */
  run(source, { diesAtUs } = {}) {
    const network = this.#network;
    const arrival = this.arrivalUs.fill(never);
    const [beginUs, framesBefore] = [network.nowUs, network.frames];
    let [reached, repeated] = [0, 0];
    network.onDelivery = (number) => {
      if (arrival[number] === never) reached++;
      else repeated++;
      arrival[number] = network.nowUs - beginUs;
    };
    const duplicatesBefore = duplicatesOf(network);
    diesAtUs?.forEach((us, number) => us < Infinity && network.after(us, () => network.kill(number)));
    arrival[source] = 0;
    network.nodes[source].publish(payload);
    network.run();
    const frames = network.frames - framesBefore;
    return { frames, reached, repeated, duplicates: duplicatesOf(network) - duplicatesBefore };
  }
}

function duplicatesOf({ nodes }) {
  return nodes.reduce((sum, { flood }) => sum + (flood?.counts.DUPLICATE ?? 0), 0);
}
