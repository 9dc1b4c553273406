// Five nodes in five processes on this machine, each connected to the one before it. A line entered at the first is
// printed by the other four, with the hops it took and how long. Ends by itself.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const motet = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const nodes = 5;
const patience = setTimeout(() => fail("the nodes did not get there in time"), 14_000);
const children = [];

function fail(what) {
  process.stderr.write(`demo: ${what}\n`);
  for (const child of children) child.kill();
  process.exit(1);
}

/** Starts a node; its events come as JSON lines, `started` first. */
function startNode(name, peer) {
  const say = peer === undefined ? ["--say", "demo"] : ["--peer", peer];
  const args = ["node", "--json", "--network", "demo", "--plain", "--listen", "tcp://127.0.0.1:0", ...say];
  const child = spawn(process.execPath, [motet, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  child.on("exit", (code) => code !== 130 && fail(`node ${name} ended with exit code ${code}`));
  const events = createInterface({ input: child.stdout });
  const waiting = [];
  const seen = [];
  events.on("line", (line) => {
    seen.push(JSON.parse(line));
    for (const check of waiting) check();
  });
  /** The next event that passes `test`. */
  const until = (test) =>
    new Promise((resolve) => {
      const check = () => {
        const found = seen.find(test);
        if (found === undefined) return;
        waiting.splice(waiting.indexOf(check), 1);
        resolve(found);
      };
      waiting.push(check);
      check();
    });
  return { name, child, until };
}

const print = (line) => process.stdout.write(`${line}\n`);

print(`Starting ${nodes} nodes in ${nodes} processes, each connected to the one before it`);
const chain = [];
let address;
for (let i = 1; i <= nodes; i++) {
  const node = startNode(i, address);
  const started = await node.until((event) => event.event === "started");
  address = started.addresses[0];
  if (i > 1) await node.until((event) => event.event === "peer.up");
  print(`  node ${i}  ${started.node.slice(0, 20)}…  ${address}`);
  chain.push(node);
}

const text = "Many voices, one song";
print(`Node 1 sends "${text}"`);
const enteredAt = Date.now();
chain[0].child.stdin.write(`${text}\n`);
await Promise.all(
  chain.slice(1).map(async ({ name, until }) => {
    const { payload, hops } = await until((event) => event.event === "message");
    print(
      `  node ${name} heard "${Buffer.from(payload, "hex").toString()}", hops ${hops}, ${Date.now() - enteredAt} ms`,
    );
  }),
);

clearTimeout(patience);
for (const { child } of chain) child.kill("SIGINT");
await Promise.all(chain.map(({ child }) => new Promise((resolve) => child.on("exit", resolve))));
print("Done");
