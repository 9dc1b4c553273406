// The messaging operations of link/1 over the public node of the reference: chapter 5, and what a node says of itself.
import { ProtocolError } from "motet";
import { parseHex } from "motet/wire";

const hex = (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
const raw = { encode: (bytes) => bytes, decode: (bytes) => bytes };

/** More than any receive limit: r[ask.too-large]. */
const huge = () => new Uint8Array(2 ** 24);

/** What a handler does, by its name in link/1. */
const handlers = {
  echo: ({ payload }) => payload,
  fail: () => {
    throw new Error("as it was told to");
  },
  hang: () => new Promise(() => undefined),
  blow: huge,
  compress: ({ payload }) => ({ payload, compress: true }),
};

function handlerOf(how) {
  if (how in handlers) return handlers[how];
  throw new ProtocolError("MISUSE", `no way to serve ${how}`, { origin: "local" });
}

let lastRequest = 0;
/** What was served or defined, by node and name, to be disposed of. */
const served = new Map();
/** Commands of this testee's nodes, by node and number: what was not defined can be sent all the same. */
const commands = new Map();

/** All nodes are stopped, and what they served with them. */
export function forgetHandlers() {
  served.clear();
  commands.clear();
}

function replace(map, key, make) {
  map.get(key)?.[Symbol.dispose]();
  map.delete(key);
  const made = make();
  if (made !== undefined) map.set(key, made);
}

/** Refused in the very call: everything else is an outcome that comes later. */
const isRefusal = (error) => error.origin === "local" && error.code !== "CLOSED";

/** Starts something that takes time and ends in an event; what is refused at once, within this turn, rejects. */
export async function start(write, node, run) {
  const request = ++lastRequest;
  const finish = async () => {
    try {
      const { event, ...members } = await run();
      write({ event, node, request, ...members });
    } catch (error) {
      if (!(error instanceof ProtocolError) || isRefusal(error)) throw error;
      write({ event: "failed", node, request, code: error.code });
    }
  };
  const turn = new Promise((resolve) => setImmediate(resolve));
  await Promise.race([finish(), turn]);
  return { request };
}

/** TELL, ASK and commands of the application. */
function sendingOperations(find, write) {
  return {
    "node.tell": ({ node, peer, channel, payload, compress }) =>
      start(write, node, async () => {
        await find(node).tell(parseHex(peer), channel, parseHex(payload), { compress, wait: false });
        return { event: "sent" };
      }),
    "node.ask": ({ node, peer, channel, payload, timeoutMs, compress }) =>
      start(write, node, async () => {
        const options = { timeoutMs, compress, wait: false };
        const answer = await find(node).ask(parseHex(peer), channel, parseHex(payload), options);
        return { event: "answered", payload: hex(answer) };
      }),
    "node.command"({ node, peer, command, kind, payload, timeoutMs }) {
      const [id, bytes] = [parseHex(peer), parseHex(payload)];
      return start(write, node, async () => {
        const defined = commands.get(`${node} ${command}`) ?? find(node).define({ command, value: raw, answer: raw });
        commands.set(`${node} ${command}`, defined);
        if (kind === "one-way") {
          await defined.tell(id, bytes, { wait: false });
          return { event: "sent" };
        }
        return { event: "answered", payload: hex(await defined.ask(id, bytes, { timeoutMs, wait: false })) };
      });
    },
  };
}

/** What is served and defined. */
function servingOperations(find) {
  return {
    "node.serve"({ node, channel, how }) {
      const handler = how === "none" ? undefined : handlerOf(how);
      const make = () => (handler === undefined ? undefined : find(node).serve(channel, handler));
      replace(served, `${node} ${channel}`, make);
      return {};
    },
    "node.define"({ node, command, how }) {
      const serve = how === "none" ? undefined : handlerOf(how);
      replace(commands, `${node} ${command}`, () => {
        if (serve === undefined) return undefined;
        return find(node).define({ command, value: raw, answer: raw, serve: (payload) => serve({ payload }) });
      });
      return {};
    },
  };
}

/** The operations; `find` answers a node by its number, `write` sends an event. */
export function messagingOperations(find, write) {
  return {
    ...sendingOperations(find, write),
    ...servingOperations(find),
    "node.peers": ({ node, peer, limit }) =>
      start(write, node, async () => {
        const peers = await find(node).askPeers(parseHex(peer), { limit });
        return { event: "records", peers: peers.map((id) => hex(id)) };
      }),
    "node.locate": ({ node, wanted }) =>
      start(write, node, async () => {
        await find(node).locate(parseHex(wanted));
        return { event: "records", peers: [wanted] };
      }),
    "node.hook"({ node, deny, refuse }) {
      find(node).access({ deny: deny.map((id) => parseHex(id)) });
      find(node).validate((message) => !refuse.includes(message.channel));
      return {};
    },
    "node.update"({ node, compressions, receiveLimit }) {
      find(node).update({ compressions, receiveLimit });
      return {};
    },
  };
}
