import { describe, expect, test } from "vitest";
import { createIdentity, createNode, ProtocolError, type NodeOptions } from "../../src/index.js";
import { addressOf, next, node, pair } from "./nodes.js";

/** What a refused call threw, which must be an error of ours. */
async function refusalOf(call: () => unknown): Promise<ProtocolError> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return error as ProtocolError;
  }
  throw new Error("nothing was thrown");
}

/** "CODE: what happened; what to do next". */
const withNextStep = /^[A-Z_]+: .+(?:;|, not|, at most|, allowed|is at most|, this one| fixed ).+/;

describe("broadcast", () => {
  const calls: readonly (readonly [string, string, () => readonly [string, Uint8Array], string])[] = [
    ["a channel of 65 bytes", "MISUSE", () => ["é".repeat(33), new Uint8Array(1)], "at most 64 bytes"],
    ["more than max_message", "TOO_LARGE", () => ["c", new Uint8Array(1000)], "1051"],
    ["a payload that is none", "MISUSE", () => ["c", "text" as unknown as Uint8Array], "Uint8Array"],
  ];

  test.each(calls)("of %s is %s, and the message says what to do", async (_, code, args, fact) => {
    const lone = await node({ network: { name: "small", maxMessage: 1000 } });
    const error = await refusalOf(() => lone.broadcast(...args()));
    expect(error.code).toBe(code);
    expect(error.message).toContain(fact);
    expect(error.message).toMatch(withNextStep);
  });

  test("of exactly as much as is allowed is taken, and a refusal uses up no sequence", async () => {
    const lone = await node({ network: { name: "small", maxMessage: 1000 } });
    const { sequence } = await lone.broadcast("é".repeat(32), new Uint8Array(1000 - 50 - 64));
    await refusalOf(() => lone.broadcast("c", new Uint8Array(950)));
    expect((await lone.broadcast("c", new Uint8Array(949))).sequence).toBe(sequence + 1n);
  });

  test("copies the payload before it returns", async () => {
    const [a, b] = await pair();
    const heard = next(b, "message");
    const payload = new Uint8Array([1, 2, 3]);
    const sent = a.broadcast("c", payload);
    payload.fill(9);
    await sent;
    expect([...(await heard).payload]).toEqual([1, 2, 3]);
  });

  test("that has to wait keeps its own copy, of a Buffer too", async () => {
    const [a, b] = await pair({ limits: { QUEUE_HIGH_WATER_BYTES: 1 } });
    await a.broadcast("c", new Uint8Array(1000));
    const heard = next(b, "message", (message) => message.channel === "late");
    const payload = Buffer.from("as it was");
    const sent = a.broadcast("late", payload);
    payload.fill(0);
    await sent;
    expect(Buffer.from((await heard).payload).toString()).toBe("as it was");
  });

  test("after close is CLOSED; so is a dial", async () => {
    const lone = await node();
    await lone.close();
    expect((await refusalOf(() => lone.broadcast("c", new Uint8Array(1)))).code).toBe("CLOSED");
    expect((await refusalOf(() => lone.tryBroadcast("c", new Uint8Array(1)))).code).toBe("CLOSED");
    expect((await refusalOf(() => lone.dial("tcp://127.0.0.1:1"))).code).toBe("CLOSED");
  });

  test("that waits for room ends with the signal, or with the node", async () => {
    const [a, b] = await pair({ limits: { QUEUE_HIGH_WATER_BYTES: 1 } });
    // Signing takes a turn of the loop: until then everything further has to wait.
    const fill = (): Promise<unknown> => a.broadcast("c", new Uint8Array(1000));
    await fill();
    expect((await refusalOf(() => a.tryBroadcast("c", new Uint8Array(1)))).code).toBe("QUEUE_FULL");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(a.broadcast("c", new Uint8Array(1), { signal })).rejects.toThrow("enough");
    const controller = new AbortController();
    const given = a.broadcast("c", new Uint8Array(1), { signal: controller.signal });
    controller.abort(new Error("too late"));
    await expect(given).rejects.toThrow("too late");
    const heard = next(b, "message", ({ payload }) => payload.length === 7);
    await a.broadcast("c", new Uint8Array(7));
    await heard;
    await fill();
    const waiting = refusalOf(() => a.broadcast("c", new Uint8Array(1)));
    await a.close();
    expect((await waiting).code).toBe("CLOSED");
  });
});

describe("createNode", () => {
  const options: readonly (readonly [string, unknown, string])[] = [
    ["an empty name", { network: "" }, "MISUSE"],
    ["a name of 65 bytes", { network: "n".repeat(65) }, "MISUSE"],
    ["a freshness of 0", { network: { name: "n", freshness: 0 } }, "MISUSE"],
    ["a freshness that is no number", { network: { name: "n", freshness: Number.NaN } }, "MISUSE"],
    ["an unknown limit", { limits: { NO_SUCH: 1 } }, "MISUSE"],
    ["a fixed limit", { limits: { RECORD_BYTES: 1 } }, "MISUSE"],
    ["a negative limit", { limits: { SESSIONS: -1 } }, "MISUSE"],
    ["half a session", { limits: { SESSIONS: 1.5 } }, "MISUSE"],
    ["a receive limit above 24 bits", { limits: { RECEIVE_BYTES: 2 ** 24 } }, "MISUSE"],
    ["an agent that is too long", { agent: "a".repeat(129) }, "MISUSE"],
    ["an agent that is not printable", { agent: "a\n" }, "MISUSE"],
    ["an incarnation above 63 bits", { incarnation: 2n ** 63n }, "MISUSE"],
    ["a negative last sequence", { lastSequence: -1n }, "MISUSE"],
    ["an address without a scheme", { listen: ["127.0.0.1:0"] }, "MISUSE"],
    ["an unknown scheme", { listen: ["carrier-pigeon://here"] }, "MISUSE"],
    ["a port too many", { listen: ["tcp://127.0.0.1:65536"] }, "BAD_TEXT"],
    ["a bootstrap address of an unknown scheme", { bootstrap: ["x://y"] }, "BAD_TEXT"],
    ["a bootstrap id that is no text of one", { bootstrap: ["tcp://motet1abc@127.0.0.1:1"] }, "BAD_TEXT"],
    ["a bootstrap address with a host that is none", { bootstrap: ["tcp://local_host:1"] }, "BAD_TEXT"],
    ["nine addresses", { listen: new Array<string>(9).fill("memory://any") }, "MISUSE"],
  ];

  test.each(options)("with %s is refused at once", async (_, change, code) => {
    const creating = createNode({ network: "options", ...(change as Partial<NodeOptions>) });
    await expect(creating).rejects.toBeInstanceOf(ProtocolError);
    await expect(creating).rejects.toMatchObject({ code });
  });

  test("with a descriptor that is none is MALFORMED", async () => {
    const creating = createNode({ network: new Uint8Array(30) });
    await expect(creating).rejects.toMatchObject({ code: "MALFORMED", rule: "desc.decode" });
  });

  test("at an address that is taken is UNREACHABLE, and gives the others back", async () => {
    const holder = await node({ listen: ["tcp://127.0.0.1:0"] });
    const listen = ["memory://given-back", addressOf(holder)];
    await expect(createNode({ network: "n", listen })).rejects.toMatchObject({ code: "UNREACHABLE" });
    await node({ listen: ["memory://given-back"] });
  });

  test("runs with what an application says of itself, up to its bounds", async () => {
    const options = { agent: "~".repeat(128), incarnation: 2n ** 63n - 1n, lastSequence: 2n ** 62n };
    const [a, b] = await pair(options);
    const heard = next(b, "message");
    await a.broadcast("c", new Uint8Array(1));
    expect((await heard).sequence).toBe(2n ** 62n + 1n);
  });

  test("that requires encryption refuses a plain connection and says so at both ends", async () => {
    const [a, b] = [await node({ listen: ["tcp://127.0.0.1:0"] }), await node()];
    const refused = Promise.all([next(a, "refused"), next(b, "refused")]);
    b.dial(addressOf(a));
    expect((await refused).map(({ code, by }) => [code, by])).toEqual([
      ["ENCRYPTION_REQUIRED", "local"],
      ["ENCRYPTION_REQUIRED", "remote"],
    ]);
  });

  test("in another network is refused as WRONG_NETWORK, with the address", async () => {
    const [a, b] = [await node({ network: "one" }), await node({ network: "two" })];
    const refused = Promise.all([next(a, "refused"), next(b, "refused")]);
    a.dial(addressOf(b));
    for (const { code, address } of await refused) expect([code, address]).toEqual(["WRONG_NETWORK", addressOf(b)]);
  });
});

describe("dial", () => {
  test.each([
    ["tcp://motet1@127.0.0.1:1", "BAD_TEXT"],
    ["tcp://local_host:1", "BAD_TEXT"],
    ["", "BAD_TEXT"],
    ["memory://UPPER", "BAD_TEXT"],
  ])("%j throws %s at once", async (address, code) => {
    const lone = await node();
    expect((await refusalOf(() => lone.dial(address, { keep: true }))).code).toBe(code);
  });

  test("where nobody listens is an event, not an exception", async () => {
    const lone = await node();
    const refused = next(lone, "refused");
    lone.dial("memory://nobody-at-all");
    expect(await refused).toMatchObject({ code: "UNREACHABLE", address: "memory://nobody-at-all", by: "local" });
  });

  test("of a pinned id that another node answers to is UNEXPECTED_NODE at both ends", async () => {
    const [a, b] = [await node(), await node()];
    const { text, nodeId } = createIdentity();
    const dials: readonly (() => void)[] = [
      () => a.dial(addressOf(b).replace("://", `://${text}@`)),
      () => a.dial(addressOf(b), { pinned: nodeId }),
    ];
    for (const dial of dials) {
      const refused = Promise.all([next(a, "refused"), next(b, "refused")]);
      dial();
      expect((await refused).map(({ code }) => code)).toEqual(["UNEXPECTED_NODE", "UNEXPECTED_NODE"]);
    }
    expect([a.peers, b.peers]).toEqual([[], []]);
  });

  test("of the right pinned id comes up", async () => {
    const [a, b] = [await node(), await node()];
    const up = next(a, "peer.up");
    a.dial(addressOf(b).replace("://", `://${b.idText}@`));
    expect((await up).peer).toEqual(b.id);
    expect(a.peers).toEqual([b.id]);
  });

  test("of the node itself is SELF", async () => {
    const lone = await node();
    const refused = next(lone, "refused");
    lone.dial(addressOf(lone));
    expect((await refused).code).toBe("SELF");
  });
});
