import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
/** They hand what they are given on to others, or are told by settings. */
const OTHERS = ['fix', 'start', 'test'];
const commands = Object.entries(scripts)
  .filter(([name]) => !OTHERS.includes(name))
  .map(([name, command]) => [name, command.split(' ').at(-1) ?? ''] as const);

test.each(commands)('%s says in one line how it is used where an option is not one of its own', (name, file) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, '--nope'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(stderr).toMatch(new RegExp(`^Usage: npm run (--silent )?${name}( .+)?\\n$`));
  expect([status, stdout]).toEqual([1, '']);
});

/** As a person runs it who has not come here by vitest. */
function runScript(file: string, ...args: string[]) {
  const { PATH, HOME } = process.env;
  const options = { encoding: 'utf8', env: { PATH, HOME, NO_COLOR: '1' }, timeout: 100_000 } as const;
  return spawnSync(process.execPath, [file, ...args], options);
}

test('fuzz ends with its result, and names no file that is gone by then', () => {
  const { status, stdout } = runScript('scripts/fuzz.ts', '--only', 'reseller', '--cases', '2000', '--seed', '7');
  expect(stdout).toMatch(/\nreseller's part of 2000 cases by seed 7: passed\n$/);
  expect(stdout).not.toContain('report');
  expect(status).toBe(0);
});

test('where no test file matches that is said, and is a failure', () => {
  const { status, stderr } = runScript('scripts/fuzz.ts', '--only', 'nosuch');
  expect(stderr).toMatch(/\nNo test file matches test\/fuzz\/nosuch\.\n$/);
  expect(status).toBe(1);
});
