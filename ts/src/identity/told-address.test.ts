import { describe, expect, test } from "vitest";
import { formatNodeId } from "./node-id.js";
import { mayDialTold } from "./told-address.js";

const nodeId = new Uint8Array(32).fill(9);
const other = new Uint8Array(32).fill(10);
const far = "tcp://8.8.8.8:1234";
const mayDial = (text: string, toldBy = far): boolean => mayDialTold(text, nodeId, toldBy);

describe("told addresses", () => {
  test("public unicast is dialled, whoever told it", () => {
    for (const toldBy of [far, "tcp://127.0.0.1:9", "tcp://[2a00::1]:9", "not an address"]) {
      expect(mayDial("wss://9.9.9.9:443/motet", toldBy)).toBe(true);
      expect(mayDial("tls://[2a00::1]:4000", toldBy)).toBe(true);
    }
  });

  test("what is no address, or pins another node, is not", () => {
    expect(mayDial("tcp://9.9.9.9:04000")).toBe(false);
    expect(mayDial(`tcp://${formatNodeId(nodeId)}@9.9.9.9:4000`)).toBe(true);
    expect(mayDial(`tcp://${formatNodeId(other)}@9.9.9.9:4000`)).toBe(false);
  });

  test("names are not", () => {
    expect(mayDial("tcp://node.example:4000")).toBe(false);
    expect(mayDial("tcp://node.example:4000", "tcp://node.example:4000")).toBe(false);
  });

  test.each([
    ["127.0.0.1", "[::1]", true],
    ["10.1.2.3", "10.9.9.9", true],
    ["10.1.2.3", "192.168.1.1", false],
    ["10.1.2.3", "8.8.8.8", false],
    ["169.254.0.1", "[fe80::1]", false],
    ["192.0.2.1", "192.0.2.2", false],
    ["[fd00::1]", "[fc00::1]", true],
  ])("%s told by %s: %s", (host, teller, dial) => {
    expect(mayDial(`tcp://${host}:4000`, `tcp://${teller}:5`)).toBe(dial);
  });

  test("memory: is told and dialled among itself", () => {
    expect(mayDial("memory://a", "memory://b")).toBe(true);
    expect(mayDial("memory://a")).toBe(false);
    expect(mayDial("tcp://9.9.9.9:4000", "memory://b")).toBe(false);
  });

  test("blocked ports are not dialled", () => {
    expect(mayDial("tcp://9.9.9.9:25")).toBe(false);
    expect(mayDial("tcp://9.9.9.9:26")).toBe(true);
    expect(mayDial("tcp://127.0.0.1:6667", "tcp://127.0.0.1:5")).toBe(false);
  });
});
