// The part of RESULTS.md on attackers: what honest nodes lose, and whom they blame.
import { count, sum, table } from "../campaign/text.mjs";
import { ms } from "./report-numbers.mjs";

const names = {
  none: "none: attackers are silent",
  squatting: "squatting: another content first, under the same origin and sequence",
  badSignatureFirst: "bad signature first: the broadcast itself, its signature spoiled",
  equivocation: "equivocation: two contents signed under one sequence, to half of the peers each",
  staleSequences: "stale sequences: old ones of honest origins, own ones that jump up and down",
  repetition: "repetition: every broadcast three times from each attacker",
};

export function attackSection(results) {
  const rows = Object.entries(names).map(([key, name]) => {
    const attack = results[`attack-${key}`];
    return [
      name,
      `${count(attack.delivered)} of ${count(attack.expected)}`,
      attack.repeated,
      attack.pairsTwice,
      `${ms(attack.meanUs)} / ${ms(attack.p99Us)}`,
      attack.blamedHonest,
      count(attack.blamedAttackers),
      attack.returns,
    ];
  });
  const { nodes, attackers, broadcasts, seed, verifyUs } = results["attack-none"];
  const head = [
    "Attack",
    "Owed deliveries made",
    "Twice",
    "Two contents of one sequence",
    "Mean / p99, ms",
    "Penalties of honest nodes",
    "Penalties of attackers",
    "Sessions of attackers ended",
  ];
  return `## Attacks (level 2)

${nodes} nodes, ${attackers} of them attackers, whose links have no delay and who learn of every broadcast when it is made; verifying takes ${ms(verifyUs)} ms; ${broadcasts} broadcasts of honest nodes, seed ${seed}.
Owed is every broadcast to every honest node that the origin reaches without attackers. Penalties are those that honest nodes give. Who is thrown out comes again 0.2 s later, under a
new identity.

${table(head, rows)}

Honest nodes lose nothing, are late by nothing, and blame nobody but attackers. Equivocation and old sequences earn no penalty by design: honest nodes may differ about them. Of an
attacker's two contents each honest node delivers one. To their own broadcasts far below their highest sequence attackers got STALE_SEQUENCE ${count(results["attack-staleSequences"].stale[1])} times, honest nodes ${results["attack-staleSequences"].stale[0]} times. Repetition carries honest broadcasts faster than honest links do, until its attacker is thrown out.

![Attacks](plots/attacks.svg)
`;
}

/** When the first new origin after the attack speaks. */
const firstTryS = 2;

function waitText(seconds) {
  if (seconds < 0) return "longer than was watched";
  return seconds <= firstTryS ? "none" : `${count(seconds)} s`;
}

function freshRows(run) {
  const heard = ({ delivered, expected }) => `${count(delivered)} of ${count(expected)}`;
  const wait = waitText(run.waitedSeconds);
  return [
    count(run.keysPerSecond),
    run.placesTaken.map(count).join("–"),
    heard(run.known),
    `${run.direct[1]} of ${run.direct[0]}`,
    `${run.strangerFully} of ${run.strangerSpoke}`,
    wait,
    `${run.blamedHonest} / ${run.blamedAttackers}`,
  ];
}

export function freshKeysSection({ "fresh-keys": steady, "fresh-keys-fast": fast }) {
  const head = [
    "Keys a second",
    "Places for origins taken",
    "Deliveries of known origins",
    "Direct peers that hear a new origin",
    "New origins that everyone heard at once, during the attack",
    "Wait of new origins after it",
    "Penalties of honest nodes / attackers",
  ];
  const { nodes, honest, keys, seed } = steady;
  return `## ${count(keys)} fresh keys (level 2)

${nodes} nodes, ${nodes - honest} of them attackers that flood one broadcast each of ${count(keys)} fresh keys, signed rightly, over all their links; seed ${seed}. All limits are those of the
specification. First row: each attacker stays just below ORIGINS_PER_SECOND, the worst that it can do. Second row: they send as fast as they like.

${table(head, [freshRows(steady), freshRows(fast)])}

Known origins and direct peers lose nothing. A new origin is one that joins and speaks: its direct peers hear it at once, from places kept for them. When all other places are
taken, the rest of the network hears it once places are free again: origins are forgotten twice the freshness and a minute after their last broadcast, 1,260 s with the usual
descriptor. The column counts from the last key on.
`;
}

export function forgedSection({ "forged-records": runs }) {
  const codes = new Map();
  for (const { blamed } of runs) {
    for (const [code, times] of Object.entries(blamed)) codes.set(code, (codes.get(code) ?? 0) + times);
  }
  const blamed = [...codes].map(([code, times]) => `${code} ${times}`).join(", ");
  const violations = runs.flatMap(({ violations: list }) => list);
  return `## Forged addresses (level 1)

${runs.length} runs of 50 engines with two attackers that answer PEERS with forged records, half of them of new keys with addresses where nobody is, half in the name of honest nodes with a signature that
is not theirs; seeds from 1000. ${count(sum(runs, "broadcasts"))} broadcasts, ${count(sum(runs, "deliveries"))} deliveries, ${sum(runs, "drops")} drops. Violated properties (exactly once, coverage, frames, no honest link ended): ${violations.length}.
Sessions of attackers that honest nodes ended: ${blamed === "" ? "none" : blamed}.
`;
}
