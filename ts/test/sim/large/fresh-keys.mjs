// 100,000 fresh keys, each with a right signature: attackers try to fill the places for origins of every node. Who was known
// stays heard, direct peers are heard, and new origins may have to wait; how long is measured.
import { AttackScene } from "./attack-scene.mjs";
import { nodeIdOf } from "./identities.mjs";
import { latencyOf } from "./statistics.mjs";

/** Enough of them that no session has to introduce as many origins as it may. */
const attackers = 5;
const second = 1_000_000;
const knownOrigins = 6;
/** How often somebody speaks whom nobody knows, during the attack, and one such node after it, seconds. */
const strangerEvery = 5;

/** Plays the attack at a rate; `limits` replace those of the nodes. */
export function playFreshKeys({ nodes, keys, keysPerSecond, seed, limits = {} }) {
  const scene = new AttackScene({ seed, nodes, attackers, verifyUs: 0, limits });
  const { network } = scene;
  const speakers = scene.honest(nodes - attackers);
  const known = speakers.slice(0, knownOrigins);
  const [direct, stranger] = speakers.slice(knownOrigins);
  for (const node of known) speak(scene, node);
  network.run(second);
  const knownEntries = [];
  const strangerEntries = [];
  overrun(scene, { keys, keysPerSecond }, (tick) => {
    knownEntries.push(speak(scene, known[tick % known.length]));
    if (tick % strangerEvery !== 0) return;
    beginAnew(scene, stranger, tick);
    strangerEntries.push(speak(scene, stranger));
  });
  const attackEndUs = network.nowUs;
  const places = network.nodes
    .filter((_, i) => scene.isAttacker[i] === 0 && i !== stranger)
    .map(({ flood }) => flood.known);
  const directEntry = speak(scene, direct);
  network.run(network.nowUs + 2 * second);
  const peers = honestPeers(scene, direct);
  return {
    nodes,
    keys,
    keysPerSecond,
    seed,
    honest: nodes - attackers,
    placesTaken: [Math.min(...places), Math.max(...places)],
    known: heardOf(scene, knownEntries),
    direct: [peers.length, peers.filter((peer) => directEntry.firstUs.has(peer)).length],
    stranger: heardOf(scene, strangerEntries),
    strangerFully: strangerEntries.filter((entry) => hearers(scene, entry) === nodes - attackers - 1).length,
    strangerSpoke: strangerEntries.length,
    waitedSeconds: waitFor(scene, stranger, attackEndUs),
    ...blameOf(scene),
  };
}

/** A node that nobody knows takes the place of another one. */
function beginAnew({ network }, number, time) {
  network.kill(number);
  network.nodes[number].rename(`newcomer ${time}`);
  network.revive(number);
}

const speak = ({ ledger }, node) => ledger.publish(node, Uint8Array.of(1));

/** Sends the keys, in turn from all attackers; calls once a second. */
function overrun(scene, { keys, keysPerSecond }, eachSecond) {
  const { network } = scene;
  const stepUs = Math.floor((attackers * second) / keysPerSecond);
  const beginUs = network.nowUs;
  let ticks = 0;
  for (let sent = 0; sent < keys;) {
    for (const number of scene.attackers) sendKey(scene, number, sent++);
    network.run(network.nowUs + stepUs);
    if (network.nowUs < beginUs + (ticks + 1) * second) continue;
    eachSecond(ticks++);
  }
}

function sendKey({ network, forge }, number, i) {
  const payload = forge.broadcast(nodeIdOf(`stranger ${i}`), 1, network.unixMs, "");
  for (let slot = 0; slot < network.graph.degree; slot++) network.send(number, slot, payload, 0);
}

function honestPeers({ network, isAttacker }, number) {
  const { neighbour, degree } = network.graph;
  return [...neighbour.subarray(number * degree, (number + 1) * degree)].filter((peer) => isAttacker[peer] === 0);
}

/** How many honest nodes have heard a broadcast. */
function hearers({ isAttacker }, { firstUs }) {
  return [...firstUs.keys()].filter((node) => isAttacker[node] === 0).length;
}

function heardOf(scene, entries) {
  const honest = scene.isAttacker.length - attackers;
  const times = entries.flatMap(({ firstUs }) => [...firstUs.values()]);
  return {
    expected: entries.length * (honest - 1),
    delivered: entries.reduce((sum, entry) => sum + hearers(scene, entry), 0),
    meanUs: latencyOf(Int32Array.from(times), -1).meanUs,
  };
}

/** Seconds after the attack until everyone hears a new origin, which goes on speaking; −1 when that takes very long. */
function waitFor(scene, stranger, attackEndUs) {
  const { network, isAttacker } = scene;
  beginAnew(scene, stranger, -1);
  for (let tries = 0; tries < 1000; tries++) {
    const entry = speak(scene, stranger);
    network.run(network.nowUs + strangerEvery * second);
    if (hearers(scene, entry) === isAttacker.length - attackers - 1)
      return Math.round((entry.atUs - attackEndUs) / second);
  }
  return -1;
}

function blameOf({ network, isAttacker }) {
  const byHonest = network.blame.filter(({ by }) => isAttacker[by] === 0);
  const points = (whose) =>
    byHonest.filter(({ whom }) => isAttacker[whom] === whose).reduce((sum, one) => sum + one.points, 0);
  return { blamedHonest: points(0), blamedAttackers: points(1) };
}
