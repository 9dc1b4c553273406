// The plots of the report.
import { color, draw, nodesAxis, quantity } from "../campaign/plots.mjs";
import { design, estimatesOf, ms, sizesOf } from "./report-numbers.mjs";

/** Mean and p99 by size, with intervals, beside the numbers of the design. */
function latencyPlot(results) {
  const measured = sizesOf(results).flatMap((size) => {
    const { mean, p99 } = estimatesOf(size);
    const row = (name, { mean: value, low, high }) => ({ nodes: size.nodes, name, value, low, high });
    return [row("mean, measured", mean), row("p99, measured", p99)];
  });
  const aimed = Object.entries(design).flatMap(([nodes, { mean, p99 }]) => [
    { nodes: Number(nodes), name: "mean, design", value: mean },
    { nodes: Number(nodes), name: "p99, design", value: p99 },
  ]);
  const y = quantity("latency, ms");
  return draw({
    title: "Latency of a flood, degree 8",
    layer: [
      { data: { values: measured }, mark: { type: "line", point: true }, encoding: { x: nodesAxis, y, color } },
      {
        data: { values: measured },
        mark: { type: "rule", strokeWidth: 3 },
        encoding: { x: nodesAxis, y: { field: "low", type: "quantitative" }, y2: { field: "high" }, color },
      },
      {
        data: { values: aimed },
        mark: { type: "point", shape: "cross", size: 120, strokeWidth: 2 },
        encoding: { x: nodesAxis, y, color },
      },
    ],
  });
}

function coveragePlot(results) {
  const values = sizesOf(results).flatMap(({ nodes, curve }) =>
    curve.slice(0, 45).map((share, place) => ({ nodes: String(nodes), at: place * 10, share: share * 100 })),
  );
  return draw({
    title: "Nodes that have a broadcast, by time",
    data: { values },
    mark: "line",
    encoding: {
      x: { field: "at", type: "quantitative", title: "ms after it was made" },
      y: { field: "share", type: "quantitative", title: "nodes, %" },
      color: { field: "nodes", type: "nominal", title: "nodes" },
    },
  });
}

function framesPlot(results) {
  const values = sizesOf(results).map(({ nodes, rows }) => ({
    nodes,
    frames: rows[0].frames,
    law: rows[0].floodFrames,
  }));
  const y = (field) => ({ field, type: "quantitative", scale: { type: "log" }, title: "frames of one flood" });
  return draw({
    title: "Frames of one flood: points measured, line 2E − n + 1",
    data: { values },
    layer: [
      { mark: "line", encoding: { x: nodesAxis, y: y("law") } },
      { mark: { type: "point", filled: true, size: 80, color: "black" }, encoding: { x: nodesAxis, y: y("frames") } },
    ],
  });
}

const bars = (title, values, category) =>
  draw({
    title,
    data: { values },
    mark: "bar",
    encoding: {
      x: { field: category, type: "nominal", title: null, sort: null, axis: { labelAngle: -20 } },
      xOffset: { field: "name", sort: null },
      y: quantity("latency, ms"),
      color: { ...color, sort: null },
    },
  });

function disturbedPlot({ deaths, "slow-peers": slow }) {
  const meanOf = (rows, of) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length / 1000;
  const row = (what, name, rows, of) => ({ what, name, value: Number(ms(1000 * meanOf(rows, of))) });
  const values = [
    row("a tenth dies", "mean, calm", deaths.rows, ({ calm }) => calm.meanUs),
    row("a tenth dies", "mean, disturbed", deaths.rows, ({ meanUs }) => meanUs),
    row("a tenth dies", "p99, calm", deaths.rows, ({ calm }) => calm.p99Us),
    row("a tenth dies", "p99, disturbed", deaths.rows, ({ p99Us }) => p99Us),
    row("one in a hundred slow", "mean, calm", slow.rows, ({ calm }) => calm.meanUs),
    row("one in a hundred slow", "mean, disturbed", slow.rows, ({ latency }) => latency.meanUs),
    row("one in a hundred slow", "p99, calm", slow.rows, ({ calm }) => calm.p99Us),
    row("one in a hundred slow", "p99, disturbed", slow.rows, ({ latency }) => latency.p99Us),
  ];
  return bars("What the others feel, 10,000 nodes", values, "what");
}

function attacksPlot(results) {
  const names = Object.keys(results).filter((name) => name.startsWith("attack-"));
  const values = names.flatMap((key) => {
    const attack = key.slice("attack-".length);
    const { meanUs, p99Us } = results[key];
    return [
      { attack, name: "mean", value: Number(ms(meanUs)) },
      { attack, name: "p99", value: Number(ms(p99Us)) },
    ];
  });
  return bars("Latency of honest broadcasts under attack, 300 nodes", values, "attack");
}

/** Name and SVG of every plot. */
export async function plotsOf(results) {
  return [
    ["latency", await latencyPlot(results)],
    ["coverage", await coveragePlot(results)],
    ["frames", await framesPlot(results)],
    ["disturbed", await disturbedPlot(results)],
    ["attacks", await attacksPlot(results)],
  ];
}
