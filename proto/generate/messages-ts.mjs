// Writes ts/src/gen/messages.ts: one door to the code of protoc-gen-es, whose files follow the folders of proto/.

/** `code` holds the generated files by path; the options never travel and stay behind the door. */
export function formatMessages(code) {
  const modules = [...code.keys()].map((file) => file.replace("ts/src/gen/", "./").replace(/\.ts$/, ".js"));
  const exported = modules.filter((name) => !name.endsWith("/options_pb.js"));
  return `// Generated from proto/motet/v1 by \`npm run generate\`. Do not edit.
// The Protobuf messages and their schemas. Loads the Protobuf runtime: only the codec imports this.
${exported.map((name) => `export * from "${name}";`).join("\n")}
`;
}
