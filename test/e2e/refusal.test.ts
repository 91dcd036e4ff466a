import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { migrate } from '../../scripts/lib/database/local-database.ts';
import { within } from './support/local.ts';
import { freePort } from './support/ports.ts';
import { run, startScript } from './support/server.ts';
import { cloneTree } from './support/tree.ts';

const tree = cloneTree();
afterAll(() => tree.remove());

describe('npm start goes no further, in one line on stderr,', () => {
  afterEach(() => {
    for (const name of ['.wrangler', 'dist', '.dev.vars']) rmSync(tree.path(name), { recursive: true, force: true });
  });

  // A file where a folder belongs stops root too, whom permissions do not.
  it.each(['.wrangler', 'dist'])('where %s cannot be written', async (name) => {
    writeFileSync(tree.path(name), '');
    await expectRefusal({ PORT: String(await freePort()) }, /^Cannot write \S+: [a-z ]+ \((ENOTDIR|EEXIST)\)\.\n$/);
  });

  it.each(['none', '0', '65536', '80.5'])('where PORT is %s', async (port) => {
    await expectRefusal({ PORT: port }, /^PORT must be a number from 1 to 65535, not ".*"\.\n$/);
    expect(existsSync(tree.path('.wrangler'))).toBe(false);
  });

  it('where an earlier version made the database', async () => {
    await within(tree, ({ DB }) =>
      migrate(DB).then(() => DB.exec("insert into d1_migrations (name) values ('0002_older.sql')")),
    );
    await expectRefusal(
      { PORT: String(await freePort()) },
      /^This database was made by an earlier version\. Delete \.wrangler\/state and run npm start again\.\n$/,
    );
  });
});

describe('the installation', () => {
  it('gives its reason in one line where the registry cannot be reached', async () => {
    rmSync(tree.path('node_modules'));
    const unreachable = { npm_config_registry: `http://127.0.0.1:${await freePort()}/`, npm_config_fetch_retries: '0' };
    const settings = { ...unreachable, npm_config_cache: tree.path('cache') };
    const installing = run(tree, ['node', 'scripts/install.mjs'], settings);
    expect(await installing.exited).toBe(1);
    const [, ...reason] = installing.stderr().split('\n');
    expect(reason.join('\n')).toMatch(/^The packages could not be installed: .*ECONNREFUSED.*\n$/);
  });
});

async function expectRefusal(settings: Record<string, string>, line: RegExp): Promise<void> {
  const start = run(tree, startScript, settings);
  expect(await start.exited).toBe(1);
  expect(start.stderr()).toMatch(line);
  expect(start.stdout()).toBe('');
}
