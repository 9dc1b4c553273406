// A survey of the ring as text for people: a circle of marks, and what stands behind each mark.

import { formatNodeId } from "../identity/index.js";
import type { FingerPlace, Neighbour, RingSurvey } from "./ring-survey.js";

/** Where on the circle a position lies, 0 at the top and 1 after one turn with the clock. */
export function turnOf(position: Uint8Array): number {
  let turn = 0;
  for (let i = 5; i >= 0; i--) turn = (turn + (position[i] ?? 0)) / 256;
  return turn;
}

const columns = 45;
const rows = 21;

/** Mark of the successor of a rank: digits, then letters. */
const markOf = (rank: number): string => (rank === 0 ? "p" : rank < 36 ? rank.toString(36) : "·");

function circle(marks: readonly { readonly turn: number; readonly mark: string }[]): string[] {
  const canvas = Array.from({ length: rows }, () => Array.from({ length: columns }, () => " "));
  const put = (turn: number, mark: string): void => {
    const [x, y] = [Math.sin(2 * Math.PI * turn), -Math.cos(2 * Math.PI * turn)];
    const line = canvas[Math.round(((y + 1) / 2) * (rows - 1))];
    if (line !== undefined) line[Math.round(((x + 1) / 2) * (columns - 1))] = mark;
  };
  for (let i = 0; i < 120; i++) put(i / 120, ".");
  for (const { turn, mark } of marks.toReversed()) put(turn, mark);
  return canvas.map((line) => line.join("").trimEnd());
}

const degrees = (position: Uint8Array): string => `${(360 * turnOf(position)).toFixed(2).padStart(6)}°`;

function neighbourRow({ place, rank, phase, agrees }: Neighbour): string {
  const role = rank === 0 ? "predecessor" : `successor ${rank}`;
  const answer = phase === undefined ? "no answer" : agrees ? phase : `${phase}, sees it otherwise`;
  return `  ${markOf(rank)}  ${degrees(place.position)}  ${formatNodeId(place.nodeId)}  ${role}  ${answer}`;
}

const fingerRow = ({ index, place }: FingerPlace): string =>
  `  +  ${degrees(place.position)}  ${formatNodeId(place.nodeId)}  for 2^${index} and up`;

/** The drawing, line by line. */
export function drawRing({ view, neighbours, fingers }: RingSurvey): string {
  const { self, phase, successors, wraps } = view;
  const turns = [
    { turn: turnOf(self.position), mark: "@" },
    ...neighbours.toReversed().map(({ place, rank }) => ({ turn: turnOf(place.position), mark: markOf(rank) })),
    ...fingers.map(({ place }) => ({ turn: turnOf(place.position), mark: "+" })),
  ];
  const count = `${successors.length} ${successors.length === 1 ? "successor" : "successors"}`;
  return [
    `${formatNodeId(self.nodeId)}  ${phase}, ${count}${wraps ? ", the whole ring" : ""}`,
    "",
    ...circle(turns),
    "",
    `  @  ${degrees(self.position)}  ${formatNodeId(self.nodeId)}  the node itself`,
    ...neighbours.map(neighbourRow),
    ...fingers.map(fingerRow),
  ].join("\n");
}
