import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';

/** A server on a port that the system chose, on the loopback. */
export async function listen<T extends Server>(server: T): Promise<{ server: T; port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const { server, port } = await listen(createServer());
  server.close();
  await once(server, 'close');
  return port;
}

/** Says whether somebody takes connections on the port. */
export async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
