// Fills the tables of spec/*.md: whatever stands between `<!-- generated:Command -->` and `<!-- /generated -->` is replaced
// by the table of that enum, and `<!-- generated:message:Hello -->` by the fields of that message.

const marker = /(<!-- generated:(?:(message):)?(\w+) -->)\n[^]*?(<!-- \/generated -->)/g;

/** The text of one chapter with its tables brought up to date. `file` is named in errors. */
export function fillTables(text, model, file) {
  return text.replaceAll(marker, (_, open, message, name, close) => {
    const entry = message ? model.messages[name] : model.enums[name];
    if (entry === undefined) throw new Error(`${file}: ${open} names nothing in proto/motet/v1`);
    return `${open}\n${table(message ? messageRows(entry) : enumRows(name, entry))}\n${close}`;
  });
}

function table([head, ...rows]) {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(escapeCell).join(" | ")} |`);
  return `\n${lines.join("\n")}\n`;
}

function escapeCell(cell) {
  return cell.replaceAll("|", "\\|");
}

function enumRows(name, entries) {
  if (name === "Command") return commandRows(entries);
  const head = [name === "Limit" ? "Value" : "Number", "Name", "Meaning"];
  return [head, ...entries.map((entry) => [grouped(entry.number), valueName(entry.name), entry.comment])];
}

/** UNSPECIFIED is a word of Protobuf for 0, none of the specification. */
function valueName(name) {
  return name === "UNSPECIFIED" ? "—" : `\`${name}\``;
}

function commandRows(entries) {
  const head = ["Code", "Command", "Payload", "Answer", "Sent as", "Tag", "Properties", "Meaning"];
  const rows = entries.map(({ name, number, comment, command }) => [
    number.toString(16).toUpperCase().padStart(4, "0"),
    `\`${name}\``,
    payload(command),
    command.answer ? `\`${command.answer}\`` : "—",
    [command.oneWay && "one-way", command.request && "request"].filter(Boolean).join(", "),
    tag(command),
    properties(command),
    comment,
  ]);
  return [head, ...rows];
}

function payload(command) {
  if (command.payload) return `\`${command.payload}\``;
  return command.reserved ? "—" : "not Protobuf";
}

function tag(command) {
  if (command.request) return "correlation id";
  return command.tag === "ZERO" ? "0" : command.tag.toLowerCase().replaceAll("_", " ");
}

function properties({ beforeReady, compressible, reserved }) {
  return [beforeReady && "before READY", compressible && "compressible", reserved && "reserved"]
    .filter(Boolean)
    .join(", ");
}

function messageRows({ fields }) {
  const head = ["Number", "Field", "Type", "Bounds", "Meaning"];
  const rows = fields.map(({ number, name, type, repeated, bounds, comment }) => [
    String(number),
    `\`${name}\``,
    repeated ? `repeated ${type}` : type,
    describeBounds(bounds, repeated),
    comment,
  ]);
  return [head, ...rows];
}

function describeBounds(bounds, repeated) {
  const each = repeated ? " each" : "";
  const parts = [
    bounds.maxItems !== undefined && `≤ ${grouped(bounds.maxItems)} entries`,
    range(bounds.minBytes, bounds.maxBytes, ` bytes${each}`),
    bounds.exactOrEmpty !== undefined && `empty or ${grouped(bounds.exactOrEmpty)} bytes`,
    range(bounds.min, bounds.max, ""),
    bounds.printable && "printable",
  ];
  return parts.filter(Boolean).join(", ");
}

function range(low, high, unit) {
  if (low === undefined && high === undefined) return false;
  if (low === high) return `${grouped(low)}${unit}`;
  if (low === undefined) return `≤ ${grouped(high)}${unit}`;
  if (high === undefined) return `≥ ${grouped(low)}${unit}`;
  return `${grouped(low)}…${grouped(high)}${unit}`;
}

/** Digits in groups of three, as the specification writes numbers. */
function grouped(value) {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}
