// The ring operations of link/1 over the public node of the reference: chapter 7.
import { ProtocolError } from "motet";
import { parseHex } from "motet/wire";
import { start } from "./messaging.mjs";

const hex = (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");

/** What `node.ring` can be told, by its name in link/1. */
const ways = {
  found: (ring, contacts) => ring.found(contacts),
  join: (ring, contacts) => ring.join(contacts),
  stabilize: (ring) => ring.maintain("stabilize"),
  audit: (ring) => ring.maintain("audit"),
};

/** Reports that a node has left the ring. */
export function reportRing(node, name, write) {
  node.on("ring", ({ phase }) => {
    if (phase === "LEFT") write({ event: "left", node: name });
  });
}

/** Begins to leave; what is refused at once rejects, the rest is an event. */
async function leave(node) {
  const leaving = node.ring.leave();
  leaving.catch(() => undefined);
  await Promise.race([leaving, new Promise((resolve) => setImmediate(resolve))]);
}

/** The operations; `find` answers a node by its number, `write` sends an event. */
export function ringOperations(find, write) {
  return {
    async "node.ring"({ node, how, contacts }) {
      if (how === "leave") await leave(find(node));
      else if (how in ways) ways[how](find(node).ring, contacts);
      else throw new ProtocolError("MISUSE", `no way to ${how}`, { origin: "local" });
      return {};
    },
    "node.lookup": ({ node, target, contact }) =>
      start(write, node, async () => {
        const options = contact === "" ? {} : { through: [contact] };
        const { owner, hops } = await find(node).ring.lookup(parseHex(target), options);
        return { event: "owner", peer: hex(owner), hops };
      }),
  };
}
