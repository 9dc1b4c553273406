// The table of steps, and the walk through them: a failure is given the place of the step that it happened in.
import type { Step } from "../scenario.js";
import type { Stage } from "../stage.js";
import * as connection from "./connection.js";
import * as events from "./events.js";
import * as expect from "./expect.js";
import * as flow from "./flow.js";
import * as mesh from "./mesh.js";
import * as messaging from "./messaging.js";
import * as pressure from "./pressure.js";
import * as ring from "./ring.js";
import * as records from "./records.js";
import * as settings from "./settings.js";
import * as table from "./table.js";
import * as tapping from "./tap.js";
import * as transport from "./transport.js";
import * as wire from "./wire.js";

export type RunStep = (stage: Stage, step: Step) => Promise<void>;

type Handler = (stage: Stage, step: never, run: RunStep) => Promise<void>;

const handlers: Readonly<Record<Step["do"], Handler>> = {
  start: connection.start,
  connect: connection.connect,
  accept: connection.accept,
  link: connection.link,
  preface: connection.preface,
  hello: connection.hello,
  proof: connection.proof,
  expectHello: connection.expectHello,
  expectProof: connection.expectProof,
  handshake: connection.handshake,
  peers: connection.peers,
  goodbye: connection.goodbye,
  leave: connection.leave,
  alive: connection.alive,
  send: wire.send,
  sendRaw: wire.sendRaw,
  chunk: wire.chunk,
  stall: wire.stall,
  resume: wire.resume,
  halfClose: wire.halfClose,
  abort: wire.abort,
  fence: wire.fence,
  expectFrame: expect.expectFrame,
  expectClose: expect.expectClose,
  expectSilentClose: expect.expectSilentClose,
  expectEnd: expect.expectEnd,
  expectQuiet: expect.expectQuiet,
  expectGone: expect.expectGone,
  expectNoSession: transport.expectNoSession,
  expectHttp: transport.expectHttp,
  wsFrame: transport.wsFrame,
  resumeTls: transport.resumeTls,
  tap: tapping.tap,
  expectTapped: tapping.expectTapped,
  expectEvent: events.expectEvent,
  expectNoEvent: events.expectNoEvent,
  snapshot: events.snapshot,
  make: mesh.make,
  flood: mesh.flood,
  expectBroadcast: mesh.expectBroadcast,
  canary: mesh.canary,
  broadcast: mesh.broadcast,
  glut: pressure.glut,
  expectDropped: pressure.expectDropped,
  gush: pressure.gush,
  repeat: flow.repeat,
  takes: flow.takes,
  together: flow.together,
  stop: flow.stop,
  advance: flow.advance,
  tell: messaging.tell,
  ask: messaging.ask,
  call: messaging.call,
  askPeers: messaging.askPeers,
  locate: messaging.locate,
  press: messaging.press,
  serve: messaging.serve,
  define: messaging.define,
  expectOutcome: messaging.expectOutcome,
  expectNoOutcome: messaging.expectNoOutcome,
  expectTold: messaging.expectTold,
  expectCommanded: messaging.expectCommanded,
  expectNone: messaging.expectNone,
  drain: messaging.drain,
  hook: settings.hook,
  updateNode: settings.updateNode,
  mute: settings.mute,
  expectSkew: settings.expectSkew,
  expectGrease: settings.expectGrease,
  expectStale: settings.expectStale,
  makeRecord: records.makeRecord,
  expectRecord: records.expectRecord,
  expectPeers: records.expectPeers,
  expectDifferent: records.expectDifferent,
  listen: records.listen,
  acceptAt: records.acceptAt,
  welcome: records.welcome,
  expectNoDial: records.expectNoDial,
  buildRing: ring.buildRing,
  ringNode: ring.ringNode,
  takePart: ring.takePart,
  joined: ring.joined,
  meet: ring.meet,
  ringSend: ring.ringSend,
  expectAsked: ring.expectAsked,
  expectNotAsked: ring.expectNotAsked,
  expectAskedAtMost: ring.expectAskedAtMost,
  expectSessions: ring.expectSessions,
  forget: ring.forget,
  dropTestee: ring.dropTestee,
  expectState: ring.expectState,
  expectStep: ring.expectStep,
  lookUp: ring.lookUp,
  eventually: flow.eventually,
  makeKey: table.makeKey,
  makeTableRecord: table.makeTableRecord,
  tableAsk: table.tableAsk,
  tableAnswer: table.tableAnswer,
  tableNoAnswer: table.tableNoAnswer,
  tableTell: table.tableTell,
  hold: table.hold,
  spread: table.spread,
  expectHeld: table.expectHeld,
  expectNotHeld: table.expectNotHeld,
  fillStore: table.fillStore,
  tablePut: table.tablePut,
  tableDelete: table.tableDelete,
  tableGet: table.tableGet,
  tableKeys: table.tableKeys,
  tableWatch: table.tableWatch,
  expectWritten: table.expectWritten,
  expectChanged: table.expectChanged,
};

/** Does one step. */
export const runStep: RunStep = async (stage, step) => {
  stage.trace.add(`• ${stepText(step)}`);
  await handlers[step.do](stage, step as never, runStep);
};

/** A step for people: what it does and to whom. */
export function stepText(step: Step): string {
  const { do: name, ...rest } = step as Step & Record<string, unknown>;
  const text = JSON.stringify(rest);
  return `${name} ${text.length > 120 ? `${text.slice(0, 120)}…` : text}`;
}
