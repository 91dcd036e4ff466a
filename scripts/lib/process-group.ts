import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inRoot, root } from './root.ts';

const leash = pathToFileURL(inRoot('scripts', 'lib', 'leash.ts')).href;
const politeMs = 5_000;
const killedMs = 5_000;
const pollMs = 20;

export type ProcessGroup = {
  readonly leader: ChildProcess;
  /** The exit code of the leader (1 where a signal ended it), once it ended. Never rejects. */
  readonly exited: Promise<number>;
  /** Ends the leader and all that it started; done when none of them is left. */
  readonly stop: () => Promise<void>;
};

/** Runs a Node script and all its offspring as a process group of its own, out of reach of the terminal's Ctrl-C. */
export function startGroup(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ProcessGroup {
  const leader = spawn(process.execPath, ['--import', leash, ...args], {
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
  if (await isGone(id, politeMs)) return;
  signal(id, 'SIGKILL');
  await isGone(id, killedMs);
}

async function isGone(id: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (signal(id, 0)) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
  }
  return true;
}

/** Says whether the group has a member left. */
function signal(id: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-id, name);
  } catch {
    return false;
  }
}
