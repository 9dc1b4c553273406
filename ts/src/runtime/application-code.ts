// Calls into the application: what it throws is its own, and does not disturb the node.

/** What the application decides; an exception in its code surfaces, and refuses. */
export function passes(decide: () => boolean): boolean {
  try {
    return decide();
  } catch (error) {
    surface(error);
    return false;
  }
}

/** An exception in the application's code is the application's: it surfaces and does not disturb the node. */
export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
