// Servers at a port of their own.
import { once } from 'node:events';

/**
 * Starts a server on this machine at any free port, which it gives.
 * @param {import('node:net').Server} server
 */
export async function listen(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}
