// The delays of links, one way, in microseconds: quantiles of a log-normal distribution as committed integers, drawn with
// equal chances. make-delays.mjs says how the table was made.
import { readFileSync } from "node:fs";

const { microseconds } = JSON.parse(readFileSync(new URL("delays.json", import.meta.url), "utf8"));
const table = Int32Array.from(microseconds);

export function drawDelay(random) {
  return table[random.below(table.length)];
}
