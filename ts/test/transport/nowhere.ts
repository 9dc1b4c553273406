// Places at which nobody listens, and whether a machine has an address at all.

import { createServer, type AddressInfo, type Server } from "node:net";
import { formatAddress, type Scheme } from "../../src/identity/index.js";

function listening(host: string): Promise<Server | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(0, host, () => resolve(server));
  });
}

/** Whether a host of this machine can be listened at, such as `::1`. */
export async function has(host: string): Promise<boolean> {
  const server = await listening(host);
  server?.close();
  return server !== undefined;
}

/** An address whose port was free a moment ago. */
export async function nowhere(scheme: Scheme, host: string): Promise<string> {
  const server = (await listening(host)) as Server;
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return formatAddress({ scheme, host, port });
}
