// Answers questions that many ask at once: each is put once, and one after another.

export function onceEach<T>(key: (question: T) => string, ask: (question: T) => Promise<boolean>) {
  const answers = new Map<string, Promise<boolean>>();
  let last: Promise<unknown> = Promise.resolve();
  return (question: T): Promise<boolean> => {
    const known = answers.get(key(question));
    if (known) return known;
    const answer = last.then(() => ask(question));
    answers.set(key(question), answer);
    last = answer.catch(() => undefined);
    return answer;
  };
}
