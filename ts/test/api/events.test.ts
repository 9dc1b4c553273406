import { describe, expect, test } from "vitest";
import type { NodeEvent } from "../../src/index.js";
import { next, node, pair } from "./nodes.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

describe("node.on", () => {
  test("calls back for each event of its type until it is disposed of", async () => {
    const [a, b] = await pair();
    const heard: string[] = [];
    const subscription = b.on("message", ({ payload }) => heard.push(text(payload)));
    const first = next(b, "message");
    await a.broadcast("c", bytes("one"));
    await first;
    subscription[Symbol.dispose]();
    subscription[Symbol.dispose]();
    const second = next(b, "message");
    await a.broadcast("c", bytes("two"));
    await second;
    expect(heard).toEqual(["one"]);
  });

  test("one callback that is disposed of leaves the others, also equal ones", async () => {
    const [a, b] = await pair();
    let calls = 0;
    const listener = (): void => void calls++;
    const subscription = b.on("message", listener);
    b.on("message", listener);
    subscription[Symbol.dispose]();
    const heard = next(b, "message");
    await a.broadcast("c", bytes("x"));
    await heard;
    expect(calls).toBe(1);
  });

  test("a message has what its origin gave it", async () => {
    const [a, b] = await pair();
    const heard = next(b, "message");
    const before = Date.now();
    const receipt = await a.broadcast("größe", bytes("hello"));
    const message = await heard;
    expect(text(message.payload)).toBe("hello");
    expect([message.channel, message.hops, message.isProven]).toEqual(["größe", 0, true]);
    expect(message.origin).toEqual(a.id);
    expect(message.from).toEqual(a.id);
    expect(message.id).toEqual(receipt.id);
    expect(message.sequence).toBe(receipt.sequence);
    expect(message.sentAt).toBeGreaterThanOrEqual(before);
    expect(message.sentAt).toBeLessThanOrEqual(Date.now());
  });

  test("what a callback does to a message is its own affair", async () => {
    const [a, b] = await pair();
    const heard = next(b, "message");
    b.on("message", (message) => {
      message.origin.fill(0);
      message.id.fill(0);
    });
    const { id } = await a.broadcast("c", bytes("x"));
    const message = await heard;
    expect([message.origin, message.id]).toEqual([a.id, id]);
  });

  test("an unsigned network says that its messages prove nothing", async () => {
    const [a, b] = await pair({ network: { name: "unsigned", unsigned: true } });
    const heard = next(b, "message");
    await a.broadcast("", new Uint8Array(0));
    expect((await heard).isProven).toBe(false);
  });

  test("a callback may broadcast: an answer reaches the one that asked", async () => {
    const [a, b] = await pair();
    b.on("message", ({ payload }) => void b.broadcast("answers", bytes(`re: ${text(payload)}`)));
    const answer = next(a, "message");
    await a.broadcast("questions", bytes("?"));
    expect(text((await answer).payload)).toBe("re: ?");
  });
});

describe("node.events", () => {
  test("gives all events from its call on, in order", async () => {
    const [a, b] = await pair();
    const events = b.events();
    for (const what of ["one", "two", "three"]) await a.broadcast("c", bytes(what));
    const seen: string[] = [];
    for await (const event of events) {
      if (event.type === "message") seen.push(text(event.payload));
      if (seen.length === 3) await a.close();
      if (event.type === "peer.down") {
        seen.push(event.code);
        break;
      }
    }
    expect(seen).toEqual(["one", "two", "three", "CLOSED"]);
  });

  test("several readers each get everything; calls of next that wait are answered in their order", async () => {
    const [a, b] = await pair();
    const [first, second] = [b.events(), b.events()];
    const waiting = [first.next(), first.next()];
    await a.broadcast("c", bytes("1"));
    await a.broadcast("c", bytes("2"));
    const payloadOf = ({ value }: IteratorResult<NodeEvent>): string =>
      (value as NodeEvent | undefined)?.type === "message" ? text((value as { payload: Uint8Array }).payload) : "";
    expect((await Promise.all(waiting)).map(payloadOf)).toEqual(["1", "2"]);
    expect([payloadOf(await second.next()), payloadOf(await second.next())]).toEqual(["1", "2"]);
  });

  test("ends when its signal aborts, also one that has aborted before, and while a reader waits", async () => {
    const lone = await node();
    const controller = new AbortController();
    const waiting = lone.events({ signal: controller.signal }).next();
    controller.abort();
    expect(await waiting).toEqual({ value: undefined, done: true });
    const seen: NodeEvent[] = [];
    for await (const event of lone.events({ signal: controller.signal })) seen.push(event);
    expect(seen).toEqual([]);
  });

  test("ends when the node closes, after what came before", async () => {
    const [a, b] = await pair();
    const events = b.events();
    const heard = next(b, "message");
    await a.broadcast("c", bytes("last"));
    await heard;
    await b.close();
    const types: string[] = [];
    for await (const { type } of events) types.push(type);
    expect(types).toEqual(["message", "peer.down"]);
    for await (const event of b.events()) expect.fail(`${event.type} after the end`);
  });

  test("a loop that is left takes nothing more", async () => {
    const [a, b] = await pair();
    const events = b.events();
    const heard = next(b, "message");
    await a.broadcast("c", bytes("x"));
    await heard;
    for await (const event of events) {
      expect(event.type).toBe("message");
      break;
    }
    await a.broadcast("c", bytes("y"));
    expect(await events.next()).toEqual({ value: undefined, done: true });
  });
});
