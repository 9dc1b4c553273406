// The table beside @libp2p/kad-dht: how fast values are written and read at 10 and 20 nodes, in turn on one machine, round by
// round, each network in a process of its own. Without kad-dht, which `make bench-table` installs, the table alone.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { reportOf } from "./table-report.mjs";

const usage = `node ts/bench/table.mjs [--nodes 10,20] [--rounds 3] [--seconds 2] [--least 40] [--systems NAME,…] [--write FILE] [--smoke]
  --rounds   how often each network is measured; the networks take turns
  --seconds  least time of each phase, and --least its least number of operations
  --systems  motet-tcp, motet-tls, kad (k = 20, its default), kad-10 (k = 10)
  --smoke    one short round of 5 nodes: does it run`;

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const hasKad = existsSync(here("kad/node_modules/@libp2p/kad-dht"));
const longestRunMs = 900_000;

function optionsOf() {
  const text = (value) => ({ type: "string", default: value });
  const systems = hasKad ? "motet-tls,kad,motet-tcp" : "motet-tls,motet-tcp";
  const { values } = parseArgs({
    options: {
      nodes: text("10,20"),
      rounds: text("3"),
      seconds: text("2"),
      least: text("40"),
      systems: text(systems),
      write: text(""),
      smoke: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const short = values.smoke ? { nodes: "5", rounds: "1", seconds: "0.3", least: "10" } : {};
  return { ...values, ...short };
}

async function measureOnce(system, nodes, { seconds, least }) {
  const worker = [here("table-worker.mjs"), system, String(nodes), seconds, least];
  const limits = { maxBuffer: 2 ** 28, timeout: longestRunMs };
  const { stdout } = await promisify(execFile)(process.execPath, worker, limits);
  return JSON.parse(stdout);
}

/** Once more where a network has failed: so that it does not take with it what was measured before. */
const measure = (...what) =>
  measureOnce(...what).catch((error) => {
    console.error(`it failed, once more: ${error.stderr ?? error}`);
    return measureOnce(...what);
  });

const options = optionsOf();
if (options.help) {
  console.log(usage);
  process.exit(0);
}
if (!hasKad)
  console.error("@libp2p/kad-dht is not installed here, `make bench-table` does that: measuring Motet alone.");
const systems = options.systems.split(",");
const counts = options.nodes.split(",").map(Number);
const results = [];
for (let round = 0; round < Number(options.rounds); round++) {
  for (const nodes of counts) {
    for (const system of systems) {
      console.error(`round ${round + 1} of ${options.rounds}, ${nodes} nodes: ${system}`);
      results.push(await measure(system, nodes, options));
    }
    // A run that is ended early leaves what it has.
    if (options.write !== "") await writeFile(options.write, reportOf(results, options));
  }
}
console.log(reportOf(results, options));
