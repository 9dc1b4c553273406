// One node in a process of its own, told what to do over the channel of `fork` and telling what it sees. It ends by
// itself once its node is closed and the channel is let go: nothing here calls process.exit.

import { setImmediate } from "node:timers/promises";
import { createNode, identityFromSeed } from "motet";
import { keepJournal } from "./churn-journal.mjs";
import { lookUpAll, tellNeighbours, watchRing } from "./ring-worker.mjs";
import { keepReading, readItems, writeItems } from "./table-worker.mjs";

const tell = (message) => void process.send?.(message);
const hex = (bytes) => Buffer.from(bytes).toString("hex");

/** Ends the journal, if one is kept. */
let endJournal = () => undefined;
/** Ends the reading that goes on and on, if there is any. */
let endReading = () => undefined;
/** How often each number was delivered. */
const deliveries = new Map();
/** Tells once everything from the first delivered number to this one was delivered. */
let awaited = Infinity;
let total = 0;

function received({ payload }) {
  const number = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  deliveries.set(number, (deliveries.get(number) ?? 0) + 1);
  total++;
  tellAwaited();
}

function tellAwaited() {
  if (!deliveries.has(awaited) || deliveries.size < awaited + 1 - Math.min(...deliveries.keys())) return;
  tell({ type: "delivered" });
  awaited = Infinity;
}

function summary() {
  const numbers = [...deliveries.keys()];
  const repeated = [...deliveries.values()].filter((count) => count > 1).length;
  return { distinct: numbers.length, first: Math.min(...numbers), last: Math.max(...numbers), repeated };
}

/** Sends numbered broadcasts; ends early when the node is closed meanwhile. */
async function broadcast(node, { from, count, bytes }) {
  for (let number = from; number < from + count; number++) {
    const payload = new Uint8Array(bytes);
    new DataView(payload.buffer).setUint32(0, number);
    try {
      await node.broadcast("numbers", payload);
    } catch ({ code }) {
      tell({ type: "unsent", code });
      return;
    }
    if ((number + 1) % 100 === 0) tell({ type: "sent", number: number + 1 });
  }
}

async function start({ seed, options, journal }) {
  const identity = identityFromSeed(new Uint8Array(32).fill(seed));
  const node = await createNode({ identity, listen: ["tcp://127.0.0.1:0"], ...options });
  node.on("message", received);
  node.on("peer.up", ({ peer }) => tell({ type: "up", peer: hex(peer), at: Date.now() }));
  node.on("peer.down", ({ peer, code }) => tell({ type: "down", peer: hex(peer), code, at: Date.now() }));
  node.on("refused", ({ code }) => tell({ type: "refused", code }));
  node.on("told", ({ peer, channel }) => channel === "last" && tell({ type: "told", peer: hex(peer) }));
  node.serve("echo", ({ payload }) => payload);
  if (options.ring !== undefined) watchRing(node, tell);
  if (journal !== undefined) endJournal = keepJournal(node, tell, journal);
  tell({ type: "started", address: node.addresses[0], id: hex(node.id), idText: node.idText });
  return node;
}

/** Asks another node; tells what came of it. */
async function ask(node, { number, target, text, timeoutMs = 10_000 }) {
  try {
    const answer = await node.ask(target, "echo", new TextEncoder().encode(text), { timeoutMs });
    tell({ type: "answered", number, text: new TextDecoder().decode(answer) });
  } catch ({ code }) {
    tell({ type: "answered", number, code });
  }
}

/** Tells another node numbered payloads, one after the other; tells how far it came. */
async function tellMany(node, { target, count, bytes, wait = true }) {
  for (let number = 0; number < count; number++) {
    const payload = new Uint8Array(bytes);
    new DataView(payload.buffer).setUint32(0, number);
    try {
      await node.tell(target, "numbers", payload, { wait });
    } catch ({ code }) {
      tell({ type: "told-all", target, count: number, code });
      return;
    }
  }
  tell({ type: "told-all", target, count });
}

async function close(node) {
  endJournal();
  await node.close();
  tell({ type: "closed", total, ...summary() });
  process.disconnect();
}

async function leave(node) {
  await node.ring.leave();
  tell({ type: "left", at: Date.now() });
  process.disconnect();
}

let node;
async function obey(command) {
  if (command.type === "start") node = await start(command);
  else if (command.type === "dial") node.dial(command.address, { keep: command.keep });
  else if (command.type === "broadcast") await broadcast(node, command);
  else if (command.type === "await") {
    awaited = command.last;
    tellAwaited();
  } else if (command.type === "hang") {
    node.serve(command.channel, () => new Promise(() => undefined));
    tell({ type: "hanging" });
  } else if (command.type === "ask") await ask(node, command);
  else if (command.type === "tell") await tellMany(node, command);
  else if (command.type === "look-up") await lookUpAll(node, tell, command);
  else if (command.type === "neighbours") tellNeighbours(node, tell, command);
  else if (command.type === "write") await writeItems(node, tell, command);
  else if (command.type === "read") await readItems(node, tell, command);
  else if (command.type === "keep-reading") endReading = keepReading(node, tell, command);
  else if (command.type === "stop-reading") endReading();
  else if (command.type === "leave") await leave(node);
  else if (command.type === "memory") {
    // What ends with one collection is let go of by the next.
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await setImmediate();
    }
    tell({ type: "memory", ...process.memoryUsage() });
  } else await close(node);
}

process.on("message", (command) => void obey(command));
