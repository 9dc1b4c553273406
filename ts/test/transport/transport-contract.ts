// What every stream transport must do, whatever is below it. The driver relies on this and on nothing else.

import { afterEach, describe, expect, test } from "vitest";
import { ProtocolError } from "../../src/errors/index.js";
import { formatNodeId } from "../../src/identity/index.js";
import type { Connection, Listener, Transport } from "../../src/transport/index.js";

/** A connection that notes what it is told. */
export class Ear {
  readonly connection: Connection;
  /** In order: "data" (runs of it count once), "end", "close", "drain". */
  readonly told: string[] = [];
  readonly #chunks: Uint8Array[] = [];
  #length = 0;
  readonly #waiting: { readonly isTrue: () => boolean; readonly resolve: () => void }[] = [];
  onData: (() => void) | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  start(): this {
    this.connection.start({
      data: (chunk) => {
        this.#chunks.push(chunk.slice());
        this.#length += chunk.length;
        if (this.told.at(-1) !== "data") this.told.push("data");
        this.onData?.();
        this.#look();
      },
      end: () => this.#tell("end"),
      close: () => this.#tell("close"),
      drain: () => this.#tell("drain"),
    });
    return this;
  }

  get length(): number {
    return this.#length;
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  count(what: string): number {
    return this.told.filter((one) => one === what).length;
  }

  /** Resolves when it was told something. */
  hears(what: string): Promise<void> {
    return this.until(() => this.told.includes(what));
  }

  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isTrue, resolve });
      this.#look();
    });
  }

  #tell(what: string): void {
    this.told.push(what);
    this.#look();
  }

  #look(): void {
    for (const waiting of this.#waiting) if (waiting.isTrue()) waiting.resolve();
  }
}

export interface ContractOptions {
  /** Where to listen, on any free port or under any free name. */
  readonly anywhere: string;
  /** An address of the right form at which nobody listens. */
  nowhere(): Promise<string>;
  /** Texts that are no addresses of this transport. */
  readonly malformed: readonly string[];
}

const never = new AbortController().signal;
/** More than any transport takes without a pause. */
const much = 24 << 20;

/** Runs the contract over a transport. */
export function transportContract(name: string, transport: Transport, options: ContractOptions): void {
  describe(`transport ${name}`, () => {
    const listeners: Listener[] = [];
    const ears: Ear[] = [];

    afterEach(async () => {
      for (const ear of ears.splice(0)) ear.connection.close();
      await Promise.all(listeners.splice(0).map((listener) => listener.close()));
    });

    async function listen(address = options.anywhere): Promise<{ listener: Listener; next: () => Promise<Ear> }> {
      const accepted: Ear[] = [];
      const waiting: ((ear: Ear) => void)[] = [];
      const listener = await transport.listen(address, (connection) => {
        const ear = new Ear(connection);
        ears.push(ear);
        const first = waiting.shift();
        if (first === undefined) accepted.push(ear);
        else first(ear);
      });
      listeners.push(listener);
      const next = (): Promise<Ear> => {
        const ear = accepted.shift();
        return ear === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(ear);
      };
      return { listener, next };
    }

    async function dial(address: string): Promise<Ear> {
      const ear = new Ear(await transport.dial(address, never));
      ears.push(ear);
      return ear;
    }

    /** Two ends of a connection, both started. */
    async function pair(): Promise<[Ear, Ear]> {
      const { listener, next } = await listen();
      const [near, far] = await Promise.all([dial(listener.address), next()]);
      return [near.start(), far.start()];
    }

    test("the address of a listener can be dialled, again and again", async () => {
      const { listener, next } = await listen();
      expect(listener.address).toMatch(new RegExp(`^${transport.scheme}://`));
      for (let i = 0; i < 3; i++) {
        const [near, far] = await Promise.all([dial(listener.address), next()]);
        near.start().connection.write(Uint8Array.of(i));
        far.start();
        await far.hears("data");
        expect(far.bytes[0]).toBe(i);
        expect(near.connection.remoteAddress).toBe(listener.address);
        expect(far.connection.remoteAddress).toMatch(new RegExp(`^${transport.scheme}://.+`));
      }
    });

    test("an address that is taken cannot be listened at", async () => {
      const { listener } = await listen();
      await expect(listen(listener.address)).rejects.toMatchObject({ code: "UNREACHABLE", origin: "transport" });
    });

    test("where nobody listens is UNREACHABLE, and the message names the address", async () => {
      const address = await options.nowhere();
      const dialling = transport.dial(address, never);
      await expect(dialling).rejects.toBeInstanceOf(ProtocolError);
      await expect(dialling).rejects.toMatchObject({ code: "UNREACHABLE", origin: "transport" });
      await expect(dialling).rejects.toThrow(address);
    });

    test("a listener that was closed takes nobody more; its connections live on", async () => {
      const { listener, next } = await listen();
      const [near, far] = await Promise.all([dial(listener.address), next()]);
      const closed = listener.close();
      await expect(transport.dial(listener.address, never)).rejects.toMatchObject({ code: "UNREACHABLE" });
      near.start().connection.write(Uint8Array.of(7));
      await far.start().hears("data");
      near.connection.close();
      far.connection.close();
      await closed;
      expect(far.bytes[0]).toBe(7);
    });

    test.each(options.malformed)("%j is BAD_TEXT", async (address) => {
      await expect(async () => transport.dial(address, never)).rejects.toMatchObject({ code: "BAD_TEXT" });
      await expect(async () => transport.listen(address, () => undefined)).rejects.toMatchObject({ code: "BAD_TEXT" });
      expect(() => transport.check(address)).toThrow(ProtocolError);
    });

    test("an address of another scheme is MISUSE", async () => {
      const other = transport.scheme === "tcp" ? "tls://127.0.0.1:4000" : "tcp://127.0.0.1:4000";
      expect(() => transport.check(other)).toThrow("MISUSE");
      await expect(transport.dial(other, never)).rejects.toMatchObject({ code: "MISUSE" });
      await expect(transport.listen(other, () => undefined)).rejects.toMatchObject({ code: "MISUSE" });
    });

    test("a pin in front is no part of where one dials", async () => {
      const { listener, next } = await listen();
      const pin = formatNodeId(Uint8Array.from({ length: 32 }, (_, i) => i + 1));
      const pinned = listener.address.replace("://", `://${pin}@`);
      const [near] = await Promise.all([dial(pinned), next()]);
      expect(near.connection.remoteAddress).toBe(listener.address);
    });

    test("a dial that was given up before it began, or while it was under way, fails", async () => {
      const { listener } = await listen();
      const given = new AbortController();
      given.abort();
      await expect(transport.dial(listener.address, given.signal)).rejects.toMatchObject({ code: "UNREACHABLE" });
      const giving = new AbortController();
      const dialling = transport.dial(listener.address, giving.signal);
      giving.abort();
      await expect(dialling).rejects.toMatchObject({ code: "UNREACHABLE" });
    });

    test("a signal that comes after the connection leaves it alone", async () => {
      const { listener, next } = await listen();
      const signal = new AbortController();
      const [near, far] = await Promise.all([transport.dial(listener.address, signal.signal), next()]);
      ears.push(new Ear(near).start());
      signal.abort();
      near.write(Uint8Array.of(1));
      await far.start().hears("data");
      expect(far.told).toEqual(["data"]);
    });

    test("nothing is delivered before the start, and nothing is lost by it", async () => {
      const { listener, next } = await listen();
      const [near, far] = await Promise.all([dial(listener.address), next()]);
      near.start().connection.write(new Uint8Array(1000).fill(1));
      near.connection.end();
      const [second, farther] = await Promise.all([dial(listener.address), next()]);
      second.start().connection.write(Uint8Array.of(1));
      await farther.start().hears("data");
      expect(far.told).toEqual([]);
      await far.start().hears("end");
      expect(far.length).toBe(1000);
    });

    test("each direction ends apart, the other one goes on; or the end of one is the end of both", async () => {
      const [near, far] = await pair();
      if (!near.connection.hasHalfClose) {
        near.connection.write(Uint8Array.of(1, 2));
        near.connection.end();
        await Promise.all([far.hears("close"), near.hears("close")]);
        expect([far.told, near.told]).toEqual([
          ["data", "end", "close"],
          ["end", "close"],
        ]);
        expect(far.bytes).toEqual(Buffer.of(1, 2));
        return;
      }
      near.connection.write(Uint8Array.of(1, 2));
      near.connection.end();
      await far.hears("end");
      expect(far.told).toEqual(["data", "end"]);
      far.connection.write(Uint8Array.of(3));
      await near.hears("data");
      far.connection.end();
      await near.hears("end");
      expect(near.told).toEqual(["data", "end"]);
    });

    test("bytes arrive in order, whatever the pieces, and writing waits for a reader", async () => {
      const [near, far] = await pair();
      far.connection.pause();
      let written = 0;
      const piece = (): Uint8Array => {
        const bytes = new Uint8Array(30_011);
        for (let i = 0; i < bytes.length; i++) bytes[i] = (written + i) % 251;
        return bytes;
      };
      let isOpen = true;
      while (isOpen && written < much) {
        const bytes = piece();
        isOpen = near.connection.write(bytes);
        written += bytes.length;
      }
      expect(isOpen, `${written} bytes were taken without a pause`).toBe(false);
      expect(near.told).toEqual([]);
      far.connection.resume();
      await near.hears("drain");
      near.connection.write(piece());
      written += 30_011;
      near.connection.end();
      await far.hears("end");
      expect(far.length).toBe(written);
      expect(far.bytes.every((byte, i) => byte === i % 251)).toBe(true);
    });

    test("a pause holds from within a delivery on", async () => {
      const [near, far] = await pair();
      let deliveries = 0;
      far.onData = () => {
        deliveries++;
        far.connection.pause();
      };
      near.connection.write(new Uint8Array(100_000));
      near.connection.write(new Uint8Array(100_000));
      near.connection.end();
      while (far.length < 200_000) {
        const before = deliveries;
        await far.until(() => deliveries > before || far.length === 200_000);
        expect(deliveries).toBeLessThanOrEqual(before + 1);
        expect(far.told).toEqual(["data"]);
        far.connection.resume();
      }
      await far.hears("end");
    });

    test("close comes exactly once, last, at both ends, however often one closes", async () => {
      const [near, far] = await pair();
      near.connection.write(Uint8Array.of(1));
      await far.hears("data");
      near.connection.close();
      near.connection.close();
      // The far end hears of it as an end, as a close, or as both.
      await Promise.all([near.hears("close"), far.until(() => far.told.length > 1)]);
      far.connection.close();
      await far.hears("close");
      far.connection.close();
      near.connection.close();
      // A round trip of another connection: anything that was still to come has come.
      const [other, otherFar] = await pair();
      other.connection.write(Uint8Array.of(1));
      await otherFar.hears("data");
      expect([near.count("close"), far.count("close")]).toEqual([1, 1]);
      expect([near.told.at(-1), far.told.at(-1)]).toEqual(["close", "close"]);
    });

    test("what was written before close still arrives", async () => {
      const [near, far] = await pair();
      near.connection.write(new Uint8Array(50_000));
      near.connection.end();
      await far.hears("end");
      near.connection.close();
      expect(far.length).toBe(50_000);
    });

    test("writing and ending after the other side has gone does nothing", async () => {
      const [near, far] = await pair();
      far.connection.close();
      await far.hears("close");
      near.connection.write(new Uint8Array(10));
      near.connection.end();
      near.connection.close();
      await near.hears("close");
      expect(near.connection.write(new Uint8Array(10))).toBe(true);
      near.connection.end();
      near.connection.pause();
      near.connection.resume();
      expect(near.count("close")).toBe(1);
    });
  });
}
