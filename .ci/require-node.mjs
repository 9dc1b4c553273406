// Ends with a plain sentence when Node is too old for the tools. Runs on any Node that knows modules.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Motet needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exitCode = 1;
}
