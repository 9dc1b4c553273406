// The node operations of link/1 over the public node of the reference.
import { createNode, identityFromSeed, ProtocolError, SystemClock } from "motet";
import { parseHex } from "motet/wire";
import { forgetHandlers, messagingOperations } from "./messaging.mjs";
import { reportRing, ringOperations } from "./ring.mjs";
import { reportTable, tableOperations } from "./table.mjs";

const hex = (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");

const nodes = new Map();
let lastNode = 0;
let clock = new SystemClock();

export async function stopAllNodes() {
  const running = [...nodes.values()];
  nodes.clear();
  forgetHandlers();
  clock = new SystemClock();
  await Promise.all(running.map((node) => node.close()));
}

function find(name) {
  const node = nodes.get(name);
  if (node === undefined) throw new ProtocolError("MISUSE", `no node ${name}`, { origin: "local" });
  return node;
}

function report(node, name, write) {
  node.on("peer.up", ({ peer }) => write({ event: "peer.up", node: name, peer: hex(peer) }));
  node.on("peer.down", ({ peer, code }) => write({ event: "peer.down", node: name, peer: hex(peer), code }));
  node.on("skew", ({ peer, ms }) => write({ event: "skew", node: name, peer: hex(peer), ms }));
  node.on("stale", ({ peer, highest, changed }) =>
    write({ event: "stale", node: name, peer: hex(peer), highest: `${highest}`, changed }),
  );
  node.on("refused", ({ role, by, code }) => write({ event: "refused", node: name, role, by, code }));
  node.on("told", ({ peer, channel, payload }) =>
    write({ event: "told", node: name, peer: hex(peer), channel, payload: hex(payload) }),
  );
  node.on("commanded", ({ peer, command, payload }) =>
    write({ event: "commanded", node: name, peer: hex(peer), command, payload: hex(payload) }),
  );
  node.on("message", ({ id, origin, sequence, channel, payload, hops, from }) => {
    const what = { id: hex(id), origin: hex(origin), sequence: `${sequence}`, channel, payload: hex(payload) };
    write({ event: "delivered", node: name, ...what, hops, from: hex(from) });
  });
}

/** Members of `node.start` that only some scenarios have. */
function extras({ member, configured, origins, certificate, key }) {
  return {
    ...(member === true ? { ring: "wait" } : {}),
    ...(configured === undefined ? {} : { announce: configured }),
    ...(origins === undefined ? {} : { origins }),
    ...(certificate === undefined ? {} : { certificate: { certificate, key } }),
  };
}

/** The operations; `write` sends an event. */
export function nodeOperations(write) {
  return {
    ...messagingOperations(find, write),
    ...ringOperations(find, write),
    ...tableOperations(find, write),
    async "node.start"({ seed, network, listen, incarnation, limits, ...rest }) {
      const numbers = Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, Number(value)]));
      const identity = identityFromSeed(parseHex(seed));
      const start = incarnation === "0" ? {} : { incarnation: BigInt(incarnation) };
      const options = { identity, network: parseHex(network), listen, limits: numbers, clock, ...start };
      const node = await createNode({ ...options, ...extras(rest) });
      nodes.set(++lastNode, node);
      report(node, lastNode, write);
      reportRing(node, lastNode, write);
      reportTable(node, lastNode, write);
      return { node: lastNode, nodeId: hex(node.id), addresses: [...node.addresses] };
    },
    "node.dial"({ node, address, nodeId }) {
      find(node).dial(address, nodeId === "" ? {} : { pinned: parseHex(nodeId) });
      return {};
    },
    "node.broadcast"({ node, channel, payload }) {
      const { sequence, id } = find(node).tryBroadcast(channel, parseHex(payload));
      return { sequence: `${sequence}`, id: hex(id) };
    },
    "node.snapshot"({ node }) {
      const { peers, counts } = find(node);
      return { peers: peers.map((peer) => hex(peer)), known: counts.known };
    },
    async "node.stop"({ node }) {
      await find(node).close();
      nodes.delete(node);
      return {};
    },
    "clock.advance"({ ms }) {
      clock.advance(Number(ms));
      for (const node of nodes.values()) node.wake();
      return {};
    },
  };
}
