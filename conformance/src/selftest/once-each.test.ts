import { expect, test } from "vitest";
import { onceEach } from "./once-each.js";
import { inParallel } from "./pool.js";

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

test("each question is put once, and never two at the same time", async () => {
  let asking = 0;
  const asked: string[] = [];
  const answer = onceEach(
    (question: string) => question,
    async (question) => {
      expect(++asking).toBe(1);
      asked.push(question);
      await tick();
      asking--;
      if (question === "x") throw new Error("no answer");
      return question === "a";
    },
  );
  const ask = (question: string): Promise<unknown> => answer(question).catch(() => "failed");
  const first = await Promise.all(["a", "b", "x", "a", "c"].map(ask));
  expect(first).toEqual([true, false, "failed", true, false]);
  // One that is known already must not let the next one overtake what is under way.
  expect(await Promise.all(["d", "a", "e", "b", "f"].map(ask))).toEqual([false, true, false, false, false]);
  expect(asked).toEqual(["a", "b", "x", "c", "d", "e", "f"]);
});

test("a pool keeps the order of results and its width", async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel([3, 1, 2, 5, 4], 2, async (item, index) => {
    most = Math.max(most, ++running);
    await tick();
    running--;
    return `${index}:${item}`;
  });
  expect(results).toEqual(["0:3", "1:1", "2:2", "3:5", "4:4"]);
  expect(most).toBe(2);
});
