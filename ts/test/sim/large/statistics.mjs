// Numbers out of many floods. Floating point is allowed here: nothing that happens in a simulation depends on it.

/** Two-sided 95 % points of Student's t by degrees of freedom; between them the one below holds, which is the wider. */
const studentT = [
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [9, 2.262],
  [14, 2.145],
  [19, 2.093],
  [29, 2.045],
  [49, 2.01],
  [99, 1.984],
  [149, 1.976],
];

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean with its 95 % interval. */
export function estimate(values) {
  const middle = mean(values);
  if (values.length < 2) return { mean: middle, low: middle, high: middle };
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  const t = studentT.findLast(([freedom]) => freedom <= values.length - 1)[1];
  const half = t * Math.sqrt(variance / values.length);
  return { mean: middle, low: middle - half, high: middle + half };
}

/** Between which values 95 % of them lie, by rank. */
export function spreadOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return { low: at(0.025), high: at(0.975) };
}

/** Mean and 99th percentile of the arrivals of one flood, µs; the source and nodes that it never reached are left out. */
export function latencyOf(arrivalUs, source, counts = () => true) {
  const times = arrivalUs.filter((time, node) => time >= 0 && node !== source && counts(node)).sort();
  const last = Math.max(0, Math.ceil(times.length * 0.99) - 1);
  return { count: times.length, meanUs: mean(times), p99Us: times[last] ?? 0, maxUs: times.at(-1) ?? 0 };
}

/** A hash of numbers, to compare runs by: FNV-1a over 32-bit words. */
export function digestOf(numbers) {
  let hash = 0x811c9dc5;
  for (const number of numbers) hash = Math.imul(hash ^ number, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
