import { once } from 'node:events';
import { createServer } from 'node:net';
import { CommandError } from '../command-error.ts';

const defaultPort = 8787;

/** Throws a Complaint for an invalid port. */
export function readPort(setting = ''): number {
  const port = setting === '' ? defaultPort : Number(setting);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new CommandError(`PORT must be a number from 1 to 65535, not "${setting}".`);
}

/** Checks IPv4 and IPv6. Throws a Complaint if the port is in use. */
export async function checkFree(port: number): Promise<void> {
  for (const host of ['127.0.0.1', '::1']) {
    const problem = await bindProblem(host, port);
    if (problem === 'EADDRINUSE') {
      throw new CommandError(`Port ${port} is taken. Stop what listens there, or choose another: PORT=8788 npm start`);
    }
    if (problem === 'EACCES')
      throw new CommandError(`Port ${port} may not be used by this user. Choose one above 1023.`);
  }
}

async function bindProblem(host: string, port: number): Promise<unknown> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  probe.close();
  await once(probe, 'close');
  return null;
}
