import { describe, expect, test } from "vitest";
import { ProtocolError } from "../errors/index.js";
import { WaitingLine } from "./waiting-line.js";

/** Something that takes so many, then none until there is room again. */
class Store {
  readonly line = new WaitingLine();
  readonly taken: string[] = [];
  attempts = 0;
  room = 0;

  put(name: string, signal?: AbortSignal): Promise<void> {
    return this.line.run(() => {
      this.attempts++;
      if (this.room === 0) throw new ProtocolError("QUEUE_FULL", "no room", { origin: "local" });
      this.room--;
      this.taken.push(name);
    }, signal);
  }

  async makeRoom(count: number): Promise<void> {
    this.room += count;
    this.line.next();
    for (let turns = 0; turns < 20 * (count + 1); turns++) await Promise.resolve();
  }
}

describe("calls that wait in a line", () => {
  test("are done in their order as room comes, and only the first one tries", async () => {
    const store = new Store();
    const puts = ["a", "b", "c", "d"].map((name) => store.put(name));
    expect(store.attempts).toBe(1);
    await store.makeRoom(1);
    expect(store.taken).toEqual(["a"]);
    await store.makeRoom(2);
    expect(store.taken).toEqual(["a", "b", "c"]);
    const late = store.put("e");
    await store.makeRoom(2);
    await Promise.all([...puts, late]);
    expect(store.taken).toEqual(["a", "b", "c", "d", "e"]);
    expect(store.attempts).toBeLessThan(10);
  });

  test("are done at once when nobody waits", async () => {
    const store = new Store();
    store.room = 1;
    await store.put("a");
    expect(store.attempts).toBe(1);
  });

  test("that are given up leave their place to the next", async () => {
    const store = new Store();
    const giveUp = new AbortController();
    const first = store.put("a", giveUp.signal);
    const second = store.put("b");
    giveUp.abort();
    await expect(first).rejects.toThrow("aborted");
    await store.makeRoom(1);
    await second;
    expect(store.taken).toEqual(["b"]);
    await expect(store.put("c", giveUp.signal)).rejects.toThrow("aborted");
  });
});
