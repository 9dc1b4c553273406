// Frames of WebSocket against the examples of RFC 6455, and cut anywhere.
import { array, assert, boolean, constantFrom, integer, property, record, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { concat, fromHex, textOf, toHex, utf8 } from "./bytes.js";
import { encodeWebSocketFrame, layHttpHead, parseHttpHead, webSocketAccept, WebSocketReader, WS } from "./websocket.js";

test("the examples of RFC 6455 section 5.7", () => {
  const payload = utf8("Hello");
  expect(toHex(encodeWebSocketFrame({ opcode: WS.text, payload }))).toBe("810548656c6c6f");
  const mask = fromHex("37fa213d");
  expect(toHex(encodeWebSocketFrame({ opcode: WS.text, payload, mask }))).toBe("818537fa213d7f9f4d5158");
  expect(toHex(encodeWebSocketFrame({ opcode: WS.text, payload: utf8("Hel"), fin: false }))).toBe("010348656c");
  expect(toHex(encodeWebSocketFrame({ opcode: WS.binary, payload: new Uint8Array(256) })).slice(0, 8)).toBe("827e0100");
  const large = encodeWebSocketFrame({ opcode: WS.binary, payload: new Uint8Array(65_536) });
  expect(toHex(large).slice(0, 20)).toBe("827f0000000000010000");
});

test("the key of RFC 6455 section 1.3", () => {
  expect(webSocketAccept("dGhlIHNhbXBsZSBub25jZQ==")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
});

const frames = array(
  record(
    {
      opcode: constantFrom(WS.binary, WS.ping),
      payload: uint8Array({ maxLength: 300 }),
      fin: boolean(),
      rsv: integer({ min: 0, max: 7 }),
      mask: uint8Array({ minLength: 4, maxLength: 4 }),
    },
    { requiredKeys: ["opcode", "payload", "fin", "rsv"] },
  ),
  { maxLength: 5 },
);

test("what was laid is read, however it is cut", () => {
  assert(
    property(frames, integer({ min: 1, max: 50 }), (list, size) => {
      const bytes = concat(...list.map(encodeWebSocketFrame));
      const reader = new WebSocketReader();
      const read: { opcode: number; payload: string; fin: boolean; rsv: number }[] = [];
      let payload = "";
      for (let at = 0; at < bytes.length; at += size) {
        for (const { head, bytes: piece, done } of reader.push(bytes.slice(at, at + size))) {
          payload += toHex(piece);
          if (!done) continue;
          read.push({ opcode: head.opcode, payload, fin: head.fin, rsv: head.rsv });
          payload = "";
        }
      }
      expect(read).toEqual(
        list.map(({ opcode, payload, fin, rsv }) => ({ opcode, payload: toHex(payload), fin, rsv })),
      );
    }),
  );
});

test("a lying length is told, and its payload passed on as it comes", () => {
  const bytes = encodeWebSocketFrame({ opcode: WS.binary, payload: utf8("abc"), length: 2 ** 40 });
  const [piece] = [...new WebSocketReader().push(bytes)];
  expect(piece).toMatchObject({ done: false, head: { length: 2 ** 40 } });
  expect(textOf(piece?.bytes ?? new Uint8Array())).toBe("abc");
});

test("heads of HTTP", () => {
  const bytes = layHttpHead("HTTP/1.1 101 Switching Protocols", [["Upgrade", "websocket"], ["X", "1"], ["x", "2"]]); // prettier-ignore
  const { start, fields } = parseHttpHead((textOf(bytes) ?? "").trimEnd());
  expect(start).toBe("HTTP/1.1 101 Switching Protocols");
  expect([...fields]).toEqual([["upgrade", "websocket"], ["x", "1, 2"]]); // prettier-ignore
});
