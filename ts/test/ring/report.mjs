// Writes RESULTS.md and the plots beside it: `make sim-ring-report`, or `node ts/test/ring/report.mjs [job …]` to play only some jobs
// anew and take the results of an earlier run for the others. The job "campaign" plays a million schedules of `make sim-ring`.
import { threads, writeReport } from "../campaign/report.mjs";
import { playCampaign } from "./report-campaign.mjs";
import { plotsOf } from "./report-plots.mjs";
import { textOf } from "./report-text.mjs";

await writeReport({
  folder: import.meta.url,
  name: "sim-ring-report",
  module: new URL("report-jobs.mjs", import.meta.url).href,
  wide: { campaign: (keep) => playCampaign(threads, keep) },
  plotsOf,
  textOf,
});
