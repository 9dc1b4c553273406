// tell, ask, serve and define as an application uses them: what arrives, what fails with which code, and what ends a wait.

import { describe, expect, test } from "vitest";
import { createIdentity, ProtocolError, type Node } from "../../src/index.js";
import { bytes, codeOf, text } from "./calls.js";
import { next, node, pair } from "./nodes.js";

const never = (): Promise<Uint8Array> => new Promise(() => undefined);

describe("tell", () => {
  test("arrives once, with its channel, its bytes and who sent it; by id or its text", async () => {
    const [a, b] = await pair();
    const heard: string[] = [];
    b.on("told", ({ peer, channel, payload }) => {
      expect(peer).toEqual(a.id);
      heard.push(`${channel}: ${text(payload)}`);
    });
    const last = next(b, "told", ({ channel }) => channel === "last");
    await a.tell(b.id, "größe", bytes("1"));
    await a.tell(b.idText, "", bytes(""));
    await a.tell(b.id, "last", bytes("3"));
    await last;
    expect(heard).toEqual(["größe: 1", ": ", "last: 3"]);
  });

  test("copies the payload before it returns", async () => {
    const [a, b] = await pair();
    const told = next(b, "told");
    const payload = Buffer.from("as it was");
    const sent = a.tell(b.id, "c", payload);
    payload.fill(0);
    await sent;
    expect(text((await told).payload)).toBe("as it was");
  });

  test("waits while the peer's queue is full; in order, and nothing is lost", async () => {
    const [a, b] = await pair({ limits: { QUEUE_HIGH_WATER_BYTES: 5000 } });
    const numbers: number[] = [];
    b.on("told", ({ payload }) => numbers.push(new DataView(payload.buffer, payload.byteOffset).getUint32(0)));
    const last = next(b, "told", ({ channel }) => channel === "last");
    let waited = 0;
    a.on("drain", () => waited++);
    for (let number = 0; number < 300; number++) {
      const payload = new Uint8Array(1000);
      new DataView(payload.buffer).setUint32(0, number);
      await a.tell(b.id, number === 299 ? "last" : "c", payload);
    }
    await last;
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, at) => at));
    expect(waited).toBeGreaterThan(10);
  });

  test("many at once, without waiting for each, arrive in the order in which they were given", async () => {
    const [a, b] = await pair({ limits: { QUEUE_HIGH_WATER_BYTES: 3000 } });
    const numbers: number[] = [];
    b.on("told", ({ payload }) => numbers.push(Number(text(payload))));
    b.serve("c", ({ payload }) => {
      numbers.push(Number(text(payload)));
      return payload;
    });
    const calls = Array.from({ length: 500 }, (_, at) => {
      const payload = bytes(String(at).padStart(200));
      return at % 3 === 0 ? a.ask(b.id, "c", payload) : a.tell(b.id, "c", payload);
    });
    await Promise.all(calls);
    await a.ask(b.id, "c", bytes("500"));
    expect(numbers).toEqual(Array.from({ length: 501 }, (_, at) => at));
  });

  test("one of a line that gives up leaves the others in order", async () => {
    const [a, b] = await pair({ limits: { QUEUE_HIGH_WATER_BYTES: 1 } });
    const heard: string[] = [];
    b.on("told", ({ payload }) => heard.push(text(payload)));
    const controller = new AbortController();
    const calls = ["1", "2", "3", "4", "5"].map((what) => {
      const isImpatient = what === "3";
      return codeOf(a.tell(b.id, "c", bytes(what), isImpatient ? { signal: controller.signal } : {})).catch(
        () => "gone",
      );
    });
    controller.abort();
    expect(await Promise.all(calls)).toEqual(["done", "done", "gone", "done", "done"]);
    b.serve("fence", ({ payload }) => payload);
    await a.ask(b.id, "fence", bytes(""));
    expect(heard).toEqual(["1", "2", "4", "5"]);
  });

  test("a signal that aborts while the node closes is no exception of the node's", async () => {
    const [a, b] = await pair();
    b.serve("c", never);
    const controller = new AbortController();
    const outcome = a.ask(b.id, "c", bytes(""), { signal: controller.signal }).catch(String);
    const closed = a.close();
    controller.abort(new Error("enough"));
    expect(await outcome).toMatch(/enough|CLOSED/);
    await closed;
  });

  test("is refused as QUEUE_FULL where nobody waits", async () => {
    const [a, b] = await pair({ limits: { QUEUE_HIGH_WATER_BYTES: 5000 } });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(a.tell(b.id, "c", new Uint8Array(1000), { wait: false }))),
    );
    expect(outcomes.filter((code) => code === "QUEUE_FULL").length).toBeGreaterThan(5);
    expect(outcomes.slice(0, 4)).toEqual(["done", "done", "done", "done"]);
  });

  test("that waits for room ends with its signal, or with the node", async () => {
    const [a, b] = await pair({ limits: { QUEUE_HIGH_WATER_BYTES: 1 } });
    const fill = (): void => void codeOf(a.tell(b.id, "c", new Uint8Array(1000)));
    fill();
    const controller = new AbortController();
    const waiting = a.tell(b.id, "c", bytes("x"), { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    fill();
    const closed = codeOf(a.tell(b.id, "c", bytes("x")));
    await a.close();
    expect(await closed).toBe("CLOSED");
  });

  test("longer than the peer takes is TOO_LARGE at once", async () => {
    const [a, b] = await pair();
    expect(await codeOf(a.tell(b.id, "c", new Uint8Array(1 << 20)))).toBe("TOO_LARGE");
    const told = next(b, "told");
    await a.tell(b.id, "c", new Uint8Array((1 << 20) - 100));
    expect((await told).payload).toHaveLength((1 << 20) - 100);
  });

  test.each([
    ["a channel of 65 bytes", (a: Node, b: Node) => a.tell(b.id, "é".repeat(33), bytes("x")), "MISUSE"],
    ["an id that is none", (a: Node) => a.tell(new Uint8Array(31), "c", bytes("x")), "MISUSE"],
    ["bytes that are no key", (a: Node) => a.tell(new Uint8Array(32).fill(0xff), "c", bytes("x")), "BAD_KEY"],
    ["a text that is no id", (a: Node) => a.tell("motet1nobody", "c", bytes("x")), "BAD_TEXT"],
    ["the node itself", (a: Node) => a.tell(a.id, "c", bytes("x")), "MISUSE"],
    ["a payload that is none", (a: Node, b: Node) => a.tell(b.id, "c", "x" as unknown as Uint8Array), "MISUSE"],
    ["a time that is none", (a: Node, b: Node) => a.ask(b.id, "c", bytes("x"), { timeoutMs: 0 }), "MISUSE"],
    ["a time that is too long", (a: Node, b: Node) => a.ask(b.id, "c", bytes("x"), { timeoutMs: 1e9 }), "MISUSE"],
    ["half a millisecond", (a: Node, b: Node) => a.ask(b.id, "c", bytes("x"), { timeoutMs: 1.5 }), "MISUSE"],
  ])("with %s is refused at once", async (_, call, code) => {
    const [a, b] = await pair();
    expect(await codeOf(call(a, b))).toBe(code);
  });
});

describe("ask", () => {
  test("comes back with what the handler gives, several at once in any order", async () => {
    const [a, b] = await pair();
    const release = new Map<string, () => void>();
    b.serve("echo", async ({ payload, peer }) => {
      expect(peer).toEqual(a.id);
      await new Promise<void>((resolve) => release.set(text(payload), resolve));
      return bytes(`re: ${text(payload)}`);
    });
    const order: string[] = [];
    const asked = ["1", "2", "3"].map(async (what) => {
      order.push(text(await a.ask(b.id, "echo", bytes(what))));
    });
    await expect.poll(() => release.size, { interval: 1 }).toBe(3);
    for (const what of ["3", "1", "2"]) {
      release.get(what)?.();
      await expect.poll(() => order.at(-1), { interval: 1 }).toBe(`re: ${what}`);
    }
    await Promise.all(asked);
    expect(order).toEqual(["re: 3", "re: 1", "re: 2"]);
  });

  test("on a channel that nobody serves, or serves no more, is NOT_SERVED", async () => {
    const [a, b] = await pair();
    expect(await codeOf(a.ask(b.id, "c", bytes("x")))).toBe("NOT_SERVED");
    const served = b.serve("c", () => bytes("y"));
    expect(text(await a.ask(b.id, "c", bytes("x")))).toBe("y");
    served[Symbol.dispose]();
    expect(await codeOf(a.ask(b.id, "c", bytes("x")))).toBe("NOT_SERVED");
  });

  test.each([
    ["throws", () => Promise.reject(new Error("no such page"))],
    [
      "throws at once",
      () => {
        throw new Error("no such page");
      },
    ],
    ["throws no error", () => Promise.reject("a text")],
    ["gives a text", () => "text" as unknown as Uint8Array],
    ["gives nothing", () => undefined as unknown as Uint8Array],
    ["gives an object without bytes", () => ({ payload: 1, compress: true }) as unknown as Uint8Array],
  ])("whose handler %s is APPLICATION, and the next is served", async (_, handler) => {
    const [a, b] = await pair();
    b.serve("bad", handler);
    b.serve("good", ({ payload }) => payload);
    const error = await a.ask(b.id, "bad", bytes("x")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: "APPLICATION", origin: "remote" });
    if (handler.toString().includes("no such page")) expect(String(error)).toContain("no such page");
    expect(text(await a.ask(b.id, "good", bytes("x")))).toBe("x");
  });

  test("whose answer is longer than the asker takes is TOO_LARGE", async () => {
    const [a, b] = await pair();
    b.serve("huge", () => new Uint8Array(1 << 20));
    b.serve("large", () => new Uint8Array((1 << 20) - 100));
    expect(await codeOf(a.ask(b.id, "huge", bytes("x")))).toBe("TOO_LARGE");
    expect(await a.ask(b.id, "large", bytes("x"))).toHaveLength((1 << 20) - 100);
  });

  test("whose handler never settles is TIMEOUT; the handler is told", async () => {
    const [a, b] = await pair();
    const aborted = new Promise<void>((resolve) => {
      b.serve("slow", ({ signal }) => {
        signal.addEventListener("abort", () => resolve());
        return never();
      });
    });
    expect(await codeOf(a.ask(b.id, "slow", bytes("x"), { timeoutMs: 30 }))).toBe("TIMEOUT");
    await aborted;
  });

  test("that is answered too late stays TIMEOUT, and disturbs nothing", async () => {
    const [a, b] = await pair();
    let answer = (): void => undefined;
    b.serve("late", async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return bytes("late");
    });
    b.serve("now", () => bytes("now"));
    expect(await codeOf(a.ask(b.id, "late", bytes("x"), { timeoutMs: 20 }))).toBe("TIMEOUT");
    answer();
    expect(text(await a.ask(b.id, "now", bytes("x")))).toBe("now");
    expect(a.peers).toHaveLength(1);
  });

  test("ends with its signal, before and after it was sent", async () => {
    const [a, b] = await pair();
    b.serve("slow", never);
    const before = AbortSignal.abort(new Error("never mind"));
    await expect(a.ask(b.id, "slow", bytes("x"), { signal: before })).rejects.toThrow("never mind");
    const controller = new AbortController();
    const asking = a.ask(b.id, "slow", bytes("x"), { signal: controller.signal });
    const told = next(b, "told");
    await a.tell(b.id, "c", bytes("x"));
    await told;
    controller.abort(new Error("enough"));
    await expect(asking).rejects.toThrow("enough");
  });

  test("is CLOSED when the peer's node closes, or this one, and handlers are told", async () => {
    for (const closes of ["asker", "asked"] as const) {
      const [a, b] = await pair();
      let isAborted = false;
      const isAsked = new Promise<void>((resolve) => {
        b.serve("slow", ({ signal }) => {
          signal.addEventListener("abort", () => (isAborted = true));
          resolve();
          return never();
        });
      });
      const outcomes = Promise.all([1, 2, 3].map(() => codeOf(a.ask(b.id, "slow", bytes("x")))));
      await isAsked;
      await (closes === "asker" ? a : b).close();
      expect(await outcomes).toEqual(["CLOSED", "CLOSED", "CLOSED"]);
      await expect.poll(() => isAborted, { interval: 1 }).toBe(true);
    }
  });

  test("of a handler that answers once its node is closed troubles nobody", async () => {
    const [a, b] = await pair();
    const answers: (() => void)[] = [];
    b.serve("late", async ({ payload }) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      if (text(payload) === "fail") throw new Error("too late");
      return payload;
    });
    const outcomes = ["answer", "fail"].map((what) => codeOf(a.ask(b.id, "late", bytes(what))));
    await expect.poll(() => answers.length, { interval: 1 }).toBe(2);
    await b.close();
    for (const answer of answers) answer();
    expect(await Promise.all(outcomes)).toEqual(["CLOSED", "CLOSED"]);
  });

  test("more than REQUESTS at once wait for the first to be answered; not waiting is QUEUE_FULL", async () => {
    const [a, b] = await pair({ limits: { REQUESTS: 8 } });
    const answers: (() => void)[] = [];
    b.serve("c", async ({ payload }) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return payload;
    });
    const asked = Array.from({ length: 20 }, async (_, at) => (await a.ask(b.id, "c", Uint8Array.of(at)))[0]);
    await expect.poll(() => answers.length, { interval: 1 }).toBe(8);
    expect(await codeOf(a.ask(b.id, "c", bytes("x"), { wait: false }))).toBe("QUEUE_FULL");
    for (let answered = 0; answered < 20; answered++) {
      await expect.poll(() => answers.length, { interval: 1 }).toBeGreaterThan(answered);
      answers[answered]?.();
    }
    expect((await Promise.all(asked)).sort((one, other) => Number(one) - Number(other))).toEqual(
      Array.from({ length: 20 }, (_, at) => at),
    );
  });

  test("of a handler that asks back is answered too", async () => {
    const [a, b] = await pair();
    a.serve("name", () => bytes("a"));
    b.serve("greet", async ({ peer }) => bytes(`hello ${text(await b.ask(peer, "name", bytes("")))}`));
    expect(text(await a.ask(b.id, "greet", bytes("")))).toBe("hello a");
  });

  test("compressed and not gives the same bytes", async () => {
    const [a, b] = await pair();
    b.serve("c", ({ payload }) => ({ payload, compress: true }));
    const payload = new Uint8Array(100_000).fill(7);
    for (const compress of [false, true]) {
      expect(Buffer.from(payload).equals(await a.ask(b.id, "c", payload, { compress }))).toBe(true);
    }
    const told = next(b, "told");
    await a.tell(b.id, "c", payload, { compress: true });
    expect(Buffer.from(payload).equals((await told).payload)).toBe(true);
  });
});

describe("serve and define", () => {
  test("of what is taken already is MISUSE; disposed of, it is free again", async () => {
    const lone = await node();
    const served = lone.serve("c", never);
    expect(() => lone.serve("c", never)).toThrow("MISUSE");
    served[Symbol.dispose]();
    lone.serve("c", never);
    const codec = { encode: bytes, decode: text };
    const defined = lone.define({ command: 0x8000, value: codec });
    expect(() => lone.define({ command: 0x8000, value: codec })).toThrow("MISUSE");
    defined[Symbol.dispose]();
    lone.define({ command: 0x8000, value: codec });
    for (const command of [0x7fff, 0x10000, 0.5, -1]) {
      expect(() => lone.define({ command, value: codec })).toThrow("MISUSE");
    }
  });

  test("a serving that was disposed of twice leaves the next one alone", async () => {
    const [a, b] = await pair();
    const first = b.serve("c", () => bytes("1"));
    first[Symbol.dispose]();
    b.serve("c", () => bytes("2"));
    first[Symbol.dispose]();
    expect(text(await a.ask(b.id, "c", bytes("")))).toBe("2");
  });

  test("a command carries values of the application both ways", async () => {
    const [a, b] = await pair();
    const codec = {
      encode: (value: unknown) => bytes(JSON.stringify(value)),
      decode: (data: Uint8Array) => JSON.parse(text(data)) as { n: number },
    };
    const heard: unknown[] = [];
    const definition = { command: 0x8123, value: codec, answer: codec };
    b.define({
      ...definition,
      receive: (value, peer) => heard.push([value, peer]),
      serve: ({ n }) => {
        if (n === 0) throw new Error("not zero");
        return { n: 2 * n };
      },
    });
    const command = a.define(definition);
    expect(await command.ask(b.id, { n: 21 })).toEqual({ n: 42 });
    expect(await codeOf(command.ask(b.id, { n: 0 }))).toBe("APPLICATION");
    const commanded = next(b, "commanded");
    await command.tell(b.id, { n: 1 });
    expect(await commanded).toMatchObject({ command: 0x8123, peer: a.id });
    expect(heard).toEqual([[{ n: 1 }, a.id]]);
    // One that the peer has not defined, and one that takes no requests there.
    expect(await codeOf(a.define({ ...definition, command: 0x8124 }).ask(b.id, { n: 1 }))).toBe("UNKNOWN_COMMAND");
    expect(await codeOf(b.define({ ...definition, command: 0x8125 }).ask(a.id, { n: 1 }))).toBe("UNKNOWN_COMMAND");
    expect(await codeOf(command.tell(createIdentity().nodeId, { n: 1 }))).toBe("UNREACHABLE");
  });
});
