// One operation of a node, member or client: a writer's or reader's machine, its lookups and requests, until it is done.
import { Lookup, Mender, ownersHere, Reader, Writer } from "../../dist/chord/index.js";
import { askRing, askTable, failed } from "./ask.mjs";
import { limits } from "./limits.mjs";

/** The owners of a lookup that answered, or may. */
function ownersOf(result) {
  if (result === undefined) return undefined;
  const { owners, owner } = result;
  const at = owners.findIndex(({ key }) => key === owner.key);
  return at < 0 ? [owner] : owners.slice(at);
}

/** A lookup on the virtual clock; `done` with the owners from the one that answered on, or nothing. */
function lookUp(world, node, target, done) {
  const here = node.ring === undefined ? undefined : ownersHere(node.ring.snapshot(), target);
  if (here !== undefined) {
    done(here);
    return;
  }
  const lookup = new Lookup({ self: node.contact, target, limits }, world.now);
  const own = node.ring === undefined ? undefined : node.ring.step(target);
  let isTold = false;
  const goOn = () => {
    for (let output = lookup.poll(); output !== undefined; output = lookup.poll()) ask(output);
    if (!lookup.isDone || isTold) return;
    isTold = true;
    done(ownersOf(lookup.result));
  };
  const ask = ({ type, to }) =>
    askRing(world, node, { type, to, target }, (answer) => {
      if (answer === failed) lookup.fail(to, type);
      else if (type === "state") lookup.receiveState(to, answer);
      else lookup.receiveStep(to, answer);
      goOn();
    });
  if (own !== undefined) lookup.beginWith(own);
  else lookup.beginAt(node.contacts());
  world.at(lookup.deadline, () => {
    if (isTold || !node.isAlive) return;
    lookup.wake(world.now);
    goOn();
  });
  goOn();
}

/** Lets a machine run; `said` takes what is neither a lookup nor a request. */
function run(world, node, machine, said) {
  let wakeAt = Infinity;
  const happen = (what) => {
    if (!node.isAlive) return;
    what(world.now);
    drain();
  };
  const drain = () => {
    for (let output = machine.poll(); output !== undefined; output = machine.poll()) {
      const { type, handle, to, target, request } = output;
      if (type === "lookup") {
        lookUp(world, node, target, (owners) =>
          happen((now) => (owners === undefined ? machine.lost(handle, now) : machine.found(handle, owners, now))),
        );
      } else if (type === "ask") {
        askTable(world, node, to, request, {
          done: (answer) => happen((now) => machine.answered(handle, answer, now)),
          failed: (code) => happen((now) => machine.failed(handle, code, now)),
        });
      } else said(output);
    }
    const { deadline } = machine;
    if (deadline >= wakeAt) return;
    wakeAt = deadline;
    world.at(deadline, () => {
      wakeAt = Infinity;
      happen((now) => machine.deadline <= now && machine.wake(now));
    });
  };
  happen((now) => machine.begin(now));
}

const context = (world) => ({ limits, shape: world.shape, positionOf: world.positions.of });

/** Reads; `done` once with `got` or `failed`. */
export function runReader(world, node, wish, done) {
  const make = world.planted.Reader ?? Reader;
  run(world, node, new make(context(world), node.seen, wish), (output) => done(output));
}

/** Writes; `done` with `stored`, `failed` or `newer`. */
export function runWriter(world, node, wish, done) {
  const make = world.planted.Writer ?? Writer;
  run(world, node, new make(context(world), node.seen, wish), (output) => done(output));
}

/** What a member does to see that a key lies where it belongs; `done` once. */
export function runMender(world, node, wish, done) {
  run(world, node, new Mender(context(world), node.seen, wish), done);
}
