// One job of the report in a thread of its own, so that its memory is free afterwards.
import { parentPort, workerData } from "node:worker_threads";
import { jobs } from "./report-jobs.mjs";

parentPort.postMessage(jobs[workerData]());
