// Requests of ring and table, from anybody to a member.

export const failed = Symbol("failed");

/** Asks a member STATE, STEP or LEAVE; `done` with the answer, or `failed`. */
export function askRing(world, from, { type, to, target }, done) {
  world.ask({
    from,
    to,
    serve: (member, request) => {
      const { ring } = member;
      const answer = type === "state" ? ring.snapshot() : type === "step" ? ring.step(target) : undefined;
      if (type === "step" && answer === undefined) request.refuse("BUSY");
      else request.answer(answer);
      if (type === "leave") member.happen((now) => ring.receiveLeave(from.contact, now));
    },
    done,
    failed: () => done(failed),
  });
}

/** Asks a member something of the table. */
export function askTable(world, from, to, what, { done, failed: refused }) {
  const isPut = what.command === "PUT";
  world.ask({ from, to, isPut, serve: (member, request) => member.serve(request, what), done, failed: refused });
}
