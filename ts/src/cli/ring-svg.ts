// A survey of the ring as a picture: the circle, the nodes on it, and chords to the fingers.

import { formatNodeId } from "../identity/index.js";
import type { RingSurvey } from "./ring-survey.js";
import { turnOf } from "./ring-text.js";

const size = 640;
const radius = 230;

const place = (turn: number, distance: number): readonly [number, number] => {
  const angle = 2 * Math.PI * turn;
  return [size / 2 + distance * Math.sin(angle), size / 2 - distance * Math.cos(angle)];
};

const number = (value: number): string => value.toFixed(1);

function dot(turn: number, label: string, kind: string, title: string): string {
  const [x, y] = place(turn, radius);
  const [labelX, labelY] = place(turn, radius + 22);
  return [
    `<g class="${kind}"><title>${title}</title><circle cx="${number(x)}" cy="${number(y)}" r="6"/>`,
    `<text x="${number(labelX)}" y="${number(labelY)}">${label}</text></g>`,
  ].join("");
}

function chord(from: number, to: number): string {
  const [[x1, y1], [x2, y2]] = [place(from, radius), place(to, radius)];
  return `<line class="finger" x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}"/>`;
}

const style = `
text { font: 12px sans-serif; text-anchor: middle; dominant-baseline: middle; fill: #333 }
.ring { fill: none; stroke: #bbb; stroke-width: 2 }
.finger { stroke: #9bd; stroke-width: 1 }
.self circle { fill: #c30 } .near circle { fill: #069 } .far circle { fill: #9bd } .silent circle { fill: #999 }
`;

/** The picture, as a document of its own. */
export function ringSvg({ view, neighbours, fingers }: RingSurvey): string {
  const self = turnOf(view.self.position);
  const near = neighbours.map(({ place: at, rank, phase }) => {
    const kind = phase === undefined ? "silent" : "near";
    return dot(turnOf(at.position), rank === 0 ? "p" : String(rank), kind, formatNodeId(at.nodeId));
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}">`,
    `<style>${style}</style>`,
    `<circle class="ring" cx="${size / 2}" cy="${size / 2}" r="${radius}"/>`,
    ...fingers.map(({ place: at }) => chord(self, turnOf(at.position))),
    ...fingers.map(({ place: at, index }) => dot(turnOf(at.position), `2^${index}`, "far", formatNodeId(at.nodeId))),
    ...near.toReversed(),
    dot(self, "", "self", formatNodeId(view.self.nodeId)),
    `<text x="${size / 2}" y="${size / 2}">${formatNodeId(view.self.nodeId).slice(0, 14)}… ${view.phase}</text>`,
    "</svg>",
    "",
  ].join("\n");
}
