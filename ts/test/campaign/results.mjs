// Results of a report's jobs, found by the names of the jobs.

/** Results of jobs whose name begins so, with the rest of the name. */
export const startingWith = (results, prefix) =>
  Object.keys(results)
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ ...results[name], name: name.slice(prefix.length) }));
