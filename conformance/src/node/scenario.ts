// Shape of a scenario file's cases as TypeScript: what schema/scenario.schema.json allows. SCENARIOS.md says what each step does.
// Types only.
import type { Scheme } from "./carrier/index.js";
import type { RingStep } from "./scenario-ring.js";
import type { TableStep } from "./scenario-table.js";
import type { CompressOptions, MessagingStep, SequenceSpec } from "./scenario-messaging.js";

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

export type { PositionSpec, RingCommand, RingEntry, RingNodeChange } from "./scenario-ring.js";

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
  /** Kind of binding; the one that both HELLOs agree on when left out. */
  readonly kind?: number;
  /** The 32 bytes of the binding, when they are not those of this connection: another connection's, or zeros. */
  readonly binding?: "flipped" | "zero";
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
  /** `last`: the tag of the frame that this peer took last. `@name`: one that expectFrame remembered. */
  readonly tag?: number | string;
  /** The payload leaves compressed, its id in the flags. */
  readonly compress?: CompressOptions;
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
  /** The payload stands compressed in the content, with encoding 1. */
  readonly compress?: CompressOptions;
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
  readonly event: "peer.up" | "peer.down" | "refused" | "delivered" | "left";
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

/** Changes to the TLS handshake of the runner. */
interface TlsOptions {
  readonly version?: "1.2" | "1.3";
  readonly alpn?: readonly string[];
}

/** Changes to the request of an upgrade; an empty text leaves the header out. In `host`, `:port` stands for the testee's. */
export interface UpgradeRequestOptions {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly protocol?: string;
  readonly origin?: string;
  readonly extensions?: string;
  readonly upgrade?: string;
  readonly version?: string;
}

/** Changes to the answer of an upgrade; an empty text leaves the header out. */
interface UpgradeAnswerOptions {
  readonly status?: number;
  readonly protocol?: string;
  readonly extensions?: string;
  readonly accept?: string;
}

/** What a node of the testee is started with beside seed, network and limits. */
export interface NodeOptions {
  /** Name of a certificate of the runner's; `@name` has the key of that identity. */
  readonly certificate?: string;
  readonly configured?: readonly string[];
  readonly origins?: readonly string[];
}

type On = { readonly peer: string };

export type Step =
  | ({
      readonly do: "start";
      readonly node: string;
      readonly limits?: Readonly<Record<string, string>>;
    } & NodeOptions)
  | ({
      readonly do: "connect";
      readonly as?: string;
      readonly node?: string;
      readonly hold?: boolean;
      readonly bare?: "tcp" | "tls";
      readonly tls?: TlsOptions;
      readonly ws?: UpgradeRequestOptions;
    } & On)
  | ({
      readonly do: "accept";
      readonly as?: string;
      readonly node?: string;
      readonly pin?: string;
      readonly hold?: boolean;
      readonly host?: string;
      readonly tls?: TlsOptions & { readonly certificate?: string };
      readonly ws?: UpgradeAnswerOptions;
    } & On)
  | ({ readonly do: "resumeTls"; readonly of: string } & On)
  | {
      readonly do: "tap";
      readonly node: string;
      readonly to: string;
      readonly certificate?: string;
      readonly bindingKinds?: readonly number[];
    }
  | { readonly do: "expectTapped"; readonly node: string; readonly to: string }
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
      /** Encoding that each of them has. */
      readonly encoding?: 0 | 1;
    } & On)
  | ({
      readonly do: "expectFrame";
      readonly command: string | number;
      readonly kind?: FrameKind;
      readonly tag?: number;
      readonly payload?: string;
      readonly message?: { readonly name: string; readonly value: Readonly<Record<string, unknown>> };
      /** Compression ids that it may have; 0 alone when left out. */
      readonly compression?: readonly number[];
      /** Names under which members of the message are remembered. */
      readonly keep?: Readonly<Record<string, string>>;
      /** It is no longer than this. */
      readonly mostBytes?: number;
      /** Name under which its tag is remembered. */
      readonly keepTag?: string;
    } & On)
  | ({ readonly do: "expectClose"; readonly code: string; readonly maybe?: readonly string[] } & On)
  | ({ readonly do: "expectSilentClose" } & On)
  | ({ readonly do: "expectEnd" } & On)
  | ({ readonly do: "expectNoSession" } & On)
  | ({ readonly do: "expectHttp"; readonly status?: number } & On)
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
      /** Its sequence, when it is not the one before plus 1. */
      readonly sequence?: SequenceSpec;
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
  | ({ readonly do: "chunk"; readonly size: number; readonly fragments?: boolean } & On)
  | ({
      readonly do: "wsFrame";
      readonly opcode: "continuation" | "text" | "binary" | "close" | "ping" | "pong" | number;
      readonly wrongMask?: boolean;
      readonly bytes?: string;
      readonly fin?: boolean;
      readonly rsv?: number;
      readonly length?: number;
    } & On)
  | ({ readonly do: "stall" } & On)
  | ({ readonly do: "resume" } & On)
  | ({ readonly do: "halfClose"; readonly below?: boolean } & On)
  | ({ readonly do: "abort" } & On)
  | ({ readonly do: "leave" } & On)
  | ({ readonly do: "goodbye"; readonly code: string | number; readonly text?: string } & PayloadChange & On)
  | { readonly do: "repeat"; readonly times: number; readonly steps: readonly Step[] }
  | { readonly do: "takes"; readonly ms: number; readonly steps: readonly Step[] }
  | MessagingStep
  | RingStep
  | TableStep;

export type StepOf<Name extends Step["do"]> = Extract<Step, { readonly do: Name }>;

export interface Scenario extends NodeOptions {
  readonly id: string;
  readonly rules: readonly string[];
  /** The one carrier of this scenario. */
  readonly transport?: Scheme;
  /** The carriers on which it says something; all when left out. */
  readonly transports?: readonly Scheme[];
  /** Parts of the test network's descriptor that differ from the defaults. */
  readonly network?: Readonly<Record<string, number>>;
  readonly limits?: Readonly<Record<string, string>>;
  readonly incarnation?: string;
  /** The testee takes part in the ring; rounds and audits come when they are told. */
  readonly member?: boolean;
  /** Code with which node.start is refused. */
  readonly startRejects?: string;
  readonly memory?: { readonly growthBelow: number };
  /** False where a right node takes no further connection at the end. */
  readonly aliveAtEnd?: boolean;
  readonly steps: readonly Step[];
}
