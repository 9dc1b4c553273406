// Numbers and tables in the words of a report.

/** A table of Markdown out of its head and rows. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A whole number with commas. */
export const count = (value) => String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");

export const percent = (share, digits = 2) => `${(100 * share).toFixed(digits)} %`;

export const sum = (rows, of) => rows.reduce((total, row) => total + row[of], 0);
