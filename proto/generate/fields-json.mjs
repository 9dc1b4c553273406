// Writes proto/fields.json: the model for languages without a Protobuf compiler, one entry per line to keep diffs readable.

export function formatFieldsJson(model) {
  const enums = Object.entries(model.enums).map(([name, entries]) => `    ${quote(name)}: ${list(entries, 4)}`);
  const messages = Object.entries(model.messages).map(([name, { comment, fields }]) => {
    return `    ${quote(name)}: {\n      "comment": ${quote(comment)},\n      "fields": ${list(fields, 6)}\n    }`;
  });
  const parts = [`  "package": ${quote(model.package)}`, block("enums", enums), block("messages", messages)];
  return `{\n${parts.join(",\n")}\n}\n`;
}

function block(name, entries) {
  return `  ${quote(name)}: {\n${entries.join(",\n")}\n  }`;
}

function list(entries, indent) {
  if (entries.length === 0) return "[]";
  const lines = entries.map((entry) => " ".repeat(indent + 2) + inline(entry));
  return `[\n${lines.join(",\n")}\n${" ".repeat(indent)}]`;
}

/** JSON on one line with a space after commas and colons. */
function inline(value) {
  if (typeof value !== "object") return quote(value);
  const entries = Object.entries(value).map(([name, inner]) => `${quote(name)}: ${inline(inner)}`);
  return `{${entries.join(", ")}}`;
}

function quote(value) {
  return JSON.stringify(value);
}
