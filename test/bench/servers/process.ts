import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** USER_HZ, the unit of /proc/<pid>/stat: 100 a second on every Linux that Node runs on. */
const tickMs = 10;

const idleWindowMs = 150;
const idleTimeoutMs = 60_000;

/** Ids of this process's children that run the named program. */
export async function childrenNamed(program: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await stat(pid).catch(() => undefined) })));
  return stats.filter(({ stat }) => stat?.parent === process.pid && stat.program === program).map(({ pid }) => pid);
}

/** User and system CPU time of a process so far, in milliseconds. */
export async function cpuMs(pid: number): Promise<number> {
  return (await stat(pid)).cpuMs;
}

/** Waits until a process rests (queues drained, caches written), and says its CPU time by then. */
export async function cpuMsWhenIdle(pid: number): Promise<number> {
  const deadline = performance.now() + idleTimeoutMs;
  let last = await cpuMs(pid);
  while (performance.now() < deadline) {
    await sleep(idleWindowMs);
    const now = await cpuMs(pid);
    if (now - last <= tickMs) return now;
    last = now;
  }
  throw new Error(`workerd was still busy after ${idleTimeoutMs} ms`);
}

/** proc(5): the program's name stands in parentheses and may hold spaces; the fields after it are counted from 3. */
async function stat(pid: number): Promise<{ program: string; parent: number; cpuMs: number }> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return {
    program: line.slice(line.indexOf('(') + 1, line.lastIndexOf(')')),
    parent: field(4),
    cpuMs: (field(14) + field(15)) * tickMs,
  };
}
