// Node 20 has no Promise.withResolvers, which libp2p 3 expects.
Promise.withResolvers ??= function withResolvers() {
  let resolve;
  let reject;
  const promise = new this((done, fail) => ([resolve, reject] = [done, fail]));
  return { promise, resolve, reject };
};
