// Plots of reports, drawn by vega: data in, SVG out, the same bytes for the same data.
import { parse, View } from "vega";
import { compile } from "vega-lite";

export async function draw(spec) {
  const { spec: compiled } = compile({ background: "white", width: 460, height: 260, ...spec });
  const view = new View(parse(compiled), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** Nodes, by powers of ten. */
export const nodesAxis = {
  field: "nodes",
  type: "quantitative",
  scale: { type: "log" },
  title: "nodes",
  axis: { format: "~s" },
};
/** One colour for each name. */
export const color = { field: "name", type: "nominal", title: null };

/** The values of a plot. */
export const quantity = (title) => ({ field: "value", type: "quantitative", title });
