import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { alive, family } from './processes.ts';
import type { Tree } from './tree.ts';
import { until } from './until.ts';

const readyTimeoutMs = 120_000;
const endTimeoutMs = 20_000;

export type Client = { readonly clientId: string; readonly clientSecret: string };
export type Demo = { readonly baseUrl: string; readonly operator: Client; readonly reseller: Client & { id: string } };
export type Run = {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
};

/** `npm start` without the installation, which the packages in place make a matter of nothing. */
export const startScript = ['node_modules/.bin/node', 'scripts/start.ts'] as const;
export const npmStart = ['npm', 'start'] as const;

/** Runs a command in a tree, in a process group of its own as a shell would, with nothing of the test's environment. */
export function run(tree: Tree, [command, ...args]: readonly string[], settings: Record<string, string>): Run {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command ?? '', args, {
    cwd: tree.folder,
    env: { PATH, HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return { child, stdout, stderr, exited };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}

/** Starts the server and waits until it says that it is ready. */
export async function startServer(tree: Tree, command: readonly string[], port: number, settings = {}): Promise<Run> {
  const server = run(tree, command, { PORT: String(port), ...settings });
  try {
    await until('the greeting', () => greeted(server), readyTimeoutMs);
  } catch (error) {
    await stopServer(server);
    throw new Error(`the server did not start:\n${server.stdout()}${server.stderr()}`, { cause: error });
  }
  return server;
}

function greeted(server: Run): true | undefined {
  if (server.child.exitCode !== null) throw new Error(`it ended with exit code ${server.child.exitCode}`);
  return server.stdout().includes('Ctrl-C') || undefined;
}

/** Sends a signal, to the process or to its group, and gives what still runs of its offspring after its end. */
export async function endServer(server: Run, signal: NodeJS.Signals, target: 'process' | 'group') {
  const pid = pidOf(server);
  const members = family(pid);
  process.kill(target === 'group' ? -pid : pid, signal);
  await until(
    'the end of the server',
    () => server.child.exitCode ?? server.child.signalCode ?? undefined,
    endTimeoutMs,
  );
  return { exitCode: server.child.exitCode, members, left: alive(members) };
}

/** Leaves nothing of a server behind, whatever became of it. */
export async function stopServer(server: Run): Promise<void> {
  if (server.child.exitCode !== null || server.child.signalCode !== null) return;
  const { left } = await endServer(server, 'SIGTERM', 'process');
  for (const pid of left) process.kill(pid, 'SIGKILL');
}

export function readDemo(tree: Tree): Demo {
  return JSON.parse(readFileSync(tree.path('.demo.json'), 'utf8'));
}

/** The commands in the greeting that a person would paste. */
export function pastedCommands(server: Run): readonly string[] {
  return server
    .stdout()
    .split('\n')
    .filter((line) => /^(TOKEN=|curl )/.test(line));
}

function pidOf({ child }: Run): number {
  if (child.pid === undefined) throw new Error('the command could not be run');
  return child.pid;
}
