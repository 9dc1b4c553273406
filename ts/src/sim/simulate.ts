// Runs a scenario: everybody begins at time 0, a little one after the other, and the actions happen at their times.

import type { Hasher } from "../ports/index.js";
import type { Observer } from "./observer.js";
import { actorsOf, faultOf, type Action, type Scenario } from "./scenario.js";
import { Simulation } from "./simulation.js";
import type { RunResult } from "./summary.js";

/** Between the starts of two nodes, µs. */
const staggerUs = 3000;
/** When attackers appear, µs. */
const attackersAtUs = 1_500_000;

export interface SimulateOptions {
  readonly hasher: Hasher;
  /** Is told what happens. Costs time. */
  readonly observer?: Observer;
}

/** Runs a scenario to its end. */
export function simulate(scenario: Scenario, { hasher, observer }: SimulateOptions): RunResult {
  const simulation = new Simulation(scenario, hasher, observer);
  const { queue } = simulation;
  const isHere = (index: number): boolean => !scenario.absent.includes(index);
  for (let i = 0; i < scenario.nodes; i++) if (isHere(i)) queue.at(i * staggerUs, () => simulation.start(i));
  for (let i = scenario.nodes; i < scenario.nodes + scenario.attackers; i++)
    if (isHere(i)) queue.at(attackersAtUs + i * staggerUs, () => simulation.attackers.start(i));
  for (const action of scenario.actions) {
    if (actorsOf(action, scenario.links).every(isHere)) queue.at(action.atUs, () => take(simulation, action));
  }
  return simulation.run();
}

function take(simulation: Simulation, action: Action): void {
  const fault = faultOf(action);
  if (fault !== undefined) {
    simulation.noteFault(fault);
    simulation.see({ type: "action", action: JSON.stringify(action) });
  }
  perform(simulation, action);
}

function perform(simulation: Simulation, action: Action): void {
  const { queue, wires, peerings, scenario } = simulation;
  switch (action.type) {
    case "broadcast":
      return simulation.broadcast(action.node, action.bytes);
    case "cut":
      return wires.breakLink(action.link);
    case "delay":
      // What is slow to arrive is slow to make room.
      for (const end of scenario.links[action.link] ?? []) peerings.slow(end, action.atUs, action.untilUs);
      wires.delay(action.link, action.us);
      return queue.at(action.untilUs, () => wires.delay(action.link, 0));
    case "partition":
      return queue.at(action.untilUs, wires.part(action.side));
    case "kill":
      simulation.kill(action.node);
      return queue.at(action.untilUs, () => simulation.start(action.node));
    case "slow":
      peerings.slow(action.node, action.atUs, action.untilUs);
      return simulation.node(action.node)?.slowDown(action.bytesPerSecond, action.untilUs);
    case "attack":
      return attack(simulation, action);
    default:
      return action satisfies never;
  }
}

function attack(simulation: Simulation, { attacker, name, untilUs }: Extract<Action, { type: "attack" }>): void {
  const { queue, scenario } = simulation;
  simulation.attackers.begin(attacker, name);
  queue.at(untilUs, () => simulation.attackers.end(attacker, name));
  if (name !== "forged-records") return;
  for (const [dialler, listener] of scenario.links) if (dialler === attacker) simulation.askPeers(listener);
}
