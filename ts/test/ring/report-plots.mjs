// The plots of the report.
import { color, draw, nodesAxis, quantity } from "../campaign/plots.mjs";
import { deadOf, doublingsOf, hopsOf, machinesOf, theory } from "./report-numbers.mjs";

function hopsPlot(results) {
  const tables = hopsOf(results);
  const row = (name, of) => tables.map((result) => ({ nodes: result.nodes, name, value: of(result) }));
  const lines = [
    ...row("mean, tables", ({ mean }) => mean),
    ...row("p99, tables", ({ p99 }) => p99),
    ...row("mean, theory", (result) => theory(result.nodes)),
  ];
  const machines = machinesOf(results).map(({ nodes, mean }) => ({ nodes, name: "mean, machines", value: mean }));
  const encoding = { x: nodesAxis, y: quantity("hops"), color };
  return draw({
    title: "Hops of a lookup, r = 16",
    layer: [
      { data: { values: lines }, mark: { type: "line", point: true }, encoding },
      { data: { values: machines }, mark: { type: "point", shape: "cross", size: 140, strokeWidth: 2 }, encoding },
    ],
  });
}

function deadPlot(results) {
  const values = deadOf(results).flatMap(({ dead, mean, p99 }) => [
    { dead: 100 * dead, name: "mean", value: mean },
    { dead: 100 * dead, name: "p99", value: p99 },
  ]);
  return draw({
    title: "Hops when part of 1,000 nodes has died at once, r = 20",
    data: { values },
    mark: { type: "line", point: true },
    encoding: { x: { field: "dead", type: "quantitative", title: "dead, %" }, y: quantity("hops"), color },
  });
}

function doublingPlot(results) {
  const values = doublingsOf(results).map(({ to, rounds }) => ({ nodes: to, value: rounds }));
  return draw({
    title: "Rounds until a ring that has doubled at once is ideal, r = 16",
    data: { values },
    mark: { type: "line", point: true },
    encoding: { x: nodesAxis, y: { ...quantity("rounds of 5 s"), scale: { domain: [0, 15] } } },
  });
}

/** Name and SVG of every plot. */
export async function plotsOf(results) {
  return [
    ["hops", await hopsPlot(results)],
    ["dead", await deadPlot(results)],
    ["doubling", await doublingPlot(results)],
  ];
}
