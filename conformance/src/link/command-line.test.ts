import { expect, test } from "vitest";
import { splitCommand } from "./command-line.js";

test.each([
  ["node testee.mjs", ["node", "testee.mjs"]],
  ["  node   'a b.mjs'  ", ["node", "a b.mjs"]],
  ['"C:\\Program Files\\x.exe" --flag', ["C:\\Program Files\\x.exe", "--flag"]],
  ['a "b \\"c\\"" d\\ e', ["a", 'b "c"', "d e"]],
  ["x '' \"\"", ["x", "", ""]],
  ["a'b'c", ["abc"]],
  ["echo $HOME;ls|x", ["echo", "$HOME;ls|x"]],
  ["", []],
])("%s", (line, words) => {
  expect(splitCommand(line)).toEqual(words);
});

test("an open quote is an error", () => {
  expect(() => splitCommand("node 'x")).toThrow("not closed");
});
