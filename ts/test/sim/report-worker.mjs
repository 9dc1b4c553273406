// One job of the report in a thread of its own, so that its memory is free afterwards.
import { parentPort, workerData } from "node:worker_threads";
import { jobs } from "./large/jobs.mjs";

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
parentPort.postMessage(jobs[workerData]());
