// The process of a testee: spawned without a shell in a process group of its own, and ended with the whole group.
// Groups still alive when the runner exits are killed: a testee must not outlive the run.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";

export type Child = ChildProcessWithoutNullStreams;

const alive = new Set<Child>();

process.on("exit", () => {
  for (const child of alive) signalGroup(child, "SIGKILL");
});

/** Starts the program; failures to start come as the event `error` of the child. */
export function startProcess(words: readonly string[]): Child {
  const [program = "", ...args] = words;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], detached: process.platform !== "win32" });
  alive.add(child);
  child.once("close", () => alive.delete(child));
  child.once("error", () => alive.delete(child));
  // A testee that is gone makes writes fail; its exit is what is reported.
  child.stdin.on("error", () => {});
  return child;
}

/** Signals the group of the child; on Windows, where there are none, the child. */
export function signalGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Resolves to true when the child has ended, to false when the time is over before. */
export function ended(child: Child, withinMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = (value: boolean) => (): void => {
      clearTimeout(timer);
      child.off("exit", onExit);
      resolve(value);
    };
    const onExit = done(true);
    const timer = setTimeout(done(false), withinMs);
    child.once("exit", onExit);
  });
}
