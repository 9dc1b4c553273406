// The request that opens a WebSocket, as text to be spoiled.

/** Text of an upgrade request; undefined leaves a header out, and a line takes the place of the first one. */
export function upgradeOf(changes: Record<string, string | undefined>, line = "GET /motet HTTP/1.1"): string {
  const headers = {
    Host: "127.0.0.1",
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "chat, motet",
    ...changes,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return [line, ...lines, "", ""].join("\r\n");
}
