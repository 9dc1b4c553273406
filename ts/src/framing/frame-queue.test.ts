import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../bytes/index.js";
import { FrameQueue, Priority } from "./frame-queue.js";
import { FrameReader } from "./frame-reader.js";
import { encodeFrame } from "./header.js";

interface Pushed {
  readonly priority: Priority;
  readonly payload: Uint8Array;
}

const pushed: fc.Arbitrary<Pushed> = fc.record({
  priority: fc.constantFrom(Priority.CONTROL, Priority.OWN, Priority.RELAY),
  payload: fc.uint8Array({ maxLength: 40 }),
});

/** Frame number `i`: its command tells the priority, its tag the order. */
const headerOf = (priority: Priority, i: number) => ({ command: 0x9000 + priority, flags: 0, tag: i + 1 });

function push(queue: FrameQueue, frames: readonly Pushed[]): void {
  frames.forEach(({ priority, payload }, i) => queue.push(priority, headerOf(priority, i), payload));
}

const fill = (queue: FrameQueue, target: Uint8Array, offset = 0): number => queue.fill(target, offset);

function drain(queue: FrameQueue, sizes: readonly number[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let i = 0; queue.bytes > 0; i++) {
    const before = queue.bytes;
    const target = new Uint8Array(sizes[i % sizes.length] as number);
    const end = fill(queue, target);
    expect(end).toBe(Math.min(target.length, before));
    expect(queue.bytes).toBe(before - end);
    parts.push(target.subarray(0, end));
  }
  return concatBytes(...parts);
}

describe("FrameQueue", () => {
  test("buffers of any size get the same bytes: by priority, then in order", () => {
    fc.assert(
      fc.property(fc.array(pushed), fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1 }), (frames, sizes) => {
        const queue = new FrameQueue();
        push(queue, frames);
        const inOrder = frames
          .map(({ priority, payload }, i) => ({ priority, bytes: encodeFrame(headerOf(priority, i), payload) }))
          .sort((a, b) => a.priority - b.priority);
        expect(drain(queue, sizes)).toEqual(concatBytes(...inOrder.map(({ bytes }) => bytes)));
      }),
      { numRuns: 300 },
    );
  });

  test("frames pushed between fills never cut one that was begun, and keep the order of their priority", () => {
    const steps = fc.array(fc.oneof(pushed, fc.integer({ min: 1, max: 50 })));
    fc.assert(
      fc.property(steps, (all) => {
        const queue = new FrameQueue();
        const reader = new FrameReader(1000);
        const tags: Record<number, number[]> = { 0x9000: [], 0x9001: [], 0x9002: [] };
        let pushedFrames = 0;
        const read = (bytes: Uint8Array): void => {
          reader.push(bytes);
          while (reader.next()) tags[reader.command]?.push(reader.tag);
          reader.hold();
        };
        for (const step of all) {
          if (typeof step === "object")
            queue.push(step.priority, headerOf(step.priority, pushedFrames++), step.payload);
          else {
            const target = new Uint8Array(step);
            read(target.subarray(0, fill(queue, target)));
          }
        }
        read(drain(queue, [1000]));
        expect(reader.rest.length).toBe(0);
        expect(Object.values(tags).flat().length).toBe(pushedFrames);
        for (const ordered of Object.values(tags)) expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });

  test("control comes before own before relay, but for the frame under way", () => {
    const queue = new FrameQueue();
    queue.push(Priority.RELAY, headerOf(Priority.RELAY, 0), new Uint8Array(10));
    const target = new Uint8Array(100);
    expect(fill(queue, target.subarray(0, 3))).toBe(3);
    queue.push(Priority.RELAY, headerOf(Priority.RELAY, 1), new Uint8Array(0));
    queue.push(Priority.OWN, headerOf(Priority.OWN, 2), new Uint8Array(0));
    queue.push(Priority.CONTROL, headerOf(Priority.CONTROL, 3), new Uint8Array(0));
    expect(queue.controlMemory).toBeGreaterThan(8);
    const end = fill(queue, target, 3);
    const reader = new FrameReader(100);
    reader.push(target.subarray(0, end));
    const tags: number[] = [];
    while (reader.next()) tags.push(reader.tag);
    expect(tags).toEqual([1, 4, 3, 2]);
    expect(queue.controlMemory).toBe(0);
  });

  test("clear forgets what was not begun, and finishes what was", () => {
    fc.assert(
      fc.property(fc.array(pushed, { minLength: 1 }), fc.integer({ min: 0, max: 60 }), (frames, room) => {
        const queue = new FrameQueue();
        push(queue, frames);
        const target = new Uint8Array(room);
        const sent = target.subarray(0, fill(queue, target));
        queue.clear();
        const reader = new FrameReader(1000);
        reader.push(concatBytes(sent, drain(queue, [7])));
        while (reader.next());
        expect(reader.rest.length).toBe(0);
        expect(queue.controlMemory).toBe(0);
      }),
    );
  });

  test("keeps its place in the buffer", () => {
    const queue = new FrameQueue();
    queue.push(Priority.OWN, headerOf(Priority.OWN, 0), Uint8Array.of(7));
    const target = new Uint8Array(20).fill(0xee);
    expect(fill(queue, target, 5)).toBe(14);
    expect(target[4]).toBe(0xee);
    expect(target[13]).toBe(7);
    expect(target[14]).toBe(0xee);
  });

  test("long queues stay in order while their memory is let go", () => {
    const queue = new FrameQueue();
    const target = new Uint8Array(8 * 3);
    const reader = new FrameReader(10);
    let next = 1;
    const expectNext = (bytes: Uint8Array): void => {
      reader.push(bytes);
      while (reader.next()) expect(reader.tag).toBe(next++);
    };
    for (let i = 0; i < 9000; i++) {
      queue.push(Priority.RELAY, { command: 0x9000, flags: 0, tag: i + 1 }, new Uint8Array(0));
      if (i % 4 === 3) expectNext(target.slice(0, fill(queue, target)));
    }
    expectNext(drain(queue, [8]));
    expect(next).toBe(9001);
  });
});
