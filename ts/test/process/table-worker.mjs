// What a process of the table's tests writes and reads when it is told to, and what it tells of it. What a key must read is
// what the parent says; how long to go on trying as well.

const text = (bytes) => Buffer.from(bytes).toString();
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const parse = (digits) => Buffer.from(digits, "hex");

/** Runs a task for each item, so many at once. */
async function each(items, width, task) {
  const left = items.values();
  const one = async () => {
    for (const item of left) await task(item);
  };
  await Promise.all(Array.from({ length: width }, one));
}

async function write({ table }, { kind, name, value }) {
  if (kind === "immutable") return hex((await table.put(value)).entry.key);
  await (kind === "owned" ? table.owned() : table).set(name, value);
  return undefined;
}

/** How often a write is tried that is not acknowledged. */
const mostWrites = 4;

async function writeOne(node, item) {
  const codes = [];
  const begun = performance.now();
  while (codes.length < mostWrites) {
    try {
      const hash = await write(node, item);
      return { name: item.name, isDone: true, hash, codes, ms: performance.now() - begun };
    } catch ({ code, message }) {
      codes.push(code ?? message);
    }
  }
  return { name: item.name, isDone: false, codes, ms: performance.now() - begun };
}

/** Writes items; tells which of them were acknowledged, immutable ones with their hash, how each took and what went wrong. */
export async function writeItems(node, tell, { number, items, width }) {
  const results = [];
  await each(items, width, async (item) => results.push(await writeOne(node, item)));
  tell({ type: "wrote", number, results });
}

const readBytes = ({ table }, { kind, name, owner, hash }) => {
  if (kind === "immutable") return table.fetch(parse(hash));
  return (kind === "owned" ? table.owned(parse(owner)) : table).get(name);
};

/** One try: "right", "absent", "wrong", or the code with which it failed. An item without a value is to be absent. */
async function read(node, item) {
  const begun = performance.now();
  let outcome;
  try {
    const found = await readBytes(node, item);
    if (found === undefined) outcome = item.value === undefined ? "right" : "absent";
    else outcome = text(found) === item.value ? "right" : "wrong";
  } catch ({ code, message }) {
    outcome = code ?? message;
  }
  return { outcome, ms: performance.now() - begun };
}

/**
 * Reads items, each until it is right or patience has ended. Tells of each how long its first try took, when it was right, unix
 * ms, and every try that was not; and how long the processor was at work for this process meanwhile.
 */
export async function readItems(node, tell, { number, items, width, patienceMs }) {
  const results = [];
  const usage = process.cpuUsage();
  await each(items, width, async (item) => {
    const bad = [];
    const until = Date.now() + patienceMs;
    const first = await read(node, item);
    let last = first;
    while (last.outcome !== "right") {
      bad.push({ outcome: last.outcome, at: Date.now() });
      if (Date.now() >= until) break;
      last = await read(node, item);
    }
    const isRight = last.outcome === "right";
    results.push({ name: item.name, ms: first.ms, at: isRight ? Date.now() : undefined, bad });
  });
  const { user, system } = process.cpuUsage(usage);
  tell({ type: "read", number, results, processorMs: (user + system) / 1000 });
}

/** Reads all items over and over, until it is told to stop and has come to their end. */
export function keepReading(node, tell, { number, items, width }) {
  const stop = new AbortController();
  let count = 0;
  const bad = [];
  const run = async () => {
    while (!stop.signal.aborted) {
      await each(items, width, async (item) => {
        const { outcome } = await read(node, item);
        count++;
        if (outcome !== "right") bad.push({ name: item.name, outcome, at: Date.now() });
      });
    }
    tell({ type: "kept", number, count, bad });
  };
  void run();
  return () => stop.abort();
}
