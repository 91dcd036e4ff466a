/**
 * `npm start`, once the packages are installed: keys and secrets, static files, database and demo data, then the server
 * until a signal ends it.
 */
import { access, constants, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyAssets } from './lib/assets.ts';
import { Complaint, main } from './lib/complaint.ts';
import { fireEachMinute } from './lib/cron.ts';
import type { Demo } from './lib/demo.ts';
import { saveDemoFile } from './lib/demo-file.ts';
import { ready, startServer } from './lib/dev-server.ts';
import { greeting } from './lib/greeting.ts';
import { checkFree, readPort } from './lib/port.ts';
import { type ProcessGroup, startGroup } from './lib/process-group.ts';
import { inRoot } from './lib/root.ts';
import { makeSecrets, variables } from './lib/settings.ts';
import { stateFolder } from './lib/wrangler.ts';

const interruption = new AbortController();
const interrupted = new Promise<void>((resolve) => {
  interruption.signal.addEventListener('abort', () => resolve());
});
// Ctrl-C may reach us twice, from the terminal and from npm; it is one interruption.
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
  await ready(server, port);
  console.log(greeting(baseUrl, demo));
  fireEachMinute(port);
  throw new Complaint(`The server ended by itself (exit code ${await server.exited}).`);
}

/** Tried here, where it gives a clear error: the database would not say what is wrong. */
async function checkWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const contents = await readdir(folder, { recursive: true });
  for (const path of [folder, ...contents.map((name) => join(folder, name))]) await access(path, constants.W_OK);
}

async function prepare(): Promise<Demo> {
  const preparing = run(() => startGroup([inRoot('scripts', 'prepare.ts')]));
  const told = new Promise<Demo | null>((resolve) => {
    preparing.leader.once('message', (demo: Demo) => resolve(demo));
    preparing.leader.once('disconnect', () => resolve(null));
  });
  const [demo, code] = await Promise.all([told, preparing.exited]);
  // It has said itself what is wrong.
  if (code === 1) process.exit(1);
  if (demo === null || code !== 0) throw new Complaint('The local database could not be prepared.');
  return demo;
}

/** Starts what has to be stopped with us; nothing any more once we are interrupted. */
function run(start: () => ProcessGroup): ProcessGroup {
  interruption.signal.throwIfAborted();
  running = start();
  return running;
}
