// One thread of a campaign: plays the pieces that it is given and answers what they came to.
import { parentPort } from "node:worker_threads";
import { playPiece } from "./tally.mjs";

parentPort.on("message", (piece) => parentPort.postMessage(playPiece(piece)));
