// Level 1 for the report: the simulator of whole engines, undisturbed for the law of frames, and with attackers that answer
// PEERS with forged records, which only an engine can be lied to about.
import { hasher } from "../../../dist/runtime/index.js";
import { planOf, simulate } from "../../../dist/sim/index.js";

const runOf = (options) => {
  const scenario = planOf({ topology: "random", verifyUs: 0, bytesPerSecond: 0, ...options });
  return { links: scenario.links.length, ...simulate(scenario, { hasher }) };
};

/** Undisturbed runs: frames of all floods together. */
export function playEngines({ nodes, seeds, broadcasts }) {
  return Array.from({ length: seeds }, (_, seed) => {
    const { links, counts, violations } = runOf({ seed, nodes, broadcasts, attackers: 0, faults: [], leastFaults: 0 });
    return { nodes, links, ...counts, violations: violations.length };
  });
}

/** Runs in which attackers tell forged records, half of new keys, half in the name of honest nodes. */
export function playForgedRecords({ nodes, seeds, broadcasts, attackers }) {
  return Array.from({ length: seeds }, (_, i) => {
    const seed = 1000 + i;
    const { counts, violations, blamed, faults } = runOf({
      seed,
      nodes,
      broadcasts,
      attackers,
      faults: ["forged-records"],
      leastFaults: 1,
    });
    return {
      ...counts,
      blamed,
      faults,
      violations: violations.map(({ property, detail }) => `${property}: ${detail}`),
    };
  });
}
