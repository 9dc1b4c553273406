// Writes RESULTS.md and the plots beside it: `make sim-report`, or `node ts/test/sim/report.mjs [job …]` to play only some
// jobs anew and take the results of an earlier run for the others.
import { writeReport } from "../campaign/report.mjs";
import { plotsOf } from "./report-plots.mjs";
import { textOf } from "./report-text.mjs";

await writeReport({
  folder: import.meta.url,
  name: "sim-report",
  module: new URL("large/jobs.mjs", import.meta.url).href,
  // 10^5 machines are many objects.
  heapMb: 8192,
  plotsOf,
  textOf,
});
