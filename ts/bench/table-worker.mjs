// Measures one network of the table's benchmark, in a process of its own: opens it, writes and reads values of each size, one
// operation after the other and many at once, and prints what each phase took as one line of JSON.
import { openMotet } from "./table-motet.mjs";

const systems = {
  "motet-tcp": (nodes) => openMotet(nodes, "tcp"),
  "motet-tls": (nodes) => openMotet(nodes, "tls"),
  kad: async (nodes) => (await import("./kad/network.mjs")).openKad(nodes, 20),
  "kad-10": async (nodes) => (await import("./kad/network.mjs")).openKad(nodes, 10),
};

const [system, ...numbers] = process.argv.slice(2);
const [nodes, seconds, least] = numbers.map(Number);
/** Operations under way at once where rates are measured. */
const lanes = 32;
const sizes = [64, 1024];
/** What a network that has just come together has to settle is not measured: Motet's nodes look after their keys for 10 s. */
const restMs = 12_000;

/** Runs an operation again and again, `width` at a time, for a time and a least number of operations. */
async function phase(pace, name, width, operation) {
  const samples = {};
  let count = 0;
  const beginCpu = process.cpuUsage();
  const begin = performance.now();
  const isOver = () => count >= pace.least && performance.now() - begin >= pace.seconds * 1000;
  const lane = async () => {
    while (!isOver()) {
      const i = count++;
      const started = performance.now();
      const kind = (await operation(i)) ?? name;
      (samples[kind] ??= []).push(Number((performance.now() - started).toFixed(3)));
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  const wallMs = performance.now() - begin;
  const { user, system: kernel } = process.cpuUsage(beginCpu);
  return { name, width, count, wallMs, cpuMs: (user + kernel) / 1000, samples };
}

function check(isRight, what) {
  if (!isRight) throw new Error(what);
}

/** @param round part of all keys: each round has its own. */
async function measureSize(network, bytes, round, pace) {
  const written = [];
  const holders = [];
  const phases = [];
  const writeWith = (put, label) => async (i) => {
    const key = `${round}-${label}-${i}`;
    const value = new Uint8Array(bytes).fill(i);
    holders.push(await put(i, key, value));
    written.push({ key, value, i });
  };
  const read = async (i) => {
    const { key, value, i: by } = written[i % written.length];
    // By another node than the one that wrote it.
    const found = await network.get(by + 3, key);
    check(found !== undefined && Buffer.from(value).equals(found), `${key} is not what was written`);
    return "hit";
  };
  const miss = async (i) => {
    check((await network.get(i, `${round}-none-${i}`)) === undefined, "there is a value that nobody has written");
    return "miss";
  };
  const ways = network.putFast === undefined ? ["put"] : ["put", "putFast"];
  for (const width of [1, pace.lanes]) {
    for (const way of ways) phases.push(await phase(pace, way, width, writeWith(network[way], `${way}-${width}`)));
  }
  // Hits and misses in turn, as many of each as there are writes.
  const both = { ...pace, least: 2 * pace.least };
  phases.push(await phase(both, "get", 1, (i) => (i % 2 === 0 ? read(i / 2) : miss(i))));
  phases.push(await phase(pace, "get", pace.lanes, read));
  phases.push(await phase(pace, "miss", pace.lanes, miss));
  return {
    phases: phases.map((phase) => ({ ...phase, bytes })),
    holders: holders.reduce((sum, count) => sum + count, 0) / holders.length,
  };
}

const network = await systems[system](nodes);
await new Promise((resolve) => setTimeout(resolve, restMs));
const results = [];
// Once for nothing, so that what is measured is compiled.
await measureSize(network, sizes[0], "warm-up", { seconds: seconds / 2, least: least / 4, lanes: lanes / 4 });
for (const bytes of sizes) results.push(await measureSize(network, bytes, `${bytes}`, { seconds, least, lanes }));
await network.close();
const phases = results.flatMap((result) => result.phases);
const failed = network.counts?.failed ?? 0;
console.log(JSON.stringify({ system, nodes, phases, failed, holders: results.map(({ holders }) => holders) }));
