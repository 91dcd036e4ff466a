import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inRoot, root } from '../root.ts';

const exitWithParent = pathToFileURL(inRoot('scripts', 'lib', 'development', 'exit-with-parent.ts')).href;
const terminateMs = 5_000;
const killMs = 5_000;
const pollMs = 20;

export type ProcessGroup = {
  readonly leader: ChildProcess;
  /** 1 if a signal ended it. Never rejects. */
  readonly exited: Promise<number>;
  /** Resolves when the whole group has ended. */
  readonly stop: () => Promise<void>;
};

/** A separate group: Ctrl-C does not reach it. */
export function startGroup(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ProcessGroup {
  const leader = spawn(process.execPath, ['--import', exitWithParent, ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const exited = new Promise<number>((resolve) => {
    leader.once('error', () => resolve(1));
    leader.once('exit', (code) => resolve(code ?? 1));
  });
  return { leader, exited, stop: () => stopGroup(leader.pid) };
}

async function stopGroup(id: number | undefined): Promise<void> {
  if (id === undefined) return;
  signal(id, 'SIGTERM');
  if (await isGone(id, terminateMs)) return;
  signal(id, 'SIGKILL');
  await isGone(id, killMs);
}

async function isGone(id: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (signal(id, 0)) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
  }
  return true;
}

/** Returns whether the group still has members. */
function signal(id: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-id, name);
  } catch {
    return false;
  }
}
