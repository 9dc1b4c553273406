// The HTTP upgrade to WebSocket (6.2), from either side. As a client the runner checks every answer; as a server every request; what a
// scenario changes is sent instead, and then only the answer tells.
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { layHttpHead, parseHttpHead, webSocketAccept, type HttpHead } from "../../golden/index.js";
import { StepFailure } from "../step-failure.js";
import type { Refusal } from "./carrier.js";

/** What the request of an upgrade says otherwise than a right one; an empty text leaves the field out. */
export interface UpgradeRequest {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly protocol?: string;
  readonly origin?: string;
  readonly extensions?: string;
  /** Of the header Upgrade. */
  readonly upgrade?: string;
  readonly version?: string;
}

/** What the answer says otherwise than a right one; an empty text leaves the field out. */
export interface UpgradeAnswer {
  readonly status?: number;
  readonly protocol?: string;
  readonly extensions?: string;
  readonly accept?: string;
}

const HEAD_END = "\r\n\r\n";
const MOST_HEAD = 16_384;

type Field = readonly [name: string, value: string];

const present = (fields: readonly Field[]): Field[] => fields.filter(([, value]) => value !== "");

/** Reads a head; undefined when the connection ends before its end. What comes behind it stays in the socket. */
export function readHead(socket: Socket): Promise<HttpHead | undefined> {
  return new Promise((resolve) => {
    let text = "";
    const settle = (head: HttpHead | undefined): void => {
      socket.off("data", onData);
      socket.off("end", onEnd);
      socket.off("close", onEnd);
      socket.pause();
      resolve(head);
    };
    const onEnd = (): void => settle(undefined);
    const onData = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      const at = text.indexOf(HEAD_END);
      if (at < 0 && text.length < MOST_HEAD) return;
      settle(parseHttpHead(text.slice(0, Math.max(at, 0))));
      const rest = Buffer.from(text.slice(at + HEAD_END.length), "latin1");
      if (at >= 0 && rest.length > 0) socket.unshift(rest);
    };
    socket.on("data", onData);
    socket.once("end", onEnd);
    socket.once("close", onEnd);
    socket.resume();
  });
}

/** Asks a testee to upgrade. */
export async function requestUpgrade(
  socket: Socket,
  host: string,
  change: UpgradeRequest,
): Promise<Refusal | undefined> {
  const key = randomBytes(16).toString("base64");
  const fields: Field[] = [
    ["Host", change.host ?? host],
    ["Upgrade", change.upgrade ?? "websocket"],
    ["Connection", change.upgrade === "" ? "close" : "Upgrade"],
    ["Sec-WebSocket-Key", change.upgrade === "" ? "" : key],
    ["Sec-WebSocket-Version", change.upgrade === "" ? "" : (change.version ?? "13")],
    ["Sec-WebSocket-Protocol", change.protocol ?? "motet"],
    ["Origin", change.origin ?? ""],
    ["Sec-WebSocket-Extensions", change.extensions ?? ""],
  ];
  socket.write(layHttpHead(`${change.method ?? "GET"} ${change.path ?? "/motet"} HTTP/1.1`, present(fields)));
  const head = await readHead(socket);
  if (head === undefined) return { detail: "the connection ended before an answer to the upgrade" };
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head.start)?.[1]);
  if (status !== 101) return { status, detail: head.start };
  checkAnswer(head, key);
  return undefined;
}

/** r[ws.extensions], and what RFC 6455 asks of an answer. */
function checkAnswer({ fields }: HttpHead, key: string): void {
  const expect = (name: string, wanted: string | undefined, fold = false): void => {
    const value = fields.get(name.toLowerCase());
    if ((fold ? value?.toLowerCase() : value) === wanted) return;
    throw new StepFailure(`${name} of the upgrade: ${wanted ?? "none"}`, value ?? "none");
  };
  expect("Upgrade", "websocket", true);
  expect("Connection", "upgrade", true);
  expect("Sec-WebSocket-Accept", webSocketAccept(key));
  expect("Sec-WebSocket-Protocol", "motet");
  expect("Sec-WebSocket-Extensions", undefined);
}

/** Takes the upgrade of a testee that dials, and answers it. Gives its Host header. */
export async function answerUpgrade(
  socket: Socket,
  change: UpgradeAnswer,
): Promise<{ readonly host: string } | { readonly refusal: Refusal }> {
  const head = await readHead(socket);
  if (head === undefined) return { refusal: { detail: "the connection ended before a request to upgrade" } };
  checkRequest(head);
  const accept = webSocketAccept(head.fields.get("sec-websocket-key") ?? "");
  if (change.status !== undefined) {
    socket.end(layHttpHead(`HTTP/1.1 ${change.status} No`, [["Connection", "close"], ["Content-Length", "0"]])); // prettier-ignore
    return { refusal: { status: change.status, detail: "answered with an error" } };
  }
  const fields: Field[] = [
    ["Upgrade", "websocket"],
    ["Connection", "Upgrade"],
    ["Sec-WebSocket-Accept", change.accept ?? accept],
    ["Sec-WebSocket-Protocol", change.protocol ?? "motet"],
    ["Sec-WebSocket-Extensions", change.extensions ?? ""],
  ];
  socket.write(layHttpHead("HTTP/1.1 101 Switching Protocols", present(fields)));
  return { host: head.fields.get("host") ?? "" };
}

/** r[ws.subprotocol], the path, and what RFC 6455 asks of a request. */
function checkRequest({ start, fields }: HttpHead): void {
  if (start !== "GET /motet HTTP/1.1") throw new StepFailure("GET /motet HTTP/1.1", start);
  const offered = (name: string): string[] => (fields.get(name) ?? "").split(",").map((word) => word.trim());
  const needs: readonly (readonly [string, string])[] = [
    ["upgrade", "websocket"],
    ["connection", "upgrade"],
    ["sec-websocket-version", "13"],
    ["sec-websocket-protocol", "motet"],
  ];
  for (const [name, word] of needs) {
    const words = name === "sec-websocket-protocol" ? offered(name) : offered(name).map((one) => one.toLowerCase());
    if (!words.includes(word)) throw new StepFailure(`${word} in the header ${name}`, fields.get(name) ?? "none");
  }
  const key = fields.get("sec-websocket-key") ?? "";
  if (Buffer.from(key, "base64").length !== 16) throw new StepFailure("16 bytes as Sec-WebSocket-Key", key || "none");
}
