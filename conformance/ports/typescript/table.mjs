// The table operations of link/1 over the public node of the reference: chapter 8.
import { ProtocolError } from "motet";
import { parseHex } from "motet/wire";
import { start } from "./messaging.mjs";

const hex = (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
const idBytes = 32;

const refuse = (what) => {
  throw new ProtocolError("MISUSE", what, { origin: "local" });
};

/** Reports changes of keys that a node watches. */
export function reportTable(node, name, write) {
  node.on("changed", ({ record }) => {
    const { keyId, flags, sequence, value } = record;
    const what = { deleted: (flags & 1) === 1, sequence: `${sequence}`, value: hex(value) };
    write({ event: "changed", node: name, keyId: hex(keyId), ...what });
  });
}

/** The keys of a kind, of which one is named whole; and the name among them. */
function viewOf({ table }, kind, key) {
  if (kind === 1) return [table, key];
  if (kind === 2 && key.length >= idBytes) return [table.owned(key.subarray(0, idBytes)), key.subarray(idBytes)];
  return refuse(`no view of keys of kind ${kind}`);
}

async function read(node, kind, key) {
  if (kind === 3) return { value: await node.table.fetch(key) };
  const [view, name] = viewOf(node, kind, key);
  return (await view.entry(name)) ?? {};
}

function put({ table }, { kind, key, value, ttlMs }) {
  const options = { ttlMs: Number(ttlMs) };
  if (kind === 3) return table.put(parseHex(value), options);
  if (kind !== 1 && kind !== 2) return refuse(`no keys of kind ${kind}`);
  return (kind === 1 ? table : table.owned()).set(parseHex(key), parseHex(value), options);
}

function stored({ groups, holders, newer }) {
  const held = groups.filter((group) => group.holders.length > 0).length;
  return { event: "stored", groups: held, nodes: holders.length, newer: newer !== undefined };
}

async function list({ table }) {
  const keys = [];
  const kinds = { shared: 1, owned: 2, immutable: 3 };
  for await (const { kind, key, writer } of table.list()) {
    keys.push(hex(Uint8Array.of(kinds[kind], ...(writer ?? []), ...key)));
  }
  return keys.sort((a, b) => (a < b ? -1 : 1));
}

/** The operations; `find` answers a node by its number, `write` sends an event. */
export function tableOperations(find, write) {
  return {
    "node.put": ({ node, ...wish }) => start(write, node, async () => stored(await put(find(node), wish))),
    "node.delete": ({ node, kind, key }) =>
      start(write, node, async () => {
        const { table } = find(node);
        if (kind !== 1 && kind !== 2) refuse(`keys of kind ${kind} are not deleted`);
        return stored(await (kind === 1 ? table : table.owned()).delete(parseHex(key)));
      }),
    "node.get": ({ node, kind, key }) =>
      start(write, node, async () => {
        const { value, writer, sequence = 0n } = await read(find(node), kind, parseHex(key));
        const what = { found: value !== undefined, writer: writer === undefined ? "" : hex(writer) };
        return { event: "got", ...what, sequence: `${sequence}`, value: value === undefined ? "" : hex(value) };
      }),
    "node.keys": ({ node }) => start(write, node, async () => ({ event: "listed", keys: await list(find(node)) })),
    "node.watch"({ node, kind, key }) {
      const [view, name] = viewOf(find(node), kind, parseHex(key));
      view.watch(name);
      return {};
    },
  };
}
