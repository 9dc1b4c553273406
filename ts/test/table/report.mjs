// Writes RESULTS.md and the plots beside it: `make sim-table-report`, or `node ts/test/table/report.mjs [job …]` to play only some
// jobs anew and take the results of an earlier run for the others.
import { writeReport } from "../campaign/report.mjs";
import { plotsOf } from "./report-plots.mjs";
import { textOf } from "./report-text.mjs";

await writeReport({
  folder: import.meta.url,
  name: "sim-table-report",
  module: new URL("report-jobs.mjs", import.meta.url).href,
  plotsOf,
  textOf,
});
