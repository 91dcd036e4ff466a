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
