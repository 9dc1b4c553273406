// The plots of the report.
import { color, draw, quantity } from "../campaign/plots.mjs";
import { sum } from "../campaign/text.mjs";
import { spansMs } from "./partition.mjs";
import { bucketsOf, lossesOf, overlapOf, partitionsOf, sharesOf } from "./report-numbers.mjs";

function lossPlot(results) {
  const losses = lossesOf(results);
  const row = ({ copies, dead, nodes }, value) => ({ name: `5 × ${copies}`, dead: (100 * dead) / nodes, value });
  const encoding = {
    x: { field: "dead", type: "quantitative", title: "dead, %" },
    y: { field: "value", type: "quantitative", title: "keys lost", scale: { type: "log" }, axis: { format: ".0e" } },
    color,
  };
  const counted = losses.filter(({ share }) => share > 0).map((loss) => row(loss, loss.share));
  return draw({
    title: "Keys lost when part of 1,000 nodes dies at once: lines expected, crosses counted",
    layer: [
      { data: { values: losses.map((loss) => row(loss, loss.hoped)) }, mark: "line", encoding },
      { data: { values: counted }, mark: { type: "point", shape: "cross", size: 120, strokeWidth: 2 }, encoding },
    ],
  });
}

function overlapPlot(results) {
  return draw({
    title: "Keys whose five groups of two lie at fewer than five nodes",
    data: { values: overlapOf(results).map(({ nodes, share }) => ({ nodes, value: 100 * share })) },
    mark: { type: "line", point: true },
    encoding: {
      x: { field: "nodes", type: "quantitative", scale: { type: "log" }, title: "nodes" },
      y: { field: "value", type: "quantitative", title: "keys, %" },
    },
  });
}

const names = { hit: "read of a record", nothing: "read of nothing", put: "write" };
const longestMs = 3000;

function timesPlot(results, kind) {
  const values = Object.entries(results[`kind-${kind}`].times).flatMap(([what, times]) =>
    sharesOf(times)
      .filter(({ ms }) => ms <= longestMs)
      .map(({ ms, share }) => ({ name: names[what], ms, value: 100 * share })),
  );
  return draw({
    title: `Operations that are done, runs of ${kind}`,
    data: { values },
    mark: { type: "line", interpolate: "step-after" },
    encoding: {
      x: { field: "ms", type: "quantitative", title: "ms" },
      y: { field: "value", type: "quantitative", title: "done, %" },
      color,
    },
  });
}

/** Something by the seconds since the network fell into parts. */
function partitionPlot(results, title, of) {
  const values = partitionsOf(results).flatMap(({ parts, seconds }) =>
    bucketsOf(seconds, of).map(({ at, share }) => ({ name: `${parts} parts`, at, value: 100 * share })),
  );
  const apart = [{ at: 0 }, { at: spansMs.apart / 1000 }];
  const x = { field: "at", type: "quantitative", title: "seconds since it fell into parts" };
  return draw({
    title,
    layer: [
      { data: { values: apart }, mark: { type: "rule", color: "gray", strokeDash: [4, 4] }, encoding: { x } },
      { data: { values }, mark: "line", encoding: { x, y: { ...quantity("%"), scale: { domain: [0, 100] } }, color } },
    ],
  });
}

const shareOf = (good, bad) => (seconds) => sum(seconds, good) / (sum(seconds, good) + sum(seconds, bad));
const meanEqual = (seconds) => sum(seconds, "equal") / seconds.length;

/** Name and SVG of every plot. */
export async function plotsOf(results) {
  return [
    ["loss", await lossPlot(results)],
    ["overlap", await overlapPlot(results)],
    ["parts-writes", await partitionPlot(results, "Writes that are acknowledged", shareOf("stored", "failed"))],
    ["parts-reads", await partitionPlot(results, "Reads that are answered", shareOf("read", "unread"))],
    ["parts-equal", await partitionPlot(results, "Keys whose replicas are all equal", meanEqual)],
    ["times-churn", await timesPlot(results, "churn")],
    ["times-leave", await timesPlot(results, "leave")],
  ];
}
