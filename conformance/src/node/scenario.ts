// Shape of a scenario file's cases as TypeScript: what schema/scenario.schema.json allows. SCENARIOS.md says what each step does.
// Types only.

/** Changes to a frame header after it was made right. */
interface FrameChange {
  readonly flags?: number;
  readonly command?: number;
  readonly tag?: number;
  readonly length?: number;
}

/** Changes to a Protobuf payload after it was made right. */
export interface PayloadChange {
  /** Bytes cut off the end. */
  readonly cut?: number;
  /** Hex appended. */
  readonly append?: string;
  /** Padded to this many bytes with an unknown field. */
  readonly fill?: number;
}

export interface RecordChange {
  readonly as?: string;
  readonly nodeId?: string;
  /** Milliseconds after now. */
  readonly issued?: number;
  readonly lifetime?: number;
  readonly incarnation?: string;
  readonly otherNetwork?: boolean;
  readonly flipped?: boolean;
  readonly body?: string;
  readonly addresses?: readonly string[];
  readonly features?: readonly number[];
}

export interface HelloOptions extends PayloadChange {
  /** Fields by JSON name, as link/1 writes them; `@name` is the node id of a name. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly record?: RecordChange;
  /** Payload of another connection's HELLO. */
  readonly like?: string;
  readonly frame?: FrameChange;
}

export interface ProofOptions extends PayloadChange {
  readonly kind?: number;
  /** flipped: one bit. reflected: over the testee's role. echo: the testee's own PROOF. */
  readonly signature?: "flipped" | "reflected" | "echo";
  readonly signer?: string;
  /** Payload of the PROOF that another connection sent. */
  readonly like?: string;
  readonly frame?: FrameChange;
}

export interface SendOptions extends PayloadChange {
  readonly command: string | number;
  readonly kind?: FrameKind;
  readonly flags?: number;
  /** `last`: the tag of the frame that this peer took last. */
  readonly tag?: number | "last";
  readonly payload?: string;
  readonly message?: { readonly name: string; readonly value: Readonly<Record<string, unknown>> };
  readonly length?: number;
}

export type FrameKind = "one-way" | "request" | "response" | "failed";

export interface MakeOptions {
  readonly message: string;
  /** Identity that signs, and the origin unless `origin` says otherwise. */
  readonly by?: string;
  readonly origin?: string;
  /** Everything not said here is taken from this one. */
  readonly like?: string;
  readonly count?: number;
  readonly sequence?: string | { readonly of: string; readonly plus: number };
  /** Milliseconds after now. */
  readonly sentAt?: number;
  /** Unix ms. */
  readonly sentAtMs?: string;
  readonly encoding?: number;
  readonly channel?: string;
  readonly channelBytes?: string;
  readonly channelLength?: number;
  readonly payload?: string;
  /** Length of the whole content; the payload is padded to it. */
  readonly contentBytes?: number;
  readonly signature?: "flipped" | "none" | "right";
  /** Signed for a network of another id. */
  readonly otherNetwork?: boolean;
  readonly signatureLength?: number;
  /** Bytes cut off the end of the frame's payload. */
  readonly cut?: number;
  /** Hex appended to the frame's payload after signing. */
  readonly append?: string;
}

export interface EventOptions {
  readonly event: "peer.up" | "peer.down" | "refused" | "delivered";
  readonly node?: string;
  readonly peer?: string;
  readonly from?: string;
  readonly role?: "initiator" | "responder";
  readonly by?: "local" | "remote";
  readonly code?: string;
  readonly message?: string;
  readonly messages?: readonly string[];
  readonly hops?: number;
}

type On = { readonly peer: string };

export type Step =
  | { readonly do: "start"; readonly node: string; readonly limits?: Readonly<Record<string, string>> }
  | ({ readonly do: "connect"; readonly as?: string; readonly node?: string; readonly hold?: boolean } & On)
  | ({
      readonly do: "accept";
      readonly as?: string;
      readonly node?: string;
      readonly pin?: string;
      readonly hold?: boolean;
    } & On)
  | { readonly do: "link"; readonly node: string; readonly to: string }
  | ({ readonly do: "preface"; readonly bytes?: string } & On)
  | ({ readonly do: "hello" } & HelloOptions & On)
  | ({ readonly do: "proof" } & ProofOptions & On)
  | ({ readonly do: "expectHello" } & On)
  | ({ readonly do: "expectProof" } & On)
  | ({ readonly do: "handshake"; readonly hello?: HelloOptions; readonly up?: boolean } & On)
  | { readonly do: "peers"; readonly peers: readonly string[] }
  | ({ readonly do: "send" } & SendOptions & On)
  | ({ readonly do: "sendRaw"; readonly bytes: string; readonly times?: number } & On)
  | { readonly do: "together"; readonly steps: readonly Step[] }
  | ({ readonly do: "make" } & MakeOptions)
  | {
      readonly do: "flood";
      readonly peer?: string;
      readonly peers?: readonly string[];
      readonly message?: string;
      readonly messages?: readonly string[];
      readonly tag?: number;
      readonly times?: number;
      readonly watch?: readonly string[];
    }
  | ({
      readonly do: "expectBroadcast";
      readonly message?: string;
      readonly messages?: readonly string[];
      readonly tag?: number;
      readonly anyOrder?: boolean;
    } & On)
  | ({
      readonly do: "expectFrame";
      readonly command: string | number;
      readonly kind?: FrameKind;
      readonly tag?: number;
      readonly payload?: string;
      readonly message?: { readonly name: string; readonly value: Readonly<Record<string, unknown>> };
    } & On)
  | ({ readonly do: "expectClose"; readonly code: string; readonly maybe?: readonly string[] } & On)
  | ({ readonly do: "expectSilentClose" } & On)
  | ({ readonly do: "expectEnd" } & On)
  | ({ readonly do: "expectQuiet" } & On)
  | ({ readonly do: "expectGone" } & On)
  | ({ readonly do: "expectEvent"; readonly already?: boolean; readonly anyOrder?: boolean } & EventOptions)
  | ({ readonly do: "expectNoEvent" } & EventOptions)
  | ({ readonly do: "fence"; readonly tag?: number; readonly skip?: boolean } & On)
  | { readonly do: "canary"; readonly after?: string; readonly from: string; readonly watch?: readonly string[] }
  | { readonly do: "alive"; readonly node?: string }
  | {
      readonly do: "broadcast";
      readonly message: string;
      readonly node?: string;
      readonly channel?: string;
      readonly payload?: string;
      readonly contentBytes?: number;
      readonly reject?: string;
    }
  | { readonly do: "snapshot"; readonly node?: string; readonly peers: readonly string[] }
  | { readonly do: "stop"; readonly node?: string }
  | { readonly do: "advance"; readonly ms: number }
  | {
      readonly do: "glut";
      readonly from: string;
      readonly stalled: string;
      readonly watch: readonly string[];
      readonly contentBytes: number;
      readonly atMost: number;
      readonly code: string;
    }
  | ({ readonly do: "expectDropped"; readonly message: string; readonly from: string } & On)
  | { readonly do: "gush"; readonly contentBytes: number; readonly atMost: number; readonly code: string }
  | ({ readonly do: "chunk"; readonly size: number } & On)
  | ({ readonly do: "stall" } & On)
  | ({ readonly do: "resume" } & On)
  | ({ readonly do: "halfClose" } & On)
  | ({ readonly do: "abort" } & On)
  | ({ readonly do: "leave" } & On)
  | ({ readonly do: "goodbye"; readonly code: string | number; readonly text?: string } & PayloadChange & On)
  | { readonly do: "repeat"; readonly times: number; readonly steps: readonly Step[] };

export type StepOf<Name extends Step["do"]> = Extract<Step, { readonly do: Name }>;

export interface Scenario {
  readonly id: string;
  readonly rules: readonly string[];
  /** Parts of the test network's descriptor that differ from the defaults. */
  readonly network?: Readonly<Record<string, number>>;
  readonly limits?: Readonly<Record<string, string>>;
  readonly incarnation?: string;
  /** Code with which node.start is refused. */
  readonly startRejects?: string;
  readonly memory?: { readonly growthBelow: number };
  /** False where a right node takes no further connection at the end. */
  readonly aliveAtEnd?: boolean;
  readonly steps: readonly Step[];
}
