// Turns descriptors into the plain model that proto/fields.json holds and the other outputs are made of.
// The shape of the model is the shape of that file: enums by name, messages by name, in the order of the proto files.

/** Enums in which 0 is a value that is used; in the others the UNSPECIFIED entry is left out. */
const zeroCounts = new Set(["Compression", "BindingKind", "Policy"]);
const scalarTypes = new Set(["bytes", "string", "bool", "uint32", "uint64"]);

export function buildModel(descriptors) {
  const model = { package: "motet.v1", enums: {}, messages: {} };
  for (const file of descriptors.file) {
    // options.proto describes the others; nothing of it travels.
    if (file.package !== model.package || file.name.endsWith("/options.proto")) continue;
    const comments = readComments(file);
    for (const [index, type] of (file.enumType ?? []).entries())
      model.enums[type.name] = enumEntries(type, index, comments);
    for (const [index, type] of (file.messageType ?? []).entries())
      model.messages[type.name] = message(type, index, comments);
  }
  return model;
}

// Comments are addressed by descriptor path: 5 = enum, 2 = its values; 4 = message, 2 = its fields.
function readComments(file) {
  const commented = file.sourceCodeInfo.location.filter((location) => location.leadingComments !== undefined);
  const byPath = new Map(commented.map(({ path, leadingComments }) => [path.join("."), oneLine(leadingComments)]));
  return (...path) => byPath.get(path.join(".")) ?? "";
}

function oneLine(comment) {
  return comment.trim().replaceAll(/\s+/g, " ");
}

function enumEntries(type, enumIndex, comments) {
  const prefix = `${constantCase(type.name)}_`;
  const entries = type.value.map((value, index) => ({
    name: value.name.slice(prefix.length),
    number: value.number,
    comment: comments(5, enumIndex, 2, index),
    ...(type.name === "Command" && { command: commandShape(value) }),
    ...(type.name === "Limit" && { fixed: value.options?.["[motet.v1.fixed]"] ?? false }),
  }));
  return entries.filter((entry) => zeroCounts.has(type.name) || entry.name !== "UNSPECIFIED");
}

function constantCase(name) {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

function commandShape(value) {
  const shape = value.options?.["[motet.v1.command]"] ?? {};
  return {
    payload: shape.payload ?? "",
    answer: shape.answer ?? "",
    oneWay: shape.oneWay ?? false,
    request: shape.request ?? false,
    tag: (shape.tag ?? "ZERO").replace("TAG_MEANING_", ""),
    beforeReady: shape.beforeReady ?? false,
    compressible: shape.compressible ?? false,
    reserved: shape.reserved ?? false,
  };
}

function message(type, messageIndex, comments) {
  const fields = (type.field ?? []).map((field, index) => ({
    name: field.name,
    json: field.jsonName,
    number: field.number,
    type: fieldType(type, field),
    repeated: field.label === "LABEL_REPEATED",
    bounds: bounds(field),
    comment: comments(4, messageIndex, 2, index),
  }));
  return { comment: comments(4, messageIndex), fields };
}

function fieldType(type, field) {
  const name = field.type.replace("TYPE_", "").toLowerCase();
  if (!scalarTypes.has(name))
    throw new Error(`${type.name}.${field.name}: type ${name} has no place in fields.json yet`);
  return name;
}

function bounds(field) {
  const set = { ...field.options?.["[motet.v1.bounds]"] };
  // Bounds are 64 bits wide and so printed as strings; only 64-bit fields keep them so.
  for (const name of ["min", "max"]) {
    if (set[name] !== undefined && field.type !== "TYPE_UINT64") set[name] = Number(set[name]);
  }
  return set;
}
