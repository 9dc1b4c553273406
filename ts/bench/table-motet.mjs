// A ring of Motet nodes in this process, all members with their part of the table in memory: what the table's benchmark writes
// to and reads from.
import { createNode } from "motet";

const limits = { PEERS_TARGET: 0 };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const hex = (bytes) => Buffer.from(bytes).toString("hex");

/** Every list is right: it names those that stand after its node, as many as there are or as it has places. */
function isWhole(nodes) {
  const positionOf = (node) => hex(node.ring.positionOf(node.id));
  const order = nodes.toSorted((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1)).map(({ id }) => hex(id));
  const places = Math.min(16, nodes.length - 1);
  return nodes.every(({ id, ring }) => {
    const at = order.indexOf(hex(id));
    const { phase, successors } = ring.state();
    const listed = successors.map(({ nodeId }) => hex(nodeId)).join();
    return phase !== "JOINING" && listed === [...order, ...order].slice(at + 1, at + 1 + places).join();
  });
}

/** @param transport "tcp" or "tls" */
export async function openMotet(count, transport) {
  const network = { name: "bench", plain: transport === "tcp" };
  const options = { network, listen: [`${transport}://127.0.0.1:0`], limits };
  const founder = await createNode({ ...options, ring: "found" });
  const bootstrap = founder.addresses.slice(0, 1);
  const others = Array.from({ length: count - 1 }, () => createNode({ ...options, bootstrap, ring: "join" }));
  const nodes = [founder, ...(await Promise.all(others))];
  while (!isWhole(nodes)) await pause(100);
  const tableOf = (i) => nodes[i % count].table;
  return {
    /** Resolves when it is acknowledged; answers how many nodes hold it. */
    put: async (i, key, value) => (await tableOf(i).set(key, value)).holders.length,
    putFast: async (i, key, value) => (await tableOf(i).set(key, value, { durable: "fast" })).holders.length,
    get: (i, key) => tableOf(i).get(key),
    close: () => Promise.all(nodes.map((node) => node.close())),
  };
}
