// A member of a ring of one with a store on disk: writes keys as fast as it may and tells each that was acknowledged; or, begun
// with "read", tells of each key that it is asked for whether it has it.

import { writeSync } from "node:fs";
import { createNode, identityFromSeed } from "motet";

const [, , how, folder, count] = process.argv;
const identity = identityFromSeed(new Uint8Array(32).fill(7));
const limits = { PEERS_TARGET: 0 };
const network = "table-kill";
const node = await createNode({
  network,
  identity,
  limits,
  listen: ["tls://127.0.0.1:0"],
  ring: "found",
  store: folder,
});

/** At once: what is told has happened, whenever the process ends. */
const tell = (line) => writeSync(1, `${line}\n`);

async function writeAll() {
  const under = new Set();
  for (let i = 0; i < Number(count); i++) {
    const one = node.table.set(`key ${i}`, `value ${i}`).then(() => tell(i));
    under.add(one);
    void one.finally(() => under.delete(one));
    if (under.size >= 64) await Promise.race(under);
  }
  await Promise.all(under);
  tell("done");
}

async function readAll() {
  const missing = [];
  for (let i = 0; i < Number(count); i++) {
    const value = await node.table.get(`key ${i}`);
    if (value === undefined || Buffer.from(value).toString() !== `value ${i}`) missing.push(i);
  }
  tell(JSON.stringify({ missing, records: node.counts.table.records }));
  await node.close();
}

await (how === "write" ? writeAll() : readAll());
