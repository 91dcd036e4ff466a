import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../command-error.ts';
import { stateFolder, wranglerCli, wranglerEnvironment } from '../deployment/wrangler.ts';
import { type ProcessGroup, startGroup } from './process-group.ts';

const readyTimeoutMs = 120_000;
const pollMs = 50;

/** Shows errors and console.error only. */
export function startServer(port: number, variables: Readonly<Record<string, string>>): ProcessGroup {
  const flags = ['--ip', '127.0.0.1', '--port', String(port), '--inspector-port', '0', '--persist-to', stateFolder];
  const vars = Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`]);
  return startGroup(
    [wranglerCli, 'dev', ...flags, '--show-interactive-dev-session=false', ...vars],
    wranglerEnvironment,
  );
}

/** Throws a Complaint if the server ends first. */
export async function waitUntilReady(server: ProcessGroup, port: number): Promise<void> {
  const ended = server.exited.then((code) => {
    throw new CommandError(`The server ended before it was ready (exit code ${code}).`);
  });
  await Promise.race([answering(`http://127.0.0.1:${port}/.well-known/oauth-authorization-server`), ended]);
}

async function answering(url: string): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  while (performance.now() < deadline) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => null,
    );
    if (status === 200) return;
    if (status !== null) throw new CommandError(`The server answers ${status}; the reason stands above.`);
    await sleep(pollMs);
  }
  throw new CommandError(`The server was not ready after ${readyTimeoutMs / 1000} seconds.`);
}
