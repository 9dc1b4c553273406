// motet table: reads and writes the table as a client of the ring.

import { buffer } from "node:stream/consumers";
import { formatHex, parseHex } from "../bytes/index.js";
import { formatNodeId } from "../identity/index.js";
import type { Node, NodeTable, TableEntry, TableView, TableWrite } from "../runtime/index.js";
import { join, joiningHelp, joiningOptions, type Joined } from "./joining.js";
import { showPayload } from "./show.js";
import { ExitCode, printData, printNote, UsageError } from "./usage.js";
import { textOf, type OptionValues, type Verb } from "./verb.js";

/** The keys that the options are about. @throws {ProtocolError} BAD_TEXT, BAD_KEY */
function viewOf({ table }: Node, values: OptionValues): TableView {
  const owner = textOf(values, "owner");
  if (owner !== undefined) return table.owned(owner);
  return values["owned"] === true ? table.owned() : table;
}

/** @throws {UsageError} */
function ttlOf(values: OptionValues): { readonly ttlMs?: number } {
  const text = textOf(values, "ttl");
  if (text === undefined) return {};
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--ttl ${text} is no number of seconds; write --ttl 3600`);
  return { ttlMs: Number(text) * 1000 };
}

function describeWrite({ groups, holders, isWhole, newer }: TableWrite): string {
  const held = groups.filter((group) => group.holders.length > 0).length;
  const where = isWhole ? "every member" : `${holders.length} nodes`;
  const lost = newer === undefined ? "" : "; a newer record of the key is there already, and stays";
  return `held by ${held} of ${groups.length} groups, ${where}${lost}`;
}

function entryToJson({ kind, key, writer, value, sequence, issuedAt, expiresAt }: TableEntry): string {
  return JSON.stringify({
    kind,
    key: formatHex(key),
    ...(writer === undefined ? {} : { writer: formatNodeId(writer) }),
    ...(value === undefined ? { deleted: true } : { value: formatHex(value) }),
    sequence: `${sequence}`,
    issuedAt,
    expiresAt,
  });
}

function tellWrite(write: TableWrite, json: boolean): void {
  if (json) printData(entryToJson(write.entry));
  printNote(describeWrite(write));
}

/** A value of the command line, or of stdin. */
async function valueOf(operand: string | undefined): Promise<Uint8Array> {
  if (operand === undefined) throw new UsageError("name a value, or - for what comes on stdin; see motet table --help");
  return operand === "-" ? buffer(process.stdin) : Buffer.from(operand);
}

/** `interruption` aborts when the person wants to stop, however long it takes. */
type Client = Joined & { readonly interruption: AbortSignal };
type Action = (joined: Client, values: OptionValues, operands: readonly string[]) => Promise<ExitCode>;

function keyOf(operands: readonly string[], what: string): string {
  const [key] = operands;
  if (key === undefined) throw new UsageError(`name a key to ${what}; see motet table --help`);
  return key;
}

/** Reads one value; there being none is an answer, and a failure for scripts. */
const get: Action = async ({ node, signal }, values, operands) => {
  const key = keyOf(operands, "read");
  const entry = await viewOf(node, values).entry(key, { signal });
  if (entry?.value === undefined) {
    printNote(`there is no "${key}"`);
    return ExitCode.FAILURE;
  }
  printData(values["json"] === true ? entryToJson(entry) : showPayload(entry.value));
  return ExitCode.OK;
};

const set: Action = async ({ node, signal }, values, operands) => {
  const key = keyOf(operands, "write");
  const value = await valueOf(operands[1]);
  const write = await viewOf(node, values).set(key, value, { signal, ...ttlOf(values) });
  tellWrite(write, values["json"] === true);
  return ExitCode.OK;
};

const remove: Action = async ({ node, signal }, values, operands) => {
  const write = await viewOf(node, values).delete(keyOf(operands, "delete"), { signal });
  tellWrite(write, values["json"] === true);
  return ExitCode.OK;
};

/** Stores a value under its hash, which is what it prints. */
const put: Action = async ({ node, signal }, values, operands) => {
  const write = await node.table.put(await valueOf(operands[0]), { signal, ...ttlOf(values) });
  printData(values["json"] === true ? entryToJson(write.entry) : formatHex(write.entry.key));
  printNote(describeWrite(write));
  return ExitCode.OK;
};

const fetch: Action = async ({ node, signal }, values, operands) => {
  const hash = parseHex(keyOf(operands, "fetch"));
  if (hash?.length !== 32) throw new UsageError("a hash is 64 hexadecimal digits, as motet table put prints it");
  const value = await node.table.fetch(hash, { signal });
  if (value === undefined) {
    printNote("there is no value with this hash");
    return ExitCode.FAILURE;
  }
  printData(values["json"] === true ? JSON.stringify({ value: formatHex(value) }) : showPayload(value));
  return ExitCode.OK;
};

async function listAll(table: NodeTable, json: boolean, signal: AbortSignal): Promise<void> {
  for await (const { kind, key, writer } of table.list({ signal })) {
    const owner = writer === undefined ? {} : { writer: formatNodeId(writer) };
    const shown = kind === "immutable" ? formatHex(key) : showPayload(key);
    if (json) printData(JSON.stringify({ kind, key: formatHex(key), ...owner }));
    else printData([kind.padEnd(9), ...Object.values(owner), shown].join("  "));
  }
}

const keys: Action = async ({ node, signal }, values) => {
  await listAll(node.table, values["json"] === true, signal);
  return ExitCode.OK;
};

/** Prints each change until it is interrupted. */
const watch: Action = async ({ node, interruption }, values, operands) => {
  const key = keyOf(operands, "watch");
  for await (const entry of viewOf(node, values).watch(key, { signal: interruption })) {
    if (values["json"] === true) printData(entryToJson(entry));
    else if (entry.value === undefined) printData(`deleted  (${entry.sequence})`);
    else printData(`${showPayload(entry.value)}  (${entry.sequence})`);
  }
  return ExitCode.INTERRUPTED;
};

const actions: Readonly<Record<string, Action>> = { get, set, delete: remove, put, fetch, keys, watch };

export const tableVerb: Verb = {
  name: "table",
  summary: "read and write the table that the nodes of the ring hold together",
  forms: [
    "get KEY --network NAME --peer ADDRESS [options]",
    "set KEY VALUE|- --network NAME --peer ADDRESS [options]",
    "delete KEY --network NAME --peer ADDRESS [options]",
    "put VALUE|- --network NAME --peer ADDRESS [options]",
    "fetch HASH --network NAME --peer ADDRESS [options]",
    "keys --network NAME --peer ADDRESS [options]",
    "watch KEY --network NAME --peer ADDRESS [options]",
  ],
  help: [
    ["KEY", "a text; shared by all unless --owned or --owner is given"],
    ["VALUE", "a text, or - for what comes on stdin"],
    ["--owned", "keys of this identity, which nobody else can write"],
    ["--owner ID", "keys of the node motet1…, which it alone can write"],
    ["--ttl SECONDS", "how long the value lives. Default: a day, if the network allows"],
    ...joiningHelp,
  ],
  notes: [
    "put stores a value under its own hash, which it prints; fetch reads it. get and fetch exit with 1 when there is nothing.",
  ],
  options: {
    ...joiningOptions,
    owned: { type: "boolean" },
    owner: { type: "string" },
    ttl: { type: "string" },
  },
  run(values, operands, interruption) {
    const [name = "", ...rest] = operands;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined)
      throw new UsageError(`say what to do: ${Object.keys(actions).join(", ")}; see motet table --help`);
    return join(values, interruption, (joined) => action({ ...joined, interruption }, values, rest));
  },
};
