// One job of a report in a thread of its own, so that its memory is free afterwards.
import { parentPort, workerData } from "node:worker_threads";

const { jobs } = await import(workerData.module);

parentPort.postMessage(jobs[workerData.name]());
