// Defects that are put into a run on purpose: each must be found out, so that it is known that the run looks.
import { Reader, VersionsSeen, Writer } from "../../dist/chord/index.js";

/** Takes the first record that comes, and remembers nothing. */
class FirstAnswerReader {
  #reader;
  #first;
  #isTold = false;

  constructor(context, _seen, wish) {
    this.#reader = new Reader(context, new VersionsSeen(1), wish);
  }

  begin = (now) => this.#reader.begin(now);
  found = (...input) => this.#reader.found(...input);
  lost = (...input) => this.#reader.lost(...input);
  failed = (...input) => this.#reader.failed(...input);
  wake = (now) => this.#reader.wake(now);

  answered(handle, answer, now) {
    if (answer.command === "GET") this.#first ??= { type: "got", record: answer.record, groups: [] };
    this.#reader.answered(handle, answer, now);
  }

  get deadline() {
    return this.#reader.deadline;
  }

  poll() {
    for (let output = this.#reader.poll(); output !== undefined; output = this.#reader.poll()) {
      if (output.type === "lookup" || output.type === "ask") return output;
      this.#first ??= output;
    }
    if (this.#first === undefined || this.#isTold) return undefined;
    this.#isTold = true;
    return this.#first;
  }
}

/** Says that a record is stored when the first of its groups has it. */
class HastyWriter {
  #writer;
  #isStored = false;
  #isTold = false;

  constructor(context, seen, wish) {
    this.#writer = new Writer(context, seen, wish);
  }

  begin = (now) => this.#writer.begin(now);
  found = (...input) => this.#writer.found(...input);
  lost = (...input) => this.#writer.lost(...input);
  failed = (...input) => this.#writer.failed(...input);
  wake = (now) => this.#writer.wake(now);

  answered(handle, answer, now) {
    this.#isStored = true;
    this.#writer.answered(handle, answer, now);
  }

  get deadline() {
    return this.#writer.deadline;
  }

  /** The other groups are never asked. */
  poll() {
    if (this.#isTold) return undefined;
    if (!this.#isStored) return this.#writer.poll();
    this.#isTold = true;
    return { type: "stored", result: undefined };
  }
}

const isUpkeep = (member, request) =>
  request.command === "SYNC" || (request.command === "PUT" && !member.isPutting(request.record.keyId));

/** By name: what is changed, and the kind of run that must find it out. */
export const planted = {
  noUpkeep: {
    kind: "four",
    what: "members neither compare nor send on what others do not ask them to",
    keepsSilent: isUpkeep,
    checksNothing: true,
  },
  noForwarding: {
    kind: "split",
    what: "members send no PUT on",
    keepsSilent: (_member, { command }) => command === "PUT",
    checksNothing: true,
  },
  answersBeforeDurable: {
    kind: "restart",
    what: "a disk says that a write is durable and writes it five seconds later",
    isDiskLying: true,
  },
  forgetsTombstones: {
    kind: "split",
    what: "members forget tombstones after five seconds",
    keeperShape: { maxTtl: -1195 },
  },
  firstAnswer: {
    kind: "split",
    what: "a reader takes the first answer",
    Reader: FirstAnswerReader,
  },
  hastyWriter: {
    kind: "four",
    what: "a writer says that a record is stored when the first group has it",
    Writer: HastyWriter,
  },
};
