import { expect, test } from "vitest";
import { addressOf, next, node } from "./nodes.js";

const limits = { PEERS_TARGET: 8, PEERS_LOOK_MS: 20 };

test("nodes that know one of them find each other, and go on without it", async () => {
  const first = await node({ limits });
  const others = [await node({ limits }), await node({ limits }), await node({ limits })];
  const all = others.map(async (other) => {
    while (other.peers.length < 3) await next(other, "peer.up");
  });
  for (const other of others) other.dial(addressOf(first));
  await Promise.all(all);
  const gone = others.map((other) => next(other, "peer.down"));
  await first.close();
  await Promise.all(gone);
  expect(others.map(({ peers }) => peers.length)).toEqual([2, 2, 2]);
});

test("a node that wants no peers has those that it was told to dial", async () => {
  const [a, b] = [await node(), await node()];
  const c = await node();
  const up = [next(b, "peer.up"), next(c, "peer.up")];
  b.dial(addressOf(a));
  c.dial(addressOf(a));
  await Promise.all(up);
  await b.askPeers(a.id);
  expect([b, c].map(({ peers }) => peers.length)).toEqual([1, 1]);
});
