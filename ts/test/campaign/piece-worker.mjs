// One thread of a campaign: plays the pieces that it is given, by the module that it is told once, and answers what they came to.
import { parentPort, workerData } from "node:worker_threads";

const { playPiece } = await import(workerData);

async function play(piece) {
  parentPort.postMessage(await playPiece(piece));
}

parentPort.on("message", (piece) => void play(piece));
