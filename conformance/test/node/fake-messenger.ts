// The fake testee with an application: requests get numbers, and outcomes as its quirks have it. Says nothing on the wire but for dials.
import * as golden from "../../src/golden/index.js";
import type { Reply } from "../../src/link/index.js";
import { FakeTestee } from "./fake-testee.js";

type Members = Readonly<Record<string, unknown>>;

const REQUESTS = ["node.tell", "node.ask", "node.command", "node.peers", "node.locate"];

export class FakeMessenger extends FakeTestee {
  #requests = 0;

  override async request(op: string, input: Members = {}): Promise<Reply> {
    if (op === "node.serve") this.#report(input);
    if (!REQUESTS.includes(op)) return super.request(op, input);
    if (this.has("refuses") || (this.has("fills") && this.#requests > 2)) return { kind: "reject", code: "QUEUE_FULL" };
    const request = ++this.#requests;
    if (op === "node.tell" && this.told !== "" && !this.has("never-dials")) {
      await super.request("node.dial", { node: input["node"], address: this.told, nodeId: "" });
    }
    if (!this.has("no-outcome")) this.#outcome(op, request, input);
    return { kind: "ok", ok: { request } };
  }

  #outcome(op: string, request: number, { node, payload, wanted }: Members): void {
    const head = { node, request };
    if (this.has("fails")) return this.emit({ event: "failed", ...head, code: "TIMEOUT" });
    if (op === "node.tell") return this.emit({ event: "sent", ...head });
    if (op === "node.peers" || op === "node.locate") {
      return this.emit({ event: "records", ...head, peers: this.has("no-records") ? [] : [wanted] });
    }
    this.emit({ event: "answered", ...head, payload: this.has("other-payload") ? "00" : payload });
  }

  /** What the application hears of a peer that says nothing: enough to show that steps compare it. */
  #report({ node, channel }: Members): void {
    const peer = golden.toHex(golden.nodeIdOf(golden.sha256(golden.utf8("motet test a"))));
    if (this.has("no-report")) return;
    this.emit({ event: "told", node, peer, channel, payload: "6869" });
    this.emit({ event: "commanded", node, peer, command: 32_769, payload: "6869" });
    this.emit({ event: "skew", node, peer, ms: this.has("other-skew") ? 1 : 70_000 });
    this.emit({ event: "stale", node, peer, highest: this.has("other-stale") ? "8" : "7", changed: true });
  }
}
