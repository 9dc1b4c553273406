// Codecs of an application's commands: what they may do with bytes, and what a peer's bytes may not do.
import { expect, test } from "vitest";
import { ProtocolError, type ValueCodec } from "../../src/index.js";
import { next, pair } from "./nodes.js";

const command = 0x8001;

/** A codec that encodes each value into the same bytes, as careful ones do. */
function reusing(): ValueCodec<number> {
  const bytes = new Uint8Array(1);
  return { encode: (value) => bytes.fill(value), decode: ([value = -1]) => value };
}

test("a codec may use its bytes again: values and answers arrive as they were", async () => {
  const [a, b] = await pair();
  const codec = reusing();
  const received: number[] = [];
  b.define({
    command,
    value: codec,
    answer: codec,
    receive: (value) => received.push(value),
    serve: (value) => value + 100,
  });
  const defined = a.define({ command, value: codec, answer: codec });
  await Promise.all([1, 2, 3].map((value) => defined.tell(b.id, value)));
  expect(await Promise.all([4, 5, 6].map((value) => defined.ask(b.id, value)))).toEqual([104, 105, 106]);
  expect(received).toEqual([1, 2, 3]);
});

test("bytes that the codec refuses are dropped, or fail the request: nothing is thrown here", async () => {
  const [a, b] = await pair();
  const received: number[] = [];
  const picky: ValueCodec<number> = {
    encode: (value) => Uint8Array.of(value),
    decode: ([value = 0]) => {
      if (value > 9) throw new Error("not below ten");
      return value;
    },
  };
  b.define({ command, value: picky, answer: picky, receive: (value) => received.push(value), serve: (value) => value });
  const defined = a.define({ command, value: reusing(), answer: reusing() });
  const commanded = next(b, "commanded");
  await defined.tell(b.id, 77);
  expect((await commanded).payload).toEqual(Uint8Array.of(77));
  await expect(defined.ask(b.id, 78)).rejects.toMatchObject({ code: "APPLICATION", what: "not below ten" });
  await defined.tell(b.id, 7);
  expect(await defined.ask(b.id, 8)).toBe(8);
  expect(received).toEqual([7]);
});

test("an answer that the codec refuses rejects the question with what the codec throws", async () => {
  const [a, b] = await pair();
  b.define({ command, value: reusing(), answer: reusing(), serve: (value) => value });
  const decode = (): number => {
    throw new RangeError("no answer of mine");
  };
  const defined = a.define({ command, value: reusing(), answer: { ...reusing(), decode } });
  await expect(defined.ask(b.id, 1)).rejects.toThrow(RangeError);
});

test("a codec that encodes to something else is the caller's mistake", async () => {
  const [a, b] = await pair();
  const wrong = { encode: () => "text" as unknown as Uint8Array, decode: () => 0 };
  const refused = await a
    .define({ command, value: wrong })
    .tell(b.id, 1)
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ProtocolError);
  expect(refused).toMatchObject({ code: "MISUSE" });
});
