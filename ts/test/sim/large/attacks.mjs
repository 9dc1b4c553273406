// The attacks of the mesh on real mesh machines, each against the same honest traffic. `none` is the yardstick: the same
// nodes, and attackers that keep silent.
import { AttackScene } from "./attack-scene.mjs";

const usual = { seed: 4, nodes: 300, attackers: 6, verifyUs: 1000, origins: 20 };
const traffic = { rounds: 5, stepUs: 20_000 };
/** What floods the whole network comes with every fifth broadcast. */
const attackEvery = 5;

/** Another content arrives first, under the origin and sequence of the broadcast that is being made. */
function squatting(scene) {
  return (payload) => scene.attack((number) => scene.forge.squat(payload, scene.network.nodes[number].id));
}

/** The broadcast itself arrives first with a signature that does not verify. */
function badSignatureFirst(scene) {
  return (payload) => scene.attack(() => scene.forge.spoil(payload));
}

/** Each attacker signs two contents under one sequence and tells half of its peers either. */
function equivocation(scene) {
  const { network, forge } = scene;
  return (_, __, round) => {
    if (round % attackEvery !== 0) return;
    const of = (number, text) => forge.broadcast(network.nodes[number].id, 1000 + round, network.unixMs, text);
    scene.attack((number) => of(number, "this"), [0, 1, 2, 3]);
    scene.attack((number) => of(number, "that"), [4, 5, 6, 7]);
  };
}

/** Old broadcasts of honest origins, which have gone on far beyond them; and an origin's own that jump up and down. */
function staleSequences(scene, sources) {
  const { network, forge } = scene;
  const old = sources.map((source) => forge.broadcast(network.nodes[source].id, 5, network.unixMs, "long ago"));
  return (_, __, round) => {
    scene.attack(() => old[round % old.length]);
    if (round % attackEvery !== 0) return;
    const sequence = round % (2 * attackEvery) === 0 ? 2n ** 62n + BigInt(round) : 7n;
    scene.attack((number) => forge.broadcast(network.nodes[number].id, sequence, network.unixMs, "up and down"));
  };
}

/** Every broadcast comes from every attacker three times. */
function repetition(scene) {
  return (payload) => {
    for (let copies = 0; copies < 3; copies++) scene.attack(() => payload);
  };
}

const attacks = { none: () => undefined, squatting, badSignatureFirst, equivocation, staleSequences, repetition };
export const attackNames = Object.keys(attacks);

/** Plays one attack, in the usual shape or another; answers what honest nodes have lost and whom they blame. */
export function playAttack(name, other = {}) {
  const shape = { ...usual, ...other };
  const scene = new AttackScene(shape);
  const sources = scene.honest(shape.origins);
  const onPublish = attacks[name](scene, sources);
  const pairs = countPairs(scene);
  scene.traffic({ ...traffic, sources, ...(onPublish === undefined ? {} : { onPublish }) });
  return { ...shape, ...scene.outcome(), ...pairs() };
}

/** Counts nodes that delivered more than one content of one sequence of an attacker. */
function countPairs({ network, isAttacker }) {
  const seen = new Set();
  let both = 0;
  const { onDelivery } = network;
  network.onDelivery = (number, delivery) => {
    const pair = `${number} ${Buffer.from(delivery.content.subarray(0, 40)).toString("latin1")}`;
    if (isAttacker[number] === 0 && seen.has(pair)) both++;
    seen.add(pair);
    onDelivery(number, delivery);
  };
  return () => ({ pairsDelivered: seen.size, pairsTwice: both });
}
