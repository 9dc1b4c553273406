// Everything that the report is made of, by name: what is played and in what size. Each job is a function of its numbers
// alone, so the same job gives the same result anywhere.
import { attackNames, playAttack } from "./attacks.mjs";
import { playChurn } from "./churn.mjs";
import { playDeaths, playMachineDeaths } from "./deaths.mjs";
import { playEngines, playForgedRecords } from "./engine-runs.mjs";
import { playFreshKeys } from "./fresh-keys.mjs";
import { playArrays, playMachines } from "./sizes.mjs";
import { playMachineSlowPeers, playSlowPeers } from "./slow-peers.mjs";

const campaign = { graphs: 5, sources: 30 };
const fresh = { nodes: 16, keys: 100_000, seed: 9 };

/** Heavy ones first: two workers take them in this order. */
export const jobs = {
  "machines-100000": () => playMachines({ nodes: 100_000, graphs: 1, sources: 2 }),
  "fresh-keys": () => playFreshKeys({ ...fresh, keysPerSecond: 480 }),
  "fresh-keys-fast": () => playFreshKeys({ ...fresh, keysPerSecond: 2000 }),
  "machines-10000": () => playMachines({ nodes: 10_000, graphs: 5, sources: 10 }),
  "arrays-100000": () => playArrays({ nodes: 100_000, ...campaign }),
  "arrays-1000000": () => playArrays({ nodes: 1_000_000, graphs: 1, sources: 10 }),
  "machines-1000": () => playMachines({ nodes: 1000, ...campaign }),
  churn: () => playChurn({ nodes: 500, seconds: 30, deathsPerStep: 3, seed: 7 }),
  ...Object.fromEntries(attackNames.map((name) => [`attack-${name}`, () => playAttack(name)])),
  "arrays-10000": () => playArrays({ nodes: 10_000, ...campaign }),
  "arrays-1000": () => playArrays({ nodes: 1000, ...campaign }),
  deaths: () => playDeaths({ nodes: 10_000, graphs: 5, sources: 6 }),
  "deaths-machines": () => playMachineDeaths({ nodes: 1000, graphs: 5 }),
  "slow-peers": () => playSlowPeers({ nodes: 10_000, graphs: 5, sources: 6 }),
  "slow-peers-machines": () => playMachineSlowPeers({ nodes: 1000 }),
  engines: () => playEngines({ nodes: 100, seeds: 5, broadcasts: 40 }),
  "forged-records": () => playForgedRecords({ nodes: 50, seeds: 10, broadcasts: 40, attackers: 2 }),
};
