import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "../errors/index.js";
import { Command } from "../gen/registry.js";
import { checkHeader, encodeFrame, Flag, shapeOf, type FrameHeader } from "./header.js";

const good: FrameHeader = { length: 10, flags: 0, command: Command.BROADCAST, tag: 3 };

/** Header, code and rule; each header breaks its rule and, from the second row on, some later rule as well. */
const refused: readonly (readonly [Partial<FrameHeader>, string, string])[] = [
  [{ length: 1001, flags: Flag.RESERVED }, "TOO_LARGE", "the.limit"],
  [{ flags: Flag.RESERVED | Flag.FAILED }, "PROTOCOL_ERROR", "frame.flags.reserved"],
  [{ flags: Flag.FAILED | Flag.REQUEST, tag: 0 }, "PROTOCOL_ERROR", "frame.flags.failed"],
  [{ flags: Flag.REQUEST | Flag.RESPONSE, tag: 0 }, "PROTOCOL_ERROR", "frame.flags.both"],
  [{ flags: Flag.REQUEST, tag: 0 }, "PROTOCOL_ERROR", "frame.tag.zero"],
  [{ flags: Flag.RESPONSE, tag: 0 }, "PROTOCOL_ERROR", "frame.tag.zero"],
  [{ flags: Flag.REQUEST | 1 }, "PROTOCOL_ERROR", "frame.flags.command"],
  [{ flags: Flag.RESPONSE }, "PROTOCOL_ERROR", "frame.flags.command"],
  [{ command: Command.PING, flags: 0, tag: 1 }, "PROTOCOL_ERROR", "frame.flags.command"],
  [{ command: Command.GOODBYE, flags: 1 }, "PROTOCOL_ERROR", "frame.tag.oneway"],
  [{ flags: 1 }, "PROTOCOL_ERROR", "frame.compression.forbidden"],
  [{ command: Command.PING, flags: Flag.REQUEST | 15 }, "PROTOCOL_ERROR", "frame.compression.forbidden"],
];

const anyHeader: fc.Arbitrary<FrameHeader> = fc.record({
  length: fc.nat(0xffffff),
  flags: fc.nat(0xff),
  command: fc.oneof(fc.nat(0x30), fc.nat(0xffff)),
  tag: fc.oneof(fc.constant(0), fc.nat(0xffff)),
});

describe("frame header", () => {
  test.each(refused)("%j: %s (%s)", (change, code, rule) => {
    expect(() => checkHeader({ ...good, ...change }, 1000, "the.limit")).toThrow(
      expect.objectContaining({ code, rule }),
    );
  });

  test("what is allowed passes", () => {
    const allowed: readonly Partial<FrameHeader>[] = [
      {},
      { length: 1000 },
      { command: Command.GOODBYE, tag: 0 },
      { command: Command.PING, flags: Flag.REQUEST, tag: 1 },
      { command: Command.PING, flags: Flag.RESPONSE | Flag.FAILED, tag: 0xffff },
      { command: 0x7777, flags: 15, tag: 9 },
      { command: Command.FETCH, flags: Flag.REQUEST | 1, tag: 9 },
      { command: Command.TELL, flags: 1, tag: 0 },
      { command: Command.ASK, flags: Flag.REQUEST | 3, tag: 9 },
    ];
    for (const change of allowed) expect(() => checkHeader({ ...good, ...change }, 1000, "")).not.toThrow();
  });

  test("any header is taken or refused with one of two codes", () => {
    fc.assert(
      fc.property(anyHeader, fc.nat(0xffffff), (header, limit) => {
        try {
          checkHeader(header, limit, "");
          expect(header.length).toBeLessThanOrEqual(limit);
          expect(header.flags & Flag.RESERVED).toBe(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          const code = header.length > limit ? "TOO_LARGE" : "PROTOCOL_ERROR";
          expect((error as ProtocolError).code).toBe(code);
        }
      }),
    );
  });

  test("is 8 bytes, big-endian, in front of the payload", () => {
    fc.assert(
      fc.property(anyHeader, fc.uint8Array({ maxLength: 300 }), (header, payload) => {
        const frame = encodeFrame(header, payload);
        const view = new DataView(frame.buffer, frame.byteOffset);
        expect(view.getUint32(0)).toBe(payload.length * 256 + header.flags);
        expect([view.getUint16(4), view.getUint16(6)]).toEqual([header.command, header.tag]);
        expect(frame.slice(8)).toEqual(payload);
      }),
    );
  });

  test("reserved commands are unknown ones", () => {
    expect(shapeOf(Command.PING)?.name).toBe("PING");
    expect(shapeOf(Command.FETCH)).toBeUndefined();
    expect(shapeOf(0x8000)).toBeUndefined();
  });
});
