import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatAddress, parseAddress, type Address } from "./address.js";
import { formatIp } from "./ip.js";
import { isValidKey } from "./keys.js";
import { formatNodeId } from "./node-id.js";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const pin = new Uint8Array(32).fill(9);
const badPin = formatNodeId(new Uint8Array(32));

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z][a-z0-9]{0,5}){1,3}$/);
const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatIp);
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => formatIp(bytes.with(0, 0x20)));
const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => isValidKey(bytes));
const place = fc.oneof(
  fc.record({
    scheme: fc.constantFrom("tcp", "tls", "ws", "wss"),
    host: fc.oneof(name, ipv4, ipv6),
    port: fc.integer({ min: 1, max: 65_535 }),
  }),
  fc.record({ scheme: fc.constant("memory"), host: fc.stringMatching(/^[a-z0-9-]{1,64}$/), port: fc.constant(0) }),
);
const address = fc
  .tuple(place, fc.option(key, { nil: undefined }))
  .map(([parts, pin]) => (pin === undefined ? parts : { ...parts, pin }) as Address);

describe("addresses", () => {
  test("are read as they were written", () => {
    fc.assert(
      fc.property(address, (value) => {
        expect(parseAddress(formatAddress(value))).toEqual(value);
      }),
    );
  });

  test("have one text each", () => {
    const piece = fc.constantFrom(
      "tcp",
      "ws",
      "://",
      ":",
      "[",
      "]",
      "::",
      "1",
      "a",
      ".",
      "0",
      "/motet",
      "@",
      "4000",
      "memory",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join("");
        try {
          expect(formatAddress(parseAddress(text))).toBe(text);
        } catch (error) {
          expect(error).toMatchObject({ code: "BAD_TEXT" });
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("port 0 is for those who listen, and never of memory:", () => {
    expect(parseAddress("tcp://[::1]:0", { listening: true })).toEqual({ scheme: "tcp", host: "::1", port: 0 });
    expect(() => parseAddress("tcp://[::1]:0")).toThrow(code("BAD_TEXT"));
    expect(() => parseAddress("tcp://[::1]:00", { listening: true })).toThrow(code("BAD_TEXT"));
    expect(() => parseAddress("memory://a:0", { listening: true })).toThrow(code("BAD_TEXT"));
  });

  test("the key of a pin is judged when all else is right", () => {
    expect(() => parseAddress(`tls://${badPin}@node.example:443`)).toThrow(code("BAD_KEY"));
    expect(() => parseAddress(`tls://${badPin}@node.example:0443`)).toThrow(code("BAD_TEXT"));
    expect(() => parseAddress("tls://@node.example:443")).toThrow(code("BAD_TEXT"));
  });

  test.each([
    ["tcp://2001:db8::1:4000", "brackets"],
    ["tcp://127.0.0.1", "1…65535"],
    ["http://node.example:80", "tcp, tls, ws, wss, memory"],
    ["wss://node.example:443", "ends in /motet"],
    ["tcp://[2001:DB8::1]:4000", "write [2001:db8::1]"],
    ["tcp://[::ffff:192.0.2.1]:4000", "write 192.0.2.1"],
    ["tcp://Node.example:4000", "lower-case"],
    [`tcp://${"a".repeat(300)}:1`, "256"],
    ["tcp://\u001b[31mnode:1", '"tcp://?[31mnode:1"'],
  ])("the message about %j tells the right form", (text, hint) => {
    expect(() => parseAddress(text)).toThrow(hint);
  });

  test("parts that make no address are misuse", () => {
    const base: Address = { scheme: "tcp", host: "node.example", port: 4000 };
    expect(formatAddress({ ...base, port: 0, pin })).toBe(`tcp://${formatNodeId(pin)}@node.example:0`);
    const wrong: Partial<Address>[] = [
      { host: "Node.example" },
      { host: "a@b" },
      { port: 65_536 },
      { port: 1.5 },
      { scheme: "http" as "tcp" },
      { scheme: "memory", host: "a", port: 1 },
      { host: "::ffff:102:304" },
    ];
    for (const parts of wrong) expect(() => formatAddress({ ...base, ...parts })).toThrow(code("MISUSE"));
  });
});
