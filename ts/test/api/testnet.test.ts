// A testnet as authors of applications use it: joined, cut, healed; nodes that die and come back.
import { afterEach, describe, expect, test } from "vitest";
import { createTestnet, type Message, type Node, type Testnet, type TestnetOptions } from "../../src/index.js";
import { encodeUtf8, decodeUtf8, formatHex } from "../../src/bytes/index.js";
import { next } from "./nodes.js";

const open: Testnet[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((net) => net.close()));
});

async function testnet(count: number, options?: TestnetOptions): Promise<Testnet> {
  const net = await createTestnet(count, options);
  open.push(net);
  return net;
}

const textOf = ({ payload }: Message): string | undefined => decodeUtf8(payload);
const peersOf = (net: Testnet, node: Node | undefined): number[] =>
  (node?.peers ?? [])
    .map((id) => net.nodes.findIndex((other) => formatHex(other.id) === formatHex(id)))
    .sort((a, b) => a - b);
const at = (net: Testnet, index: number): Node => net.nodes[index] as Node;

describe("a testnet", () => {
  test("is joined as its topology says, and floods reach everybody", async () => {
    const net = await testnet(5, { topology: "ring" });
    expect(net.nodes.map((node) => peersOf(net, node))).toEqual([[1, 4], [0, 2], [1, 3], [2, 4], [0, 3]]); // prettier-ignore
    const heard = Promise.all(net.nodes.slice(1).map((node) => next(node, "message")));
    await at(net, 0).broadcast("news", encodeUtf8("all"));
    expect((await heard).map(textOf)).toEqual(["all", "all", "all", "all"]);
  });

  test("has the same nodes at every start", async () => {
    const [a, b, c] = [await testnet(2), await testnet(2), await testnet(2, { seed: 7 })];
    const idsOf = (net: Testnet): string[] => net.nodes.map(({ idText }) => idText);
    expect(idsOf(a)).toEqual(idsOf(b));
    expect(idsOf(a)).not.toEqual(idsOf(c));
  });

  test("lets a node ask another that is no peer", async () => {
    const net = await testnet(4, { topology: "chain" });
    at(net, 3).serve("echo", ({ payload }) => payload);
    expect(await at(net, 0).ask(at(net, 3).id, "echo", Uint8Array.of(7))).toEqual(Uint8Array.of(7));
  });
});

describe("a link", () => {
  test("that is cut is lost to both, stays so, and heals", async () => {
    const net = await testnet(3, { topology: "chain" });
    const down = next(at(net, 0), "peer.down");
    await net.cut(0, 1);
    expect((await down).code).toBe("LOST");
    expect(net.nodes.map((node) => peersOf(net, node))).toEqual([[], [2], [1]]);
    await expect(at(net, 0).ask(at(net, 1).id, "any", Uint8Array.of())).rejects.toMatchObject({ code: "UNREACHABLE" });
    await net.heal([0, 1]);
    expect(net.nodes.map((node) => peersOf(net, node))).toEqual([[1], [0, 2], [1]]);
  });

  test("can be given by its ends", async () => {
    const net = await testnet(4, { links: [[0, 1], [2, 0], [1, 0], [3, 2]] }); // prettier-ignore
    expect(net.nodes.map((node) => peersOf(net, node))).toEqual([[1, 2], [0], [0, 3], [2]]);
  });
});

describe("a node", () => {
  test("that dies is lost to its peers, and comes back as itself", async () => {
    const net = await testnet(3);
    const { idText } = at(net, 2);
    const down = next(at(net, 0), "peer.down");
    await net.kill(2);
    expect((await down).code).toBe("LOST");
    expect(peersOf(net, at(net, 0))).toEqual([1]);
    await net.connected();
    const back = await net.restart(2);
    expect(back.idText).toBe(idText);
    expect(net.nodes[2]).toBe(back);
    const heard = next(at(net, 0), "message");
    await back.broadcast("news", encodeUtf8("back"));
    expect(textOf(await heard)).toBe("back");
  });
});

test("what cannot be is refused", async () => {
  const net = await testnet(2);
  const misuse = expect.objectContaining({ code: "MISUSE" });
  await expect(createTestnet(0)).rejects.toEqual(misuse);
  await expect(createTestnet(2, { links: [[0, 2]] })).rejects.toEqual(misuse);
  expect(() => net.cut(0, 5)).toThrow(misuse);
  await expect(net.restart(1)).rejects.toEqual(misuse);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(net.connected({ signal })).rejects.toThrow("enough");
});
