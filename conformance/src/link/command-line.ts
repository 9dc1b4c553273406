// Splits the text of --testee "CMD" into program and arguments, as a shell would for plain words and quotes. No expansion of any kind.

/** Words of a command line; single quotes keep everything, double quotes and the outside take \ before a quote, a backslash or a space. */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    const next = line.charAt(at + 1);
    if (character === "\\" && quote !== "'" && next !== "" && `\\"' `.includes(next)) {
      word = (word ?? "") + next;
      at++;
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word = (word ?? "") + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== "") throw new SyntaxError(`a ${quote} is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}
