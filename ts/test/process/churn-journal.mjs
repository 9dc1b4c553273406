// What a process of the churn test writes down and tells its parent in short intervals: broadcasts it made and those that
// were delivered to it, with the time. It broadcasts by itself from its first peer on. What is right or wrong is not its
// business: churn-verdict.ts judges.

const flushMs = 50;
const hex = (bytes) => Buffer.from(bytes).toString("hex");

/** Answers what to call before the process ends by itself. */
export function keepJournal(node, tell, { everyMs, phaseMs }) {
  let sent = [];
  let delivered = [];
  let talk;

  function flush() {
    if (sent.length + delivered.length > 0) tell({ type: "journal", sent, delivered });
    [sent, delivered] = [[], []];
  }

  function broadcast() {
    if (node.peers.length === 0) return;
    const at = Date.now();
    const { sequence } = node.tryBroadcast("churn", new Uint8Array(100));
    sent.push([String(sequence), at, node.peers.length]);
  }

  node.on("message", ({ origin, sequence }) => delivered.push([hex(origin), String(sequence), Date.now()]));
  const first = node.on("peer.up", () => {
    first[Symbol.dispose]();
    setTimeout(() => {
      broadcast();
      talk = setInterval(broadcast, everyMs);
    }, phaseMs).unref();
  });
  const beat = setInterval(flush, flushMs);
  return () => {
    clearInterval(talk);
    clearInterval(beat);
    flush();
  };
}
