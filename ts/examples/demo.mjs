// Five nodes in five processes on this machine, each connected to the one before it over TLS. A line entered at the first is
// printed by the other four, with the hops it took and how long. Then a sixth joins at the first and asks the last, which it
// has to find. Ends by itself.
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const motet = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const nodes = 5;
const patience = setTimeout(() => fail("the nodes did not get there in time"), 50_000);
const children = [];
process.once("exit", () => children.forEach((child) => child.kill()));

function fail(what) {
  process.stderr.write(`demo: ${what}\n`);
  process.exit(1);
}

/** Starts a node; its events come as JSON lines, `started` first. */
function startNode(name, peer) {
  const role = peer === undefined ? ["--say", "demo"] : ["--peer", peer, "--serve-echo", "echo"];
  // Left to themselves they would find each other: with no peers of their own choice they stay a chain.
  const args = ["node", "--json", "--network", "demo", "--peers", "0", "--listen", "tls://127.0.0.1:0", ...role];
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
/** An address at which only this node may answer. */
const pin = (address, id) => address.replace("tls://", `tls://${id}@`);

print(`Starting ${nodes} nodes in ${nodes} processes, each connected to the one before it over TLS`);
const chain = [];
let address;
for (let i = 1; i <= nodes; i++) {
  const node = startNode(i, address);
  const started = await node.until((event) => event.event === "started");
  address = pin(started.addresses[0], started.node);
  if (i > 1) await node.until((event) => event.event === "peer.up");
  print(`  node ${i}  ${started.node.slice(0, 20)}…  ${started.addresses[0]}`);
  chain.push({ ...node, id: started.node, address });
}

const text = "Many voices, one song";
print(`Node 1 sends "${text}"`);
const enteredAt = Date.now();
chain[0].child.stdin.write(`${text}\n`);
const heard = chain.slice(1).map(async ({ name, until }) => {
  const { payload, hops } = await until((event) => event.event === "message");
  return `  node ${name} heard "${Buffer.from(payload, "hex").toString()}", hops ${hops}, ${Date.now() - enteredAt} ms`;
});
for (const line of heard) print(await line);

const last = chain.at(-1);
print(`A sixth node joins at node 1 and asks node ${last.name}, which it has never heard of`);
const askedAt = Date.now();
const question = ["ask", last.id, "echo", "Are you there?", "--network", "demo", "--peer", chain[0].address];
const { stdout } = await promisify(execFile)(process.execPath, [motet, ...question]);
print(`  node ${last.name} answers "${stdout.trim()}", ${Date.now() - askedAt} ms with starting and joining`);

clearTimeout(patience);
for (const { child } of chain) child.kill("SIGINT");
await Promise.all(chain.map(({ child }) => new Promise((resolve) => child.on("exit", resolve))));
print("Done");
