// A network of @libp2p/kad-dht nodes in this process: one LAN DHT over TCP with Noise and Yamux, all of them servers, with the
// defaults of its packages. Values are taken as they are: its records carry no signature, and the validator lets all pass.
import "./with-resolvers.mjs";
import { noise } from "@chainsafe/libp2p-noise";
import { identify } from "@libp2p/identify";
import { kadDHT, passthroughMapper } from "@libp2p/kad-dht";
import { ping } from "@libp2p/ping";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";

const namespace = "bench";
/** More streams and connections than there ever are at once: none is refused because all come from one host. */
const plenty = 1e6;
/** Nothing is given up because the machine is busy. */
const patienceMs = 120_000;
const patience = { minTimeout: patienceMs, maxTimeout: patienceMs };
/** After which a node that still misses others looks for them again. */
const refreshMs = 5_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function openNode(copies) {
  const dht = kadDHT({
    protocol: "/bench/lan/kad/1.0.0",
    peerInfoMapper: passthroughMapper,
    clientMode: false,
    kBucketSize: copies,
    validators: { [namespace]: async () => {} },
    selectors: { [namespace]: () => 0 },
    maxInboundStreams: plenty,
    maxOutboundStreams: plenty,
    networkDialTimeout: patience,
    pingNewContactTimeout: patience,
    pingOldContactTimeout: patience,
    onPeerConnectTimeout: patienceMs,
  });
  return createLibp2p({
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: {
      inboundConnectionThreshold: plenty,
      maxIncomingPendingConnections: plenty,
      dialTimeout: patienceMs,
      inboundUpgradeTimeout: patienceMs,
      outboundUpgradeTimeout: patienceMs,
      inboundStreamProtocolNegotiationTimeout: patienceMs,
      outboundStreamProtocolNegotiationTimeout: patienceMs,
    },
    connectionMonitor: { enabled: false },
    services: { dht, ping: ping({ timeout: patienceMs }), identify: identify({ timeout: patienceMs }) },
  });
}

/** Waits until every node has found all others, or as many as it keeps. */
async function settle(dhts, copies) {
  const isWhole = ({ routingTable }) => routingTable.size >= Math.min(copies, dhts.length - 1);
  for (let waitedMs = 0; !dhts.every(isWhole); waitedMs += 100) {
    await pause(100);
    if (waitedMs % refreshMs !== 0) continue;
    for (const dht of dhts) if (!isWhole(dht)) await dht.refreshRoutingTable().catch(() => {});
  }
}

/** Events of an operation; a node that does not answer is passed over by it, and counted here. */
async function* eventsOf(operation, counts) {
  for await (const event of operation) {
    if (event.name === "QUERY_ERROR") counts.failed++;
    yield event;
  }
}

async function put(dht, key, value, counts) {
  let holders = 1;
  for await (const { name, messageName } of eventsOf(dht.put(key, value), counts)) {
    if (name === "PEER_RESPONSE" && messageName === "PUT_VALUE") holders++;
  }
  return holders;
}

async function get(dht, key, counts) {
  let found;
  for await (const { name, value } of eventsOf(dht.get(key), counts)) if (name === "VALUE") found = value;
  return found;
}

/** @param copies its k: how many nodes are to hold a record */
export async function openKad(count, copies) {
  const nodes = [];
  for (let i = 0; i < count; i++) {
    const node = await openNode(copies);
    // Its option of this name goes nowhere; 10 s are too little where many puts are under way.
    node.services.dht.rpc.incomingMessageTimeout = patienceMs;
    for (const other of nodes) await node.dial(other.getMultiaddrs());
    nodes.push(node);
  }
  const dhts = nodes.map(({ services }) => services.dht);
  await settle(dhts, copies);
  /** Requests to single nodes that were not answered. */
  const counts = { failed: 0 };
  const keyOf = (key) => new TextEncoder().encode(`/${namespace}/${key}`);
  return {
    /** Resolves when all of the nearest have answered; answers how many nodes hold it. */
    put: (i, key, value) => put(dhts[i % count], keyOf(key), value, counts),
    get: (i, key) => get(dhts[i % count], keyOf(key), counts),
    counts,
    close: () => Promise.all(nodes.map((node) => node.stop())),
  };
}
