// node ts/test/ring/model/check.mjs [--all]: explores the scopes and the mutants and prints what came of it.
import { check, checkMutant } from "./checks.mjs";
import { mutants, scopes } from "./scopes.mjs";

const isAll = process.argv.includes("--all");
const told = ({ status, list, wraps, pred, reply, walk }, node) => {
  const parts = [`${node} ${status} [${list}]`];
  if (wraps) parts.push("wraps");
  if (pred !== -1) parts.push(`after ${pred}`);
  if (reply) parts.push(`told by ${reply.from} [${reply.list}]`);
  if (walk !== -1) parts.push(`asks ${walk}`);
  return parts.join(" ");
};

function show(name, { states, steps, seconds, property, way, fewestPrincipals }) {
  const principals = fewestPrincipals === undefined ? "" : `, ≥ ${fewestPrincipals} principals under a full founder`;
  const numbers = `${states.toLocaleString("en-US")} states, ${steps.toLocaleString("en-US")} steps`;
  console.log(`${name}: ${numbers}, ${property ?? "all hold"}${principals} (${seconds.toFixed(1)} s)`);
  return way;
}

for (const [name, { isSmall }] of Object.entries(scopes)) {
  if (!isAll && !isSmall) continue;
  const way = show(name, check(name));
  if (way === undefined) continue;
  process.exitCode = 1;
  for (const states of way)
    console.log(
      `  ${states
        .filter(({ status }) => status !== "absent")
        .map(told)
        .join(" · ")}`,
    );
}
for (const [name, { violates }] of Object.entries(mutants)) {
  const result = checkMutant(name);
  show(`mutant, ${name}`, result);
  if (result.property !== violates) process.exitCode = 1;
}
