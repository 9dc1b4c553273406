// How much of the speed of a bare flood the node keeps: five nodes in one process, full mesh over loopback, in turn with
// the yardstick of raw-flood.mjs in the same run. Prints deliveries per CPU-second and their ratio, pair by pair.
import { createNode } from "motet";
import { openRawMesh } from "./raw-flood.mjs";

const nodes = 5;
const pairs = 5;
/** Broadcasts under way at once: enough to fill batches, the same for both. */
const window = 1024;
const perTick = 64;
/** The yardstick has no rates. */
const limits = { PUBLISHED_PER_SECOND: 0, COPIES_PER_SECOND: 1e9, PEERS_TARGET: 0 };
const cases = [
  { signed: false, bytes: 64, count: 60_000 },
  { signed: false, bytes: 1024, count: 60_000 },
  { signed: true, bytes: 64, count: 2_000 },
  { signed: true, bytes: 1024, count: 2_000 },
];

async function openMotetMesh(count, signed, deliver) {
  const network = { name: "bench", plain: true, unsigned: !signed };
  const mesh = [];
  for (let i = 0; i < count; i++) {
    const node = await createNode({ network, listen: ["tcp://127.0.0.1:0"], limits });
    node.on("message", (message) => deliver(message.payload));
    const up = Promise.withResolvers?.() ?? withResolvers();
    let missing = mesh.length;
    if (missing === 0) up.resolve();
    node.on("peer.up", () => --missing === 0 && up.resolve());
    for (const other of mesh) node.dial(other.addresses[0]);
    await up.promise;
    mesh.push(node);
  }
  return {
    publish: (data) => mesh[0].tryBroadcast("", data),
    close: () => Promise.all(mesh.map((node) => node.close())),
  };
}

function withResolvers() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** Deliveries per second of CPU time, all threads of the process counted. */
async function measure(open, { signed, bytes, count }) {
  const seen = { deliveries: 0, bytes: 0 };
  const mesh = await open(nodes, signed, (payload) => {
    seen.deliveries++;
    seen.bytes += payload.length;
  });
  const data = new Uint8Array(bytes).fill(7);
  const begin = process.cpuUsage();
  for (let sent = 0; sent < count;) {
    const room = window - (sent - seen.deliveries / (nodes - 1));
    for (let i = 0; i < Math.min(perTick, room, count - sent); i++, sent++) mesh.publish(data);
    await tick();
  }
  while (seen.deliveries < count * (nodes - 1)) await tick();
  const { user, system } = process.cpuUsage(begin);
  await mesh.close();
  if (seen.bytes !== seen.deliveries * bytes) throw new Error("deliveries lost bytes");
  return (seen.deliveries / (user + system)) * 1e6;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const thousands = (value) => `${(value / 1000).toFixed(1)}k`;

console.log(
  `${nodes} nodes, one process, full mesh over loopback; deliveries per CPU-second, median of ${pairs} pairs\n`,
);
console.log("broadcasts       size     motet  raw net   ratio  (min–max)");
for (const shape of cases) {
  const motet = [];
  const raw = [];
  await measure(openMotetMesh, { ...shape, count: shape.count / 10 });
  await measure(openRawMesh, { ...shape, count: shape.count / 10 });
  for (let i = 0; i < pairs; i++) {
    motet.push(await measure(openMotetMesh, shape));
    raw.push(await measure(openRawMesh, shape));
  }
  const ratios = motet.map((rate, i) => rate / raw[i]);
  const label = (shape.signed ? "signed" : "unsigned").padEnd(12);
  const numbers = [
    thousands(median(motet)).padStart(9),
    thousands(median(raw)).padStart(8),
    median(ratios).toFixed(2).padStart(7),
  ];
  const range = `(${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
  console.log(`${label} ${`${shape.bytes} B`.padStart(8)} ${numbers.join(" ")}  ${range}`);
}
