/** `npm start`: secrets, assets, database and demo data, then the server until a signal. */
import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyAssets } from './lib/build/assets.ts';
import { CommandError, main } from './lib/command-error.ts';
import { fireEachMinute } from './lib/database/cron.ts';
import { makeSecrets, variables } from './lib/deployment/settings.ts';
import { stateFolder } from './lib/deployment/wrangler.ts';
import type { Demo } from './lib/development/demo.ts';
import { saveDemoFile } from './lib/development/demo-file.ts';
import { startServer, waitUntilReady } from './lib/development/dev-server.ts';
import { greeting } from './lib/development/greeting.ts';
import { checkFree, readPort } from './lib/development/port.ts';
import { type ProcessGroup, startGroup } from './lib/development/process-group.ts';
import { inRoot } from './lib/root.ts';

const interruption = new AbortController();
const interrupted = new Promise<void>((resolve) => {
  interruption.signal.addEventListener('abort', () => resolve());
});
// Ctrl-C may arrive twice: from the terminal and from npm.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => interruption.abort());

let running: ProcessGroup | null = null;

await main(async () => {
  try {
    await Promise.race([serve(), interrupted]);
  } finally {
    await running?.stop();
  }
});
process.exit(0);

async function serve(): Promise<void> {
  const port = readPort(process.env['PORT']);
  const baseUrl = `http://localhost:${port}`;
  await checkFree(port);
  await checkWritable(stateFolder);
  await makeSecrets();
  await copyAssets();
  const demo = await prepare();
  await saveDemoFile({ baseUrl, ...demo.credentials });
  const server = run(() => startServer(port, variables(port, process.env)));
  await waitUntilReady(server, port);
  console.log(greeting(baseUrl, demo));
  fireEachMinute(port);
  throw new CommandError(`The server ended by itself (exit code ${await server.exited}).`);
}

/** A clear error here; D1 would not name the cause. */
async function checkWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const contents = await readdir(folder, { recursive: true });
  for (const path of [folder, ...contents.map((name) => join(folder, name))]) await access(path, constants.W_OK);
}

async function prepare(): Promise<Demo> {
  const preparing = run(() => startGroup([inRoot('scripts', 'prepare.ts')]));
  const prepared = new Promise<Demo | null>((resolve) => {
    preparing.leader.once('message', (demo: Demo) => resolve(demo));
    preparing.leader.once('disconnect', () => resolve(null));
  });
  const [demo, code] = await Promise.all([prepared, preparing.exited]);
  // The preparing process has reported the problem.
  if (code === 1) process.exit(1);
  if (demo === null || code !== 0) throw new CommandError('The local database could not be prepared.');
  return demo;
}

function run(start: () => ProcessGroup): ProcessGroup {
  interruption.signal.throwIfAborted();
  running = start();
  return running;
}
