// Writes delays.json, the delays of links: `node ts/test/sim/large/make-delays.mjs`. The only place with logarithms and
// exponentials, which platforms round as they like: simulations read the integers.
import { writeFileSync } from "node:fs";
import { format } from "prettier";

const medianUs = 50_000;
/** Spread of the logarithm: with it the floods take as long as the design says they do. */
const sigma = 0.43;
const places = 2048;

/** Area below the normal density from 0 to z, by Simpson's rule. */
function areaTo(z) {
  const steps = 2000;
  const density = (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let i = 1; i < steps; i++) sum += density((z * i) / steps) * (i % 2 === 1 ? 4 : 2);
  return (sum * z) / steps / 3;
}

/** The z with this area from 0 on, area below 0.5. */
function zOf(area) {
  let [low, high] = [0, 6];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (areaTo(middle) < area) low = middle;
    else high = middle;
  }
  return low;
}

const delayAt = (i) => {
  const area = (i + 0.5) / places - 0.5;
  return Math.round(medianUs * Math.exp(sigma * Math.sign(area) * zOf(Math.abs(area))));
};
const microseconds = Array.from({ length: places }, (_, i) => delayAt(i));
const text = JSON.stringify({ medianUs, sigma, microseconds });
writeFileSync(new URL("delays.json", import.meta.url), await format(text, { parser: "json", printWidth: 120 }));
