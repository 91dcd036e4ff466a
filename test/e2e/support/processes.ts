import { execFileSync } from 'node:child_process';

type Process = { readonly pid: number; readonly parent: number; readonly state: string };

/** A process with all its offspring, as `ps` shows them now. */
export function family(pid: number): readonly number[] {
  const all = processes();
  const found = [pid];
  for (const member of found) {
    found.push(...all.filter(({ parent }) => parent === member).map((child) => child.pid));
  }
  return found;
}

/** Those of the processes that still run. A zombie has ended; its row waits for its parent to look. */
export function alive(pids: readonly number[]): readonly number[] {
  const running = processes().filter(({ state }) => !state.startsWith('Z'));
  return pids.filter((pid) => running.some((process) => process.pid === pid));
}

function processes(): readonly Process[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, state = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), state };
    });
}
