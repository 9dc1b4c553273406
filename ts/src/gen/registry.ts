// Generated from proto/motet/v1 by `npm run generate`. Do not edit.
// Every number of Motet as a typed constant, the shapes of commands and the bounds of fields. Imports nothing.

export const Command = {
  /** First frame of each side: who I am, which network, what I can do. Section 3.3. */
  HELLO: 1,
  /** Second frame of each side: proof that it holds the key of its node id on this very connection. Section 3.4. */
  PROOF: 2,
  /** Asks for an answer, nothing else: a fence and a measure of the round trip. Section 3.6. */
  PING: 3,
  /** The last frame of its sender, with the reason. Section 3.7. */
  GOODBYE: 4,
  /** Replaces compressions, limit and record of a live session. Section 3.10. */
  UPDATE: 5,
  /** One message to a direct peer, at most once. Section 5.2. */
  TELL: 16,
  /** One question to a direct peer, one answer. Section 5.3. */
  ASK: 17,
  /** Asks for records of other nodes. Section 5.4. */
  PEERS: 18,
  /** A flooded message. Its payload is not Protobuf. Section 4.2. */
  BROADCAST: 32,
  /** Flooded search for a node. Section 5.5. */
  LOCATE: 33,
  /** The record of a located node, on its way back. Section 5.5. */
  FOUND: 34,
  /** Ids of broadcasts the sender holds (lazy trees). */
  ANNOUNCE: 35,
  /** Asks for announced broadcasts (lazy trees). */
  FETCH: 36,
  /** Makes a link lazy (lazy trees). */
  PRUNE: 37,
  /** Makes a link eager (lazy trees). */
  GRAFT: 38,
  /** Tells an origin that its sequence lies below what the network remembers. */
  STALE_SEQUENCE: 39,
  /** Asks for what a node knows of the ring, one snapshot. Section 7.3. */
  STATE: 64,
  /** Says that the sender takes the receiver for its successor. Section 7.6. */
  NOTIFY: 65,
  /** Suggests to stabilize now. Section 7.5. */
  HINT: 66,
  /** Announces that the sender leaves the ring. Section 7.7. */
  LEAVE: 67,
  /** One step of a lookup. Section 7.9. */
  STEP: 68,
  /** Stores a record. Section 8.4. */
  PUT: 72,
  /** Reads a record. Section 8.5. */
  GET: 73,
  /** Lists the keys of an arc. Section 8.6. */
  SCAN: 74,
  /** Compares and exchanges records between owners. Section 8.7. */
  SYNC: 75,
  /** Asks to be told of changes of a key. Section 8.8. */
  WATCH: 76,
  /** Tells of a change of a watched key. Section 8.8. */
  CHANGED: 77,
} as const;
export type CommandName = keyof typeof Command;

/** The name of each assigned number. */
export const commandNames: ReadonlyMap<number, CommandName> = new Map([
  [1, "HELLO"],
  [2, "PROOF"],
  [3, "PING"],
  [4, "GOODBYE"],
  [5, "UPDATE"],
  [16, "TELL"],
  [17, "ASK"],
  [18, "PEERS"],
  [32, "BROADCAST"],
  [33, "LOCATE"],
  [34, "FOUND"],
  [35, "ANNOUNCE"],
  [36, "FETCH"],
  [37, "PRUNE"],
  [38, "GRAFT"],
  [39, "STALE_SEQUENCE"],
  [64, "STATE"],
  [65, "NOTIFY"],
  [66, "HINT"],
  [67, "LEAVE"],
  [68, "STEP"],
  [72, "PUT"],
  [73, "GET"],
  [74, "SCAN"],
  [75, "SYNC"],
  [76, "WATCH"],
  [77, "CHANGED"],
]);

export const ErrorCode = {
  /** The transport failed for a reason without a code of its own. */
  TRANSPORT: 100,
  /** An orderly end: the node stops, or no longer wants this session. */
  CLOSED: 101,
  /** The connection ended without a GOODBYE. */
  LOST: 102,
  /** No connection could be made. */
  UNREACHABLE: 103,
  /** What the specification gives a time for was not there in time. */
  TIMEOUT: 104,
  /** The handshake failed for a reason without a code of its own. */
  HANDSHAKE: 200,
  /** The other side does not speak Motet: its preface is another's. */
  NOT_MOTET: 201,
  /** No version is spoken by both. */
  NO_VERSION: 202,
  /** The network ids differ. */
  WRONG_NETWORK: 204,
  /** The peer record is malformed, or its signature does not verify. */
  BAD_RECORD: 205,
  /** The other side is this very node. */
  SELF: 206,
  /** Another node answered than the one that was wanted. */
  UNEXPECTED_NODE: 207,
  /** A feature with an even number that this node does not know. */
  UNKNOWN_FEATURE: 208,
  /** The network requires encryption and the connection has none. */
  ENCRYPTION_REQUIRED: 209,
  /** No channel binding that both can compute, or one that must not be used here. */
  BINDING: 210,
  /** The proof does not verify. */
  BAD_PROOF: 211,
  /** The node id is banned or not allowed here. */
  BANNED: 212,
  /** No place for another session. */
  FULL: 213,
  /** Another session of the same two nodes stays. */
  DUPLICATE: 214,
  /** A frame or an order of frames that the protocol forbids. */
  PROTOCOL_ERROR: 300,
  /** A length above the limit that holds for it. */
  TOO_LARGE: 301,
  /** A compressed payload that cannot be decompressed here. */
  UNDECODABLE: 302,
  /** Bytes that are not what their place calls for. */
  MALFORMED: 303,
  /** A signature that does not verify. */
  BAD_SIGNATURE: 304,
  /** Bytes that are no valid node id. */
  BAD_KEY: 305,
  /** A text that is not the canonical text of anything. */
  BAD_TEXT: 306,
  /** Too many penalties in one session. */
  MISBEHAVED: 307,
  /** The request failed for a reason without a code of its own. */
  REQUEST: 400,
  /** The command of the request is unknown here. */
  UNKNOWN_COMMAND: 401,
  /** The caller's arguments cannot be used: nothing was sent. */
  MISUSE: 402,
  /** Nobody serves the channel of the request. */
  NOT_SERVED: 403,
  /** The application that serves the request has failed. */
  APPLICATION: 404,
  /** The position does not belong to the node that was asked. */
  NOT_OWNER: 405,
  /** The record has expired. */
  EXPIRED: 406,
  /** The record was issued, or numbered, too far ahead of the clock. */
  FUTURE: 407,
  /** Only older versions than one that was seen before could be reached. */
  STALE: 408,
  /** Busy or over a quota for a reason without a code of its own. */
  BUSY: 500,
  /** The peer does not take what it is sent in time. */
  SLOW: 501,
  /** The caller's own queue is full: try again later. */
  QUEUE_FULL: 502,
  /** The store has no room for the record. */
  STORE_FULL: 503,
} as const;
export type Code = keyof typeof ErrorCode;

/** The name of each assigned number. */
export const errorNames: ReadonlyMap<number, Code> = new Map([
  [100, "TRANSPORT"],
  [101, "CLOSED"],
  [102, "LOST"],
  [103, "UNREACHABLE"],
  [104, "TIMEOUT"],
  [200, "HANDSHAKE"],
  [201, "NOT_MOTET"],
  [202, "NO_VERSION"],
  [204, "WRONG_NETWORK"],
  [205, "BAD_RECORD"],
  [206, "SELF"],
  [207, "UNEXPECTED_NODE"],
  [208, "UNKNOWN_FEATURE"],
  [209, "ENCRYPTION_REQUIRED"],
  [210, "BINDING"],
  [211, "BAD_PROOF"],
  [212, "BANNED"],
  [213, "FULL"],
  [214, "DUPLICATE"],
  [300, "PROTOCOL_ERROR"],
  [301, "TOO_LARGE"],
  [302, "UNDECODABLE"],
  [303, "MALFORMED"],
  [304, "BAD_SIGNATURE"],
  [305, "BAD_KEY"],
  [306, "BAD_TEXT"],
  [307, "MISBEHAVED"],
  [400, "REQUEST"],
  [401, "UNKNOWN_COMMAND"],
  [402, "MISUSE"],
  [403, "NOT_SERVED"],
  [404, "APPLICATION"],
  [405, "NOT_OWNER"],
  [406, "EXPIRED"],
  [407, "FUTURE"],
  [408, "STALE"],
  [500, "BUSY"],
  [501, "SLOW"],
  [502, "QUEUE_FULL"],
  [503, "STORE_FULL"],
]);

export const Verdict = {
  /** Delivered and relayed. */
  ACCEPT: 1,
  /** Known already: dropped. */
  DUPLICATE: 2,
  /** Dropped, nobody's fault, nothing remembered. */
  IGNORE: 3,
  /** Dropped, counts against the peer that sent it, nothing remembered. */
  REJECT: 4,
} as const;
export type VerdictName = keyof typeof Verdict;

export const Feature = {
  /** Lazy trees on this link. */
  LAZY: 1,
  /** Takes part in the ring. Section 7.2. */
  MEMBER: 3,
} as const;
export type FeatureName = keyof typeof Feature;

export const Compression = {
  /** Not compressed. */
  UNSPECIFIED: 0,
  /** Raw deflate (RFC 1951). */
  DEFLATE: 1,
  /** One gzip member (RFC 1952). */
  GZIP: 2,
  /** zlib (RFC 1950). */
  ZLIB: 3,
  /** Zstandard, window ≤ 8 MiB, one frame. */
  ZSTD: 4,
  /** Brotli without large window. */
  BROTLI: 5,
  /** Snappy. */
  SNAPPY: 6,
  /** LZ4. */
  LZ4: 7,
} as const;
export type CompressionName = keyof typeof Compression;

export const BindingKind = {
  /** No binding: 32 zero bytes. */
  UNSPECIFIED: 0,
  /** SHA-256 of the responder's TLS certificate. Section 6.4. */
  CERTIFICATE: 1,
  /** Noise handshake hash. */
  NOISE: 2,
  /** The address as dialled, of a connection whose certificate the platform validated. */
  AUTHORITY: 3,
  /** TLS exporter (RFC 9266). */
  EXPORTER: 4,
} as const;
export type BindingKindName = keyof typeof BindingKind;

export const Policy = {
  /** No bit set: plain connections allowed, broadcasts signed and not compressed. */
  UNSPECIFIED: 0,
  /** Connections must be encrypted. */
  ENCRYPTION_REQUIRED: 1,
  /** Broadcasts carry no signature. */
  UNSIGNED_BROADCASTS: 2,
  /** Origins may compress broadcasts. */
  COMPRESSED_BROADCASTS: 4,
} as const;
export type PolicyName = keyof typeof Policy;

export const Limit = {
  /** Version of the protocol that this registry describes. Fixed. */
  VERSION: 1,
  /** Longest payload before READY. Fixed. */
  PRE_READY_PAYLOAD_BYTES: 4096,
  /** Longest payload a node announces that it takes. */
  RECEIVE_BYTES: 1048576,
  /** A receive limit is at least max(max_message, max_value) plus this. Fixed. */
  RECEIVE_HEADROOM_BYTES: 4096,
  /** Largest receive limit: what 24 bits hold. Fixed. */
  RECEIVE_MAX_BYTES: 16777215,
  /** From accepting or making a connection to READY. */
  HANDSHAKE_MS: 10000,
  /** Handshakes under way at once that others began. */
  HANDSHAKES: 128,
  /** Sessions at once. */
  SESSIONS: 256,
  /** Reading on after a GOODBYE, before the connection is closed. */
  CLOSE_READ_MS: 1000,
  /** Longest peer record. Fixed. */
  RECORD_BYTES: 1024,
  /** Longest time from issue to expiry of a peer record. Fixed. */
  RECORD_LIFETIME_MS: 86400000,
  /** Longest name of a network. Fixed. */
  NAME_BYTES: 64,
  /** Longest channel. Fixed. */
  CHANNEL_BYTES: 64,
  /** Sequences below the highest that are still told apart. Fixed. */
  SEQUENCE_WINDOW: 1024,
  /** What is known of broadcasts is kept this much longer than twice the freshness. */
  RETENTION_EXTRA_S: 60,
  /** Origins remembered at once. */
  ORIGINS: 100000,
  /** Origins that one link may introduce. */
  ORIGINS_PER_LINK: 25000,
  /** Places kept for direct peers' own messages when all others are taken. */
  ORIGINS_DIRECT: 256,
  /** Ids remembered at once in an unsigned network. */
  UNSIGNED_IDS: 1048576,
  /** Accepted messages of which a node still knows who sent them a copy. */
  RECENT_MESSAGES: 4096,
  /** Frames per link that are being verified, or wait for a verification, before reading stops there. */
  VERIFYING_PER_LINK: 64,
  /** Payload bytes waiting for validation per link, before reading stops there. */
  PENDING_PER_LINK_BYTES: 4194304,
  /** Payload bytes waiting for validation in all. */
  PENDING_BYTES: 67108864,
  /** Penalty for a rejected broadcast. */
  PENALTY_REJECT: 1,
  /** Penalty for a second copy of one message in one session. */
  PENALTY_REPEAT: 1,
  /** Penalty for a bad signature. */
  PENALTY_BAD_SIGNATURE: 20,
  /** Penalties that end a session. */
  PENALTY_END: 20,
  /** Penalties of one node for which it is banned. */
  PENALTY_BAN: 100,
  /** After this time the penalties of a node halve. */
  PENALTY_HALVE_MS: 600000,
  /** How long a node is banned. */
  BAN_MS: 3600000,
  /** Nodes whose penalties are kept at once. */
  PENALISED: 4096,
  /** Origins that one session may introduce in a second. */
  ORIGINS_PER_SECOND: 100,
  /** First copies that one session may bring in a second before it is read more slowly. */
  COPIES_PER_SECOND: 2000,
  /** Broadcasts of its own that a node makes in a second. */
  PUBLISHED_PER_SECOND: 1000,
  /** Shortest time between two sequences that a node takes over from STALE_SEQUENCE. */
  STALE_INTERVAL_MS: 3600000,
  /** How far above its clock a sequence may lie that a node takes over. Fixed. */
  STALE_AHEAD_S: 86400,
  /** Peers that a node wants; with 0 it looks for none. */
  PEERS_TARGET: 8,
  /** Sessions that a node wants among them that it dialled itself. */
  PEERS_DIALLED: 3,
  /** Peers of one prefix that a node dials of itself. */
  PEERS_DIALLED_PER_PREFIX: 2,
  /** Known records whose first address is of one prefix. */
  KNOWN_PER_PREFIX: 8,
  /** Known records that one peer has told. */
  KNOWN_PER_SOURCE: 32,
  /** Shortest time between two looks for more peers. */
  PEERS_LOOK_MS: 1000,
  /** Anchors: peers that a node dials first after its next start. */
  ANCHORS: 2,
  /** Outbound queue per peer. */
  QUEUE_BYTES: 4194304,
  /** Outbound queue above which the caller is told to wait. */
  QUEUE_HIGH_WATER_BYTES: 1048576,
  /** A queue that stays full this long ends the session with SLOW. */
  QUEUE_FULL_MS: 10000,
  /** First wait before a configured address is dialled again. */
  REDIAL_MIN_MS: 500,
  /** Longest wait before a configured address is dialled again. */
  REDIAL_MAX_MS: 60000,
  /** Silence after which a peer is asked for a sign of life. */
  KEEPALIVE_MS: 20000,
  /** Silence after which it is asked again. */
  KEEPALIVE_RETRY_MS: 5000,
  /** How often it is asked before the session ends. */
  KEEPALIVE_PROBES: 3,
  /** How long a frame that has begun may take, besides its share of FRAME_BYTES_PER_S. */
  FRAME_MS: 30000,
  /** Least rate at which a frame that has begun must come. */
  FRAME_BYTES_PER_S: 16384,
  /** A difference between two clocks above which both applications are told. */
  CLOCK_SKEW_MS: 60000,
  /** How far ahead of the own clock the record of a third node may have been issued. Fixed. */
  RECORD_AHEAD_MS: 600000,
  /** Records of nodes that are no peers, remembered at once. */
  KNOWN_RECORDS: 256,
  /** READY sessions with one IPv4 address, or one /64 of IPv6. */
  SESSIONS_PER_ADDRESS: 8,
  /** Handshakes under way at once that others began from one prefix. */
  HANDSHAKES_PER_PREFIX: 4,
  /** Connections a second that others begin from one prefix. */
  HANDSHAKES_PER_SECOND: 20,
  /** Dials under way at once. */
  DIALS: 8,
  /** Dials to a told address that may fail in a row. */
  DIAL_FAILURES: 3,
  /** How long such an address is left alone then, the first time. */
  DIAL_PENALTY_MS: 600000,
  /** Dials to told addresses of one prefix that may fail within a minute. */
  DIAL_PREFIX_FAILURES: 12,
  /** Requests of one direction that wait for their answers in one session. */
  REQUESTS: 1024,
  /** Requests given up and not answered that end a session. */
  UNANSWERED: 4096,
  /** Shortest payload that is worth compressing. */
  COMPRESS_MIN_BYTES: 256,
  /** Shortest time between two answers to PEERS in one session. */
  PEERS_INTERVAL_MS: 30000,
  /** Records of one prefix in one answer to PEERS. */
  PEERS_PER_PREFIX: 2,
  /** Longest message of a WebSocket. Fixed. */
  WS_MESSAGE_BYTES: 65536,
  /** Most hops of a LOCATE. Fixed. */
  LOCATE_HOPS: 32,
  /** LOCATEs a second that one session may bring. */
  LOCATES_PER_SECOND: 2,
  /** Queries remembered at once. */
  LOCATES: 4096,
  /** How long a query is remembered. */
  LOCATE_KEEP_MS: 30000,
  /** How long an asker waits before it asks further, and at the end. */
  LOCATE_WAIT_MS: 1000,
  /** FOUNDs of one query that are passed on. */
  FOUNDS: 3,
  /** Time between two rounds of stabilizing. */
  RING_STABILIZE_MS: 5000,
  /** Longest time between two rounds while nothing changes. */
  RING_STABILIZE_QUIET_MS: 30000,
  /** Time between two audits. */
  RING_AUDIT_MS: 60000,
  /** Predecessors of its head that a node walks to in one round. Fixed. */
  RING_WALK: 8,
  /** Longest wait for the answer to one try of a request of the ring. */
  RING_REQUEST_MS: 3000,
  /** Tries after which a node that does not answer has failed. */
  RING_TRIES: 3,
  /** Sessions that a node keeps which it dialled for the ring or the table and needs for nothing else. */
  RING_SESSIONS: 64,
  /** First wait before a node that could not join tries again. */
  RING_JOIN_MIN_MS: 500,
  /** Longest wait before a node that could not join tries again. */
  RING_JOIN_MAX_MS: 30000,
  /** How long a node waits for answers to LEAVE. */
  RING_LEAVE_MS: 10000,
  /** Nodes that were on a list once and failed, remembered at once. */
  RING_PASSIVE: 256,
  /** How long such a node is remembered. */
  RING_PASSIVE_KEEP_MS: 86400000,
  /** Records in one list of an answer to STEP. Fixed. */
  STEP_RECORDS: 4,
  /** Nodes that one lookup asks at once. */
  LOOKUP_PARALLEL: 2,
  /** Nodes that one lookup asks after each other at most. Fixed. */
  LOOKUP_HOPS: 64,
  /** How long a lookup takes at most. */
  LOOKUP_MS: 10000,
  /** Longest name of a key. Fixed. */
  KEY_BYTES: 1024,
  /** How far ahead of the clock a record may have been issued or numbered. Fixed. */
  TABLE_AHEAD_MS: 600000,
  /** How much longer than the longest time to live a tombstone is kept. Fixed. */
  TOMBSTONE_EXTRA_MS: 1200000,
  /** Groups that must hold a record before it counts as stored. Fixed. */
  PUT_GROUPS: 3,
  /** Distinct nodes that must hold a record before it counts as stored. Fixed. */
  PUT_NODES: 5,
  /** How long a member takes at most to answer a PUT. */
  PUT_MS: 5000,
  /** Keys of which a reader remembers the newest version it has seen. */
  VERSIONS_SEEN: 4096,
  /** Keys in one answer to SCAN. Fixed. */
  SCAN_KEYS: 256,
  /** Entries in one answer to SYNC. Fixed. */
  SYNC_ENTRIES: 256,
  /** Time between two comparisons with a neighbour. */
  SYNC_MS: 60000,
  /** Time between two comparisons with the other groups. */
  CROSS_CHECK_MS: 3600000,
  /** Longest lease of a watched key. */
  WATCH_MS: 600000,
  /** Keys that one peer may watch at a member. */
  WATCHES: 256,
  /** Bytes of records that a member stores. */
  STORE_BYTES: 1073741824,
} as const;
export type LimitName = keyof typeof Limit;

export const Phase = {
  /** Looks for its place; has no list yet. */
  JOINING: 1,
  /** Has its place. */
  MEMBER: 2,
  /** Has founded the ring, and its list has never been full. */
  FOUNDER: 3,
  /** Has said that it leaves, and still answers. */
  LEAVING: 4,
} as const;
export type PhaseName = keyof typeof Phase;

/** Limits that are part of the protocol: nobody configures them. */
export const fixedLimits: ReadonlySet<LimitName> = new Set<LimitName>([
  "VERSION",
  "PRE_READY_PAYLOAD_BYTES",
  "RECEIVE_HEADROOM_BYTES",
  "RECEIVE_MAX_BYTES",
  "RECORD_BYTES",
  "RECORD_LIFETIME_MS",
  "NAME_BYTES",
  "CHANNEL_BYTES",
  "SEQUENCE_WINDOW",
  "STALE_AHEAD_S",
  "RECORD_AHEAD_MS",
  "WS_MESSAGE_BYTES",
  "LOCATE_HOPS",
  "RING_WALK",
  "STEP_RECORDS",
  "LOOKUP_HOPS",
  "KEY_BYTES",
  "TABLE_AHEAD_MS",
  "TOMBSTONE_EXTRA_MS",
  "PUT_GROUPS",
  "PUT_NODES",
  "SCAN_KEYS",
  "SYNC_ENTRIES",
]);

/** Meaning of a frame's tag when neither REQUEST nor RESPONSE is set. */
export type TagMeaning = "ZERO" | "HOPS_SO_FAR" | "HOPS_LEFT";

/** What the frames of one command may look like. */
export interface CommandShape {
  readonly name: CommandName;
  /** Protobuf message of a one-way frame or a request; empty when the payload is not Protobuf. */
  readonly payload: MessageName | "";
  /** Protobuf message of a successful answer; empty when there is none. */
  readonly answer: MessageName | "";
  /** May be sent without REQUEST and RESPONSE. */
  readonly oneWay: boolean;
  /** May be sent with REQUEST, and is answered then. */
  readonly request: boolean;
  readonly tag: TagMeaning;
  /** May be sent before the session is READY. */
  readonly beforeReady: boolean;
  /** The frame may compress its payload. */
  readonly compressible: boolean;
  /** Assigned, but its chapter is not written: receivers treat the code as unknown. */
  readonly reserved: boolean;
}

/** Bounds of one field: what is absent does not bound it. Those of a repeated field's values hold for each of them. */
export interface Bounds {
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly exactOrEmpty?: number;
  /** A bigint exactly when the field is 64 bits wide; so is `max`. */
  readonly min?: number | bigint;
  readonly max?: number | bigint;
  readonly maxItems?: number;
  readonly printable?: boolean;
}

export interface FieldBounds {
  readonly name: string;
  /** Name in JSON, and of the property in the generated code. */
  readonly json: string;
  readonly number: number;
  readonly type: "bytes" | "string" | "bool" | "uint32" | "uint64";
  readonly repeated: boolean;
  readonly bounds: Bounds;
}

/** Shapes of the assigned commands by number. */
// prettier-ignore
export const commandShapes: ReadonlyMap<number, CommandShape> = new Map<number, CommandShape>([
  [1, { name: "HELLO", payload: "Hello", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: true, compressible: false, reserved: false }],
  [2, { name: "PROOF", payload: "Proof", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: true, compressible: false, reserved: false }],
  [3, { name: "PING", payload: "Ping", answer: "Ping", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [4, { name: "GOODBYE", payload: "Goodbye", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: true, compressible: false, reserved: false }],
  [5, { name: "UPDATE", payload: "Update", answer: "UpdateAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [16, { name: "TELL", payload: "Tell", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: true, reserved: false }],
  [17, { name: "ASK", payload: "Ask", answer: "AskAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: true, reserved: false }],
  [18, { name: "PEERS", payload: "Peers", answer: "PeersAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: true, reserved: false }],
  [32, { name: "BROADCAST", payload: "", answer: "", oneWay: true, request: false, tag: "HOPS_SO_FAR", beforeReady: false, compressible: false, reserved: false }],
  [33, { name: "LOCATE", payload: "Locate", answer: "", oneWay: true, request: false, tag: "HOPS_LEFT", beforeReady: false, compressible: false, reserved: false }],
  [34, { name: "FOUND", payload: "Found", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: true, reserved: false }],
  [35, { name: "ANNOUNCE", payload: "", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: false, reserved: true }],
  [36, { name: "FETCH", payload: "", answer: "", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: true }],
  [37, { name: "PRUNE", payload: "", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: false, reserved: true }],
  [38, { name: "GRAFT", payload: "", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: false, reserved: true }],
  [39, { name: "STALE_SEQUENCE", payload: "StaleSequence", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [64, { name: "STATE", payload: "State", answer: "StateAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [65, { name: "NOTIFY", payload: "Notify", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [66, { name: "HINT", payload: "Hint", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [67, { name: "LEAVE", payload: "Leave", answer: "LeaveAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [68, { name: "STEP", payload: "Step", answer: "StepAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [72, { name: "PUT", payload: "Put", answer: "PutAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [73, { name: "GET", payload: "Get", answer: "GetAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [74, { name: "SCAN", payload: "Scan", answer: "ScanAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [75, { name: "SYNC", payload: "Sync", answer: "SyncAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [76, { name: "WATCH", payload: "Watch", answer: "WatchAnswer", oneWay: false, request: true, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
  [77, { name: "CHANGED", payload: "Changed", answer: "", oneWay: true, request: false, tag: "ZERO", beforeReady: false, compressible: false, reserved: false }],
]);

/** Fields of each message, in order. */
// prettier-ignore
export const messageBounds = {
  /** Payload of LOCATE: section 5.5. */
  Locate: [
    { name: "query", json: "query", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 16, maxBytes: 16 } },
    { name: "wanted", json: "wanted", number: 2, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
  ],
  /** Payload of FOUND: section 5.5. */
  Found: [
    { name: "query", json: "query", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 16, maxBytes: 16 } },
    { name: "record", json: "record", number: 2, type: "bytes", repeated: false, bounds: { minBytes: 120, maxBytes: 1024 } },
  ],
  /** Payload of STALE_SEQUENCE: section 4.8. */
  StaleSequence: [
    { name: "highest", json: "highest", number: 1, type: "uint64", repeated: false, bounds: { max: 9223372036854775807n } },
  ],
  /** Payload of TELL: r[tell.deliver]. */
  Tell: [
    { name: "channel", json: "channel", number: 1, type: "string", repeated: false, bounds: { maxBytes: 64 } },
    { name: "payload", json: "payload", number: 2, type: "bytes", repeated: false, bounds: {} },
  ],
  /** Payload of an ASK request: r[ask.serve]. */
  Ask: [
    { name: "channel", json: "channel", number: 1, type: "string", repeated: false, bounds: { maxBytes: 64 } },
    { name: "payload", json: "payload", number: 2, type: "bytes", repeated: false, bounds: {} },
    { name: "timeout_ms", json: "timeoutMs", number: 3, type: "uint32", repeated: false, bounds: { min: 1, max: 86400000 } },
  ],
  /** Payload of a successful ASK answer. */
  AskAnswer: [
    { name: "payload", json: "payload", number: 1, type: "bytes", repeated: false, bounds: {} },
  ],
  /** Payload of a PEERS request: r[peers.answer]. */
  Peers: [
    { name: "limit", json: "limit", number: 1, type: "uint32", repeated: false, bounds: { min: 1, max: 32 } },
  ],
  /** Payload of a successful PEERS answer. */
  PeersAnswer: [
    { name: "records", json: "records", number: 1, type: "bytes", repeated: true, bounds: { minBytes: 120, maxBytes: 1024, maxItems: 32 } },
  ],
  /** Payload of a STATE request: empty. */
  State: [],
  /** Payload of the answer to STATE: what a node knows of the ring at one moment (r[ring.state.answer]). */
  StateAnswer: [
    { name: "self", json: "self", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 120, maxBytes: 1024 } },
    { name: "phase", json: "phase", number: 2, type: "uint32", repeated: false, bounds: { min: 1, max: 4 } },
    { name: "predecessor", json: "predecessor", number: 3, type: "bytes", repeated: false, bounds: { maxBytes: 1024 } },
    { name: "successors", json: "successors", number: 4, type: "bytes", repeated: true, bounds: { minBytes: 120, maxBytes: 1024, maxItems: 64 } },
    { name: "wraps", json: "wraps", number: 5, type: "uint32", repeated: false, bounds: { max: 1 } },
  ],
  /** Payload of NOTIFY: empty; the subject is the peer itself (r[ring.notify.nearer]). */
  Notify: [],
  /** Payload of HINT: empty (r[ring.hint]). */
  Hint: [],
  /** Payload of a LEAVE request: empty; the subject is the peer itself (r[ring.leave.gone]). */
  Leave: [],
  /** Payload of the answer to LEAVE: empty. */
  LeaveAnswer: [],
  /** Payload of a STEP request: r[step.owners], r[step.next]. */
  Step: [
    { name: "target", json: "target", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
  ],
  /** Payload of the answer to STEP: who owns the target, or who is nearer to it; exactly one list has entries. */
  StepAnswer: [
    { name: "owners", json: "owners", number: 1, type: "bytes", repeated: true, bounds: { minBytes: 120, maxBytes: 1024, maxItems: 4 } },
    { name: "next", json: "next", number: 2, type: "bytes", repeated: true, bounds: { minBytes: 120, maxBytes: 1024, maxItems: 4 } },
  ],
  /** Payload of HELLO: r[session.hello.decode]. */
  Hello: [
    { name: "network_id", json: "networkId", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
    { name: "nonce", json: "nonce", number: 2, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
    { name: "record", json: "record", number: 3, type: "bytes", repeated: false, bounds: { minBytes: 120, maxBytes: 1024 } },
    { name: "wanted", json: "wanted", number: 4, type: "bytes", repeated: false, bounds: { exactOrEmpty: 32 } },
    { name: "clock_ms", json: "clockMs", number: 5, type: "uint64", repeated: false, bounds: { max: 9223372036854775807n } },
    { name: "dial_counter", json: "dialCounter", number: 6, type: "uint64", repeated: false, bounds: { max: 9223372036854775807n } },
    { name: "compressions", json: "compressions", number: 7, type: "uint32", repeated: true, bounds: { maxItems: 16 } },
    { name: "receive_limit", json: "receiveLimit", number: 8, type: "uint32", repeated: false, bounds: { min: 4097, max: 16777215 } },
    { name: "features", json: "features", number: 9, type: "uint32", repeated: true, bounds: { maxItems: 64 } },
    { name: "binding_kinds", json: "bindingKinds", number: 10, type: "uint32", repeated: true, bounds: { maxItems: 16 } },
    { name: "agent", json: "agent", number: 11, type: "string", repeated: false, bounds: { maxBytes: 128, printable: true } },
    { name: "observed_address", json: "observedAddress", number: 12, type: "string", repeated: false, bounds: { maxBytes: 256, printable: true } },
  ],
  /** Payload of PROOF: r[session.proof.verify]. */
  Proof: [
    { name: "binding_kind", json: "bindingKind", number: 1, type: "uint32", repeated: false, bounds: { max: 255 } },
    { name: "signature", json: "signature", number: 2, type: "bytes", repeated: false, bounds: { minBytes: 64, maxBytes: 64 } },
  ],
  /** Payload of PING and of its answer: empty. */
  Ping: [],
  /** Payload of an UPDATE request: what HELLO said, anew. */
  Update: [
    { name: "compressions", json: "compressions", number: 1, type: "uint32", repeated: true, bounds: { maxItems: 16 } },
    { name: "receive_limit", json: "receiveLimit", number: 2, type: "uint32", repeated: false, bounds: { min: 4097, max: 16777215 } },
    { name: "record", json: "record", number: 3, type: "bytes", repeated: false, bounds: { minBytes: 120, maxBytes: 1024 } },
  ],
  /** Payload of the answer to UPDATE: empty. */
  UpdateAnswer: [],
  /** Payload of GOODBYE. */
  Goodbye: [
    { name: "code", json: "code", number: 1, type: "uint32", repeated: false, bounds: { min: 100, max: 599 } },
    { name: "text", json: "text", number: 2, type: "string", repeated: false, bounds: { maxBytes: 256 } },
  ],
  /** Payload of every FAILED answer. */
  Error: [
    { name: "code", json: "code", number: 1, type: "uint32", repeated: false, bounds: { min: 100, max: 599 } },
    { name: "text", json: "text", number: 2, type: "string", repeated: false, bounds: { maxBytes: 256 } },
  ],
  /** The body of a peer record, kept as its owner made it: section 1.6. */
  PeerRecordBody: [
    { name: "addresses", json: "addresses", number: 1, type: "string", repeated: true, bounds: { minBytes: 1, maxBytes: 256, maxItems: 8, printable: true } },
    { name: "features", json: "features", number: 2, type: "uint32", repeated: true, bounds: { maxItems: 64 } },
  ],
  /** What is stored under a key (8.2). */
  Record: [
    { name: "kind", json: "kind", number: 1, type: "uint32", repeated: false, bounds: { min: 1, max: 3 } },
    { name: "key", json: "key", number: 2, type: "bytes", repeated: false, bounds: { minBytes: 1, maxBytes: 1056 } },
    { name: "writer", json: "writer", number: 3, type: "bytes", repeated: false, bounds: { exactOrEmpty: 32 } },
    { name: "sequence", json: "sequence", number: 4, type: "uint64", repeated: false, bounds: { max: 9223372036854775807n } },
    { name: "issued", json: "issued", number: 5, type: "uint64", repeated: false, bounds: { max: 9223372036854775807n } },
    { name: "expires", json: "expires", number: 6, type: "uint64", repeated: false, bounds: { max: 9223372036854775807n } },
    { name: "flags", json: "flags", number: 7, type: "uint32", repeated: false, bounds: { max: 1 } },
    { name: "value", json: "value", number: 8, type: "bytes", repeated: false, bounds: {} },
    { name: "signature", json: "signature", number: 9, type: "bytes", repeated: false, bounds: { exactOrEmpty: 64 } },
  ],
  /** Payload of a PUT request (8.4). */
  Put: [
    { name: "record", json: "record", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 1 } },
    { name: "position", json: "position", number: 2, type: "uint32", repeated: false, bounds: { max: 255 } },
    { name: "place", json: "place", number: 3, type: "uint32", repeated: false, bounds: { max: 64 } },
    { name: "copies", json: "copies", number: 4, type: "uint32", repeated: false, bounds: { min: 1, max: 65 } },
  ],
  /** Payload of the answer to PUT. */
  PutAnswer: [
    { name: "holders", json: "holders", number: 1, type: "bytes", repeated: true, bounds: { minBytes: 32, maxBytes: 32, maxItems: 65 } },
    { name: "whole", json: "whole", number: 2, type: "uint32", repeated: false, bounds: { max: 1 } },
    { name: "newer", json: "newer", number: 3, type: "bytes", repeated: false, bounds: {} },
  ],
  /** Payload of a GET request (8.5). */
  Get: [
    { name: "key_id", json: "keyId", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
    { name: "position", json: "position", number: 2, type: "uint32", repeated: false, bounds: { max: 255 } },
  ],
  /** Payload of the answer to GET. */
  GetAnswer: [
    { name: "record", json: "record", number: 1, type: "bytes", repeated: false, bounds: {} },
  ],
  /** Payload of a SCAN request (8.6). */
  Scan: [
    { name: "after", json: "after", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
  ],
  /** Payload of the answer to SCAN. */
  ScanAnswer: [
    { name: "keys", json: "keys", number: 1, type: "bytes", repeated: true, bounds: { minBytes: 2, maxBytes: 1057, maxItems: 256 } },
    { name: "more", json: "more", number: 2, type: "uint32", repeated: false, bounds: { max: 1 } },
  ],
  /** Payload of a SYNC request (8.7): an arc, or key ids. */
  Sync: [
    { name: "from", json: "from", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
    { name: "to", json: "to", number: 2, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
    { name: "cursor", json: "cursor", number: 3, type: "bytes", repeated: false, bounds: { exactOrEmpty: 32 } },
    { name: "count", json: "count", number: 4, type: "uint64", repeated: false, bounds: { max: 9223372036854775807n } },
    { name: "sum", json: "sum", number: 5, type: "bytes", repeated: false, bounds: { exactOrEmpty: 32 } },
    { name: "key_ids", json: "keyIds", number: 6, type: "bytes", repeated: true, bounds: { minBytes: 32, maxBytes: 32, maxItems: 256 } },
  ],
  /** Payload of the answer to SYNC. */
  SyncAnswer: [
    { name: "same", json: "same", number: 1, type: "uint32", repeated: false, bounds: { max: 1 } },
    { name: "entries", json: "entries", number: 2, type: "bytes", repeated: true, bounds: { minBytes: 67, maxBytes: 67, maxItems: 256 } },
    { name: "more", json: "more", number: 3, type: "uint32", repeated: false, bounds: { max: 1 } },
    { name: "records", json: "records", number: 4, type: "bytes", repeated: true, bounds: { minBytes: 1, maxItems: 256 } },
  ],
  /** Payload of a WATCH request (8.8). */
  Watch: [
    { name: "key_id", json: "keyId", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 32, maxBytes: 32 } },
    { name: "position", json: "position", number: 2, type: "uint32", repeated: false, bounds: { max: 255 } },
    { name: "lease_ms", json: "leaseMs", number: 3, type: "uint32", repeated: false, bounds: { max: 86400000 } },
  ],
  /** Payload of the answer to WATCH. */
  WatchAnswer: [
    { name: "lease_ms", json: "leaseMs", number: 1, type: "uint32", repeated: false, bounds: { max: 86400000 } },
  ],
  /** Payload of CHANGED (r[watch.lease]). */
  Changed: [
    { name: "record", json: "record", number: 1, type: "bytes", repeated: false, bounds: { minBytes: 1 } },
  ],
} as const satisfies Record<string, readonly FieldBounds[]>;

export type MessageName = keyof typeof messageBounds;
