// Words of the command line that are wrong end in one line with a next step.
import { describe, expect, test } from "vitest";
import { readRunArguments } from "./run-options.js";

const read = (...words: string[]): ReturnType<typeof readRunArguments> => readRunArguments(words);

describe("run", () => {
  test("reads its options", () => {
    const args = read(
      "--testee",
      "node 'x y.mjs'",
      "--case",
      "codec/*",
      "--shuffle",
      "7",
      "--report",
      "json=out/a.json",
    );
    expect(args.command).toEqual(["node", "x y.mjs"]);
    expect(args).toMatchObject({ selection: { pattern: "codec/*" }, shuffle: 7, repeat: 1, multiplier: 1 });
    expect(args.reports).toEqual([{ format: "json", file: "out/a.json" }, { format: "text" }]);
    expect(read("--testee", "x", "--report", "tap").reports).toEqual([{ format: "tap" }]);
  });

  test.each([
    [[], "--testee"],
    [["--testee", ""], "empty"],
    [["--testee", "'x"], "not closed"],
    [["--testee", "x", "--wrong"], "--wrong"],
    [["--testee", "x", "more"], "more"],
    [["--testee", "x", "--tier", "tcp"], "codec or node"],
    [["--testee", "x", "--transport", "udp"], "not udp"],
    [["--testee", "x", "--report", "pdf"], "not pdf"],
    [["--testee", "x", "--report", "json="], "has no file"],
    [["--testee", "x", "--report", "json", "--report", "tap"], "only one report"],
    [["--testee", "x", "--repeat", "0"], "at least 1"],
    [["--testee", "x", "--shuffle", "a"], "not a"],
    [["--testee", "x", "--multiplier", "-1"], "ambiguous"],
  ])("%j", (words, message) => {
    expect(() => read(...words)).toThrow(message);
  });
});
