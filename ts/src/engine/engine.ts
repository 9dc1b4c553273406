// One node without sockets, clock or randomness: sessions and flooding put together, and the only place of policy.
// Bytes and time in through the methods; outputs through `poll`, bytes through `fill`, the next time through `deadline`.

import { formatHex } from "../bytes/index.js";
import { firstApplicationCommand } from "../framing/index.js";
import { Feature, type Code } from "../gen/registry.js";
import { Flood, type Receipt } from "../mesh/index.js";
import { ownReceiveLimit, Session, type Offer, type SessionContext, type SessionOwner } from "../session/index.js";
import type { Anchor } from "./anchors.js";
import { BackPressure } from "./back-pressure.js";
import { Dialler, type DialTarget } from "./dialler.js";
import type { EngineConfig, EngineCounts, EngineShared, LinkInfo } from "./engine-types.js";
import { Effects } from "./effects.js";
import { FloodLink } from "./flood-link.js";
import type { Message } from "./message.js";
import { Messaging } from "./messaging.js";
import { checkOffer } from "./own-offer.js";
import { OutputQueue } from "./output-queue.js";
import type { NodeEvent, Output, QuestionEvent, RequestEvent } from "./outputs.js";
import { OwnRecord } from "./own-record.js";
import { Pauses } from "./pauses.js";
import { PeerLife, type Access } from "./peer-life.js";
import { PeerTable } from "./peer-table.js";
import { placeOf, Reception } from "./reception.js";
import { RingLink } from "./ring-link.js";
import type { RingService } from "./ring-service.js";
import { makeSessionOwner } from "./session-owner.js";
import { TableLink } from "./table/index.js";
import { Sessions } from "./sessions.js";

export class Engine {
  readonly #config: EngineConfig;
  readonly #outputs = new OutputQueue();
  readonly #effects = new Effects(this.#outputs);
  readonly #record: OwnRecord;
  readonly #flood: Flood;
  readonly #peers: PeerTable;
  readonly #dialler: Dialler;
  readonly #sessions = new Sessions();
  readonly #floodLink: FloodLink;
  readonly #backPressure: BackPressure;
  readonly #reception: Reception;
  readonly #life: PeerLife;
  readonly #messaging: Messaging;
  readonly #ring: RingLink;
  readonly #table: TableLink;
  readonly #pauses = new Pauses(this.#outputs);
  readonly #context: SessionContext;
  readonly #owner: SessionOwner;
  /** Whether an accepted broadcast is delivered and relayed: r[mesh.hook]. Without one all are. */
  hook: ((message: Message) => boolean) | undefined;
  #now: number;
  #dialCounter = 0;
  #offer: Offer;
  #isStopping = false;

  constructor(config: EngineConfig, now: number) {
    this.#config = config;
    this.#now = now;
    this.#offer = { compressions: config.compressions, receiveLimit: ownReceiveLimit(config.network, config.limits) };
    this.#peers = new PeerTable(config.nodeId);
    this.#dialler = new Dialler(config.limits, config.random);
    const shared = this.#shared();
    const { signatures } = shared;
    // r[ring.member] mutate: `[Feature.MEMBER]` => `[]`
    const features = config.isMember === true ? [Feature.MEMBER] : [];
    this.#record = new OwnRecord({ ...config, features, signatures, renewed: () => this.#sendUpdates() });
    this.#floodLink = new FloodLink({
      ...shared,
      isSigned: config.network.signed,
      hook: () => this.hook,
      relieved: () => this.#pauses.resume(),
    });
    this.#flood = new Flood({ ...config, signatures }, this.#floodLink, config.lastSequence);
    this.#backPressure = new BackPressure({
      ...shared,
      publishingBytes: () => this.#flood.publishingBytes,
      drained: () => this.#emit({ type: "drain" }),
    });
    this.#messaging = new Messaging({
      ...shared,
      refused: (by, isFull) => this.#backPressure.noteRefused(by, isFull),
      receiveStale: (highest) => this.#flood.receiveStale(highest, this.#now),
      peerOf: (session) => this.#life.peerOf(session),
      learnt: () => this.#life.selection.lookSoon(),
    });
    this.#ring = new RingLink(shared);
    this.#table = new TableLink({ ...shared, ring: this.#ring });
    this.#reception = new Reception(config.limits, (link, why) => this.#sessions.at(link)?.end("FULL", why));
    this.#life = new PeerLife({
      ...shared,
      reception: this.#reception,
      flood: this.#flood,
      penalties: this.#floodLink.penalties,
      messaging: this.#messaging,
      ring: this.#ring,
    });
    this.#context = {
      ...config,
      ...shared,
      features,
      withRecord: (use) => this.#record.with(use),
      offer: () => this.#offer,
      isDefined: (command) => this.#isDefined(command),
    };
    this.#owner = this.#makeOwner();
  }

  /** What most parts go by. */
  #shared(): EngineShared {
    return {
      config: this.#config,
      limits: this.#config.limits,
      signatures: this.#effects,
      peers: this.#peers,
      dialler: this.#dialler,
      emit: (event: NodeEvent | RequestEvent | QuestionEvent): void => this.#emit(event),
      push: (output: Output): void => this.#outputs.push(output),
      number: (): number => this.#messaging.outgoing.number(),
      ownRecord: () => this.#record.current,
      left: () => this.stop(this.#now),
      table: () => this.#table,
      now: (): number => this.#now,
    };
  }

  #makeOwner(): SessionOwner {
    return makeSessionOwner({
      ...this.#shared(),
      flood: this.#flood,
      life: this.#life,
      messaging: this.#messaging,
      ring: this.#ring,
      table: this.#table,
      outputs: this.#outputs,
      disconnect: (session) => this.#disconnect(session),
    });
  }

  /** Makes the node's record of the addresses it can be dialled at; to be called once before the first link. */
  announce(addresses: readonly string[], now: number): void {
    this.#at(now);
    this.#record.announce(addresses, now);
    this.#life.selection.start();
  }

  /** Dials an address, once or for good. */
  dial(target: DialTarget, now: number): void {
    this.#at(now);
    this.#dialler.add(target, now);
    this.#startDials();
  }

  /** A connection is there. `link` names it from now on. */
  open(link: number, info: LinkInfo, now: number): void {
    this.#at(now);
    const remoteAddress = placeOf(info);
    if (info.role === "responder" && !this.#reception.begin(link, remoteAddress, now)) {
      return this.#outputs.push({ type: "close", link });
    }
    const dialCounter = this.#countDial(info);
    const target = info.dial === undefined ? undefined : this.#dialler.target(info.dial);
    const session = new Session(this.#context, this.#owner, {
      ...info,
      link,
      remoteAddress,
      dialCounter,
      ...(target?.pinned === undefined ? {} : { pinned: target.pinned }),
    });
    this.#sessions.add(session);
    if (info.dial !== undefined) this.#life.dialled(session, info.dial);
    if (this.#isStopping) session.end("CLOSED", "the node stops");
    else session.open();
  }

  /** A dial came to nothing. @param code UNREACHABLE, or NOT_MOTET for one that a transport ended (6.1). */
  dialFailed(dial: number, text: string, now: number, code: Code = "UNREACHABLE"): void {
    this.#at(now);
    const { address = "", isTold = false } = this.#dialler.target(dial) ?? {};
    // What the node dials of its own accord concerns those for whom it does.
    if (!isTold) this.#emit({ type: "refused", role: "initiator", by: "local", code, text, address });
    this.#dialler.over(dial, now, false);
  }

  /** Bytes came; they are only looked at during the call. */
  receive(link: number, chunk: Uint8Array, now: number): void {
    this.#at(now);
    const session = this.#sessions.at(link);
    if (session === undefined) return;
    session.receive(chunk);
    this.#pauses.note(session);
  }

  /** The other side ended its direction. */
  otherSideEnded(link: number, now: number): void {
    this.#at(now);
    const session = this.#sessions.at(link);
    session?.otherSideEnded();
    if (session !== undefined) this.#pauses.note(session);
  }

  /** The connection is no more: the driver forgets the link. */
  closed(link: number, now: number): void {
    this.#at(now);
    const session = this.#sessions.at(link);
    session?.lost();
    if (session !== undefined) this.#pauses.note(session);
  }

  /** A signature effect is done: a boolean for `verify`, 64 bytes for `sign`. */
  complete(handle: number, result: boolean | Uint8Array, now: number): void {
    this.#at(now);
    this.#effects.complete(handle, result);
    this.#pauses.resume();
  }

  /** Time has come to `deadline`. */
  wake(now: number): void {
    this.#at(now);
    this.#flood.wake(now);
    // Before the sessions look at the time: what this node did not read is no silence of its peers.
    this.#pauses.resume();
    this.#sessions.wake();
    if (now >= this.#record.deadline) this.#record.renew(now);
    this.#messaging.wake(now);
    this.#ring.wake(now);
    this.#table.wake(now);
    this.#life.selection.wake(now);
    this.#startDials();
  }

  /**
   * Makes a broadcast; `payload` is copied.
   * @throws {ProtocolError} MISUSE, TOO_LARGE, QUEUE_FULL (r[mesh.publish.busy], r[mesh.publish.rate]): `drain` follows
   */
  broadcast(channel: string, payload: Uint8Array, now: number): Receipt {
    this.#at(now);
    return this.#flood.publish(channel, payload, now, () => this.#backPressure.countBroadcast());
  }

  /** What the application says to others, asks of them and serves; to be asked for anew for each call. */
  messaging(now: number): Messaging {
    this.#at(now);
    return this.#messaging;
  }

  /** What the application wants of the ring; to be asked for anew for each call. */
  ring(now: number): RingService {
    this.#at(now);
    return this.#ring.service;
  }

  /** The table: what the application wants of it, and what its store answers; to be asked for anew for each call. */
  table(now: number): Pick<TableLink, "service" | "load" | "stored" | "fetched"> {
    this.#at(now);
    return this.#table;
  }

  /** Says who may be a peer from now on: r[session.banned]. */
  access(access: Access, now: number): void {
    this.#at(now);
    this.#life.restrict(access);
  }

  /** Round trip to a peer, milliseconds. */
  rttMs(nodeId: Uint8Array): number | undefined {
    return this.#peers.find(nodeId)?.active.outbox.rttMs;
  }

  /** What the node takes. */
  get offer(): Offer {
    return this.#offer;
  }

  /** Changes what the node takes, and tells its peers: section 3.10. @throws {ProtocolError} MISUSE */
  update(offer: Offer, now: number): void {
    this.#at(now);
    checkOffer(this.#config, offer);
    this.#offer = offer;
    this.#sendUpdates();
  }

  #sendUpdates(): void {
    const record = this.#record.current;
    if (record !== undefined) this.#sessions.update(record, this.#offer);
  }

  /** Ends every session with CLOSED, once the broadcasts made so far are on their way; no more dials. */
  stop(now: number): void {
    this.#at(now);
    this.#isStopping = true;
    this.#life.selection.stop();
    this.#ring.stop();
    this.#table.stop();
    this.#flood.afterPublished(() => this.#sessions.endAll());
  }

  /** The next output, in the order in which they arose. */
  poll(): Output | undefined {
    const output = this.#outputs.shift();
    if (output !== undefined) return output;
    // Whatever the input was, it may have left room for what was refused.
    this.#backPressure.look();
    return this.#outputs.shift();
  }

  /** Bytes that wait to be filled for a link. */
  pendingBytes(link: number): number {
    return this.#sessions.at(link)?.pendingBytes ?? 0;
  }

  /** Writes whole frames and parts of long ones into `target`; answers how many bytes. `target` holds at least 8. */
  fill(link: number, target: Uint8Array, now: number): number {
    this.#at(now);
    const count = this.#sessions.at(link)?.fill(target) ?? 0;
    this.#pauses.resume();
    return count;
  }

  /** Whether the driver should not read from a link until a `resume` output. */
  isPaused(link: number): boolean {
    return this.#sessions.at(link)?.isPaused ?? false;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number | undefined {
    const due = Math.min(
      this.#record.deadline,
      this.#messaging.deadline,
      this.#ring.deadline,
      this.#table.deadline,
      this.#sessions.deadline,
      this.#life.selection.deadline,
      this.#flood.deadline,
      this.#backPressure.deadline,
      this.#isStopping ? Infinity : (this.#dialler.deadline ?? Infinity),
    );
    return due === Infinity ? undefined : due;
  }

  /** Node ids of the peers that were reported, sorted. */
  get peers(): readonly Uint8Array[] {
    return this.#peers.reported();
  }

  /** Peers to be dialled first after the next start; another list whenever they change. */
  get anchors(): readonly Anchor[] {
    return this.#life.selection.anchors;
  }

  get counts(): EngineCounts {
    return {
      verdicts: { ...this.#flood.counts },
      dropped: this.#floodLink.dropped,
      known: this.#flood.known,
      table: this.#table.size,
    };
  }

  /** The time of the input that is being handled, for everything inside. */
  #at(now: number): void {
    this.#now = now;
    this.#flood.setNow(now);
  }

  #emit(event: NodeEvent | RequestEvent | QuestionEvent): void {
    this.#outputs.push({ type: "event", event });
  }

  #countDial(info: LinkInfo): number {
    if (info.role === "responder") return 0;
    // r[session.hello.counter]
    this.#dialCounter++;
    return this.#dialCounter;
  }

  #startDials(): void {
    if (this.#isStopping) return;
    const isPeer = (key: string): boolean => [...this.#peers].some((peer) => formatHex(peer.nodeId) === key);
    for (const { dial, target } of this.#dialler.start(this.#now, isPeer)) {
      this.#outputs.push({ type: "dial", dial, address: target.address });
    }
  }

  /** Whether a command is known that not every node knows. */
  #isDefined(command: number): boolean {
    return command < firstApplicationCommand ? this.#ring.isMember : this.#messaging.serving.isDefined(command);
  }

  #disconnect(session: Session): void {
    const { link } = session.info;
    this.#sessions.remove(link);
    this.#life.forget(session);
    this.#pauses.forget(session);
    this.#outputs.push({ type: "close", link });
  }
}
