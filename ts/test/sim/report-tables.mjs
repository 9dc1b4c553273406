// Tables and numbers of Markdown.

/** A table out of its head and rows. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A whole number with commas. */
export const count = (value) => String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");

export const sum = (rows, of) => rows.reduce((total, row) => total + row[of], 0);
