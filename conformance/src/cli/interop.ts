// The verb `interop`: several testees share one network, in which every broadcast must reach every node once, and one table, in
// which everybody reads what anybody has written.
import { runChain, TableStage, type TableOptions } from "../interop/index.js";
import { splitCommand, Testee } from "../link/index.js";
import type { Scheme } from "../node/index.js";
import { checkTransport, transportOf } from "./run-options.js";
import { EXIT, parseWords, positiveNumber, UsageError, wholeNumber, type Verb } from "./verb.js";

const usage = `usage: motet-conformance interop --testee "CMD" --testee "CMD" [--testee "CMD"]… [options]

Starts nodes of all testees in one network, in a chain that mixes them, and sends broadcasts from each: every other node must
deliver each of them exactly once, with the right number of hops. First in a signed network, then in an unsigned one. Testees
that all have the feature store then form a ring that holds a table: each member writes keys of every kind, all others read
them, overwrite and delete what others have written, and go on reading while one member leaves and when one has died. Once for
each testee: the first one founds the ring and dies, the second one leaves.

  --testee "CMD"    program and arguments of a testee (link/1, feature node); two or more
  --nodes N         nodes of each testee (2)
  --messages N      broadcasts of each node (25)
  --keys N          keys of each kind that each member writes (2)
  --transport NAME  what carries connections: tcp (default), tls, ws or wss
  --multiplier N    longer waiting times, for slow machines

Exit: 0 all heard and read all, 1 something was lost, doubled or wrong, 2 usage, 3 a testee could not start.
`;

const patienceMs = 20_000;
const shownComplaints = 10;

async function judge(
  testees: readonly Testee[],
  signed: boolean,
  nodesEach: number,
  messages: number,
  { multiplier, transport }: { readonly multiplier: number; readonly transport: Scheme },
): Promise<boolean> {
  const nodes = nodesEach * testees.length;
  const patience = { patienceMs: patienceMs * multiplier };
  const complaints = await runChain({ testees, nodesEach, signed, messages, transport, ...patience });
  const what = `${signed ? "signed" : "unsigned"} network, ${nodes} nodes, ${nodes * messages} broadcasts, ${nodes * (nodes - 1) * messages} deliveries`;
  return verdict(what, complaints);
}

function verdict(what: string, complaints: readonly string[]): boolean {
  process.stdout.write(`${complaints.length === 0 ? "ok  " : "bad "} ${what}\n`);
  for (const complaint of complaints.slice(0, shownComplaints)) process.stdout.write(`     ${complaint}\n`);
  if (complaints.length > shownComplaints)
    process.stdout.write(`     and ${complaints.length - shownComplaints} more\n`);
  return complaints.length === 0;
}

/** One table for each testee as the founder. */
async function judgeTables(testees: readonly Testee[], how: Omit<TableOptions, "testees">): Promise<boolean> {
  if (!testees.every(({ hello }) => hello.features.includes("store"))) {
    process.stdout.write("left out: a table, which not all of them store\n");
    return true;
  }
  let isRight = true;
  for (const [i, { hello }] of testees.entries()) {
    const inTurn = [...testees.slice(i), ...testees.slice(0, i)];
    const outcome = await new TableStage({ ...how, testees: inTurn }).run();
    const { members, writes, reads, readsWhileLeaving, complaints } = outcome;
    const what = `table founded by ${hello.implementation.language}, ${members} members, ${writes} writes and deletes, ${reads} reads, ${readsWhileLeaving} of them while one left`;
    isRight = verdict(what, complaints) && isRight;
  }
  return isRight;
}

async function interop(args: readonly string[]): Promise<number> {
  const text = { type: "string" } as const;
  const options = {
    testee: { type: "string", multiple: true },
    nodes: text,
    messages: text,
    keys: text,
    transport: text,
    multiplier: text,
  } as const;
  const { values } = parseWords("interop", { args: [...args], options });
  const commands = values.testee ?? [];
  if (commands.length < 2)
    throw new UsageError("interop takes two testees or more. Next step: motet-conformance interop --help");
  const multiplier = positiveNumber("multiplier", values.multiplier) ?? 1;
  const nodesEach = wholeNumber("nodes", values.nodes) ?? 2;
  const messages = wholeNumber("messages", values.messages) ?? 25;
  const keys = wholeNumber("keys", values.keys) ?? 2;
  const how = { multiplier, transport: transportOf("interop", values.transport) };
  const testees: Testee[] = [];
  try {
    for (const command of commands) testees.push(await Testee.start({ command: splitCommand(command), multiplier }));
    for (const { hello } of testees) checkTransport(hello, how.transport);
    process.stdout.write(
      `${testees.map(({ hello }) => `${hello.implementation.name} (${hello.implementation.language})`).join(" with ")}\n`,
    );
    const signed = await judge(testees, true, nodesEach, messages, how);
    const unsigned = await judge(testees, false, nodesEach, messages, how);
    const tables = await judgeTables(testees, { ...how, nodesEach, keys, patienceMs: patienceMs * multiplier });
    return signed && unsigned && tables ? EXIT.asDeclared : EXIT.unexpected;
  } finally {
    await Promise.all(testees.map((testee) => testee.shutdown()));
  }
}

export const interopVerb: Verb = { name: "interop", summary: "let testees share one network", usage, run: interop };
