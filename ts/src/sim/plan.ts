// Draws a scenario from a seed: who broadcasts when, and which faults and attacks come in between. First the network is left alone,
// so that floods can be counted; then things happen; at the end it is left alone again, and everything must have healed.

import { Prng } from "./prng.js";
import { attackNames, type Action, type AttackName, type Scenario } from "./scenario.js";
import { linksOf, type Link, type TopologyName } from "./topology.js";

export const faultNames = ["cut", "delay", "partition", "kill", "slow", ...attackNames] as const;
export type FaultName = (typeof faultNames)[number];

export interface PlanOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly topology: TopologyName;
  /** In place of a topology. */
  readonly links?: readonly Link[];
  readonly broadcasts: number;
  readonly attackers: number;
  /** The kinds to draw from; how many of them are active in one run is drawn too. */
  readonly faults: readonly FaultName[];
  /** How many of them are active at least. @defaultValue 3 */
  readonly leastFaults?: number;
  /** @defaultValue drawn: most runs 0, the others up to 20 ms */
  readonly verifyUs?: number;
  /** @defaultValue drawn: most runs 0, the others from 200 kB */
  readonly bytesPerSecond?: number;
}

const second = 1_000_000;
/** When broadcasts begin, faults begin, faults end, and the run ends. */
const phases = { broadcastsUs: 4 * second, faultsUs: 8 * second, healUs: 16 * second, lastUs: 22 * second };
const endUs = phases.lastUs + 8 * second;

const isAttack = (name: FaultName): name is AttackName => (attackNames as readonly string[]).includes(name);

/** The scenario of a seed. */
export function planOf(options: PlanOptions): Scenario {
  const { seed, nodes, topology } = options;
  const random = new Prng(seed).fork(7);
  const honest = options.links ?? linksOf(topology, nodes, random.fork(1));
  const kinds = activeFaults(options, random.fork(2));
  const attackers = kinds.some(isAttack) ? options.attackers : 0;
  const links = [...honest, ...attackerLinks(nodes, attackers, random.fork(3))];
  const draw = random.fork(4);
  const verifyUs = draw.below(4) === 0 ? draw.between(200, 20_000) : 0;
  const bytesPerSecond = draw.below(8) === 0 ? draw.between(200_000, 1_000_000) : 0;
  const faults = kinds.flatMap((kind, i) =>
    actionsOf(kind, { ...options, attackers }, honest.length, random.fork(10 + i)),
  );
  return {
    seed,
    nodes,
    attackers,
    absent: [],
    links,
    verifyUs: options.verifyUs ?? verifyUs,
    bytesPerSecond: options.bytesPerSecond ?? bytesPerSecond,
    endUs,
    actions: [...broadcastsOf(options, random.fork(5)), ...faults].sort((a, b) => a.atUs - b.atUs),
  };
}

function activeFaults({ faults, leastFaults = 3, attackers }: PlanOptions, random: Prng): readonly FaultName[] {
  const possible = faults.filter((name) => attackers > 0 || !isAttack(name));
  const least = Math.min(leastFaults, possible.length);
  return random.shuffled(possible).slice(0, random.between(least, Math.min(possible.length, least + 2)));
}

/** Each attacker dials four nodes. */
function attackerLinks(nodes: number, attackers: number, random: Prng): Link[] {
  const all = Array.from({ length: nodes }, (_, i) => i);
  return Array.from({ length: attackers }, (_, i) => i + nodes).flatMap((attacker) =>
    random
      .shuffled(all)
      .slice(0, 4)
      .map((node): Link => [attacker, node]),
  );
}

/** A fifth of the broadcasts before the faults, a fifth after them; from a third of the nodes, at least ten. */
function broadcastsOf({ nodes, broadcasts }: PlanOptions, random: Prng): Action[] {
  const all = Array.from({ length: nodes }, (_, i) => i);
  const origins = random.shuffled(all).slice(0, Math.max(Math.min(10, nodes), Math.floor(nodes / 3)));
  const fifth = Math.floor(broadcasts / 5);
  return Array.from({ length: broadcasts }, (_, i): Action => {
    const [fromUs, toUs] =
      i < fifth
        ? [phases.broadcastsUs, phases.broadcastsUs + second]
        : i < broadcasts - fifth
          ? [phases.faultsUs, phases.healUs]
          : [phases.lastUs - 2 * second, phases.lastUs];
    const atUs = fromUs + 1000 * random.below(Math.floor((toUs - fromUs) / 1000));
    // Everybody who is to speak does so once before anybody does so again.
    const node = origins[i % origins.length] as number;
    return { type: "broadcast", atUs, node, bytes: 20 + random.below(random.below(8) === 0 ? 2000 : 100) };
  });
}

/** The actions of one kind of fault. */
function actionsOf(kind: FaultName, { nodes, attackers }: PlanOptions, links: number, random: Prng): Action[] {
  const some = (least: number, most: number, make: (atUs: number) => Action): Action[] =>
    Array.from({ length: random.between(least, most) }, () =>
      make(phases.faultsUs + 1000 * random.below((phases.healUs - phases.faultsUs) / 1000)),
    );
  const after = (atUs: number, leastMs: number, mostMs: number): number =>
    atUs + 1000 * random.between(leastMs, mostMs);
  switch (kind) {
    case "cut":
      return some(3, 20, (atUs) => ({ type: kind, atUs, link: random.below(links) }));
    case "delay":
      return some(5, 20, (atUs) => {
        const us = 1000 * random.between(50, 1500);
        return { type: kind, atUs, untilUs: after(atUs, 100, 3000), link: random.below(links), us };
      });
    case "partition":
      return some(1, 2, (atUs) => {
        const side = Array.from({ length: nodes }, (_, i) => i).filter(() => random.below(3) === 0);
        return { type: kind, atUs, untilUs: after(atUs, 500, 3000), side };
      });
    case "kill":
      return some(2, 8, (atUs) => ({ type: kind, atUs, untilUs: after(atUs, 20, 3000), node: random.below(nodes) }));
    case "slow":
      return some(1, 3, (atUs) => {
        const bytesPerSecond = random.pick([0, 0, 500, 2000, 10_000]);
        return { type: kind, atUs, untilUs: after(atUs, 500, 7000), node: random.below(nodes), bytesPerSecond };
      });
    default:
      return some(2, 4, (atUs) => {
        const attacker = nodes + random.below(attackers);
        return { type: "attack", atUs, untilUs: after(atUs, 300, 2000), attacker, name: kind };
      });
  }
}
