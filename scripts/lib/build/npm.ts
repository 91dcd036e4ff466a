import { spawnSync } from 'node:child_process';
import { root } from '../root.ts';

export function runNpm(...args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const { npm_node_execpath: node, npm_execpath: cli } = process.env;
  const [command, ...first] = node && cli ? [node, cli] : ['npm'];
  // A large bill of materials exceeds the default buffer.
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 } as const;
  return spawnSync(command ?? 'npm', [...first, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}
