import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { computeSeal, SEALED_COLUMNS } from '../../src/model/events/audit-chain.ts';
import { caller, requestToken } from './support/api.ts';
import { serveTree } from './support/served.ts';
import { type Run, readDemo, run } from './support/server.ts';
import { cloneTree, type Tree } from './support/tree.ts';

const tree = serveTree();

describe('npm run audit:verify', () => {
  it('vouches for nothing where no head is signed', async () => {
    const { code, stdout, stderr } = await script('scripts/audit-verify.ts');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^No head is signed: nothing vouches for the \d+ rows of the log\.\n$/);
  });

  it('says how far the log is sealed, and names the first row that is not as it was', async () => {
    const { baseUrl, operator } = readDemo(tree);
    const made = await script('scripts/bootstrap.ts', '--name', 'Second');
    expect(made.code, made.stderr).toBe(0);
    const api = caller(baseUrl, await requestToken(baseUrl, operator));
    const { body: log } = await api.get('/v3/audit-log?type=client.created&actor=system:bootstrap');
    expect(log).toMatchObject([{ subject: /client id +(\S+)/.exec(made.stdout)?.[1], after: { name: 'Second' } }]);

    for (const name of ['One', 'Two', 'Three'])
      await api.post('/v3/resellers', { name, email: 'o@example.com', allowedUsers: 1, allowedOrganizations: 1 });
    await fetch(`${baseUrl}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`);
    const sound = await script('scripts/audit-verify.ts');
    expect(sound, sound.stderr).toMatchObject({ code: 0, stderr: '' });
    const [, rows, unsealed, head] =
      /^(\d+) sealed rows are as they were; (\d+) are not sealed yet\. Signed head (\S+)\n$/.exec(sound.stdout) ?? [];
    expect(Number(rows)).toBeGreaterThan(3);
    expect([unsealed, head]).toEqual(['0', expect.stringMatching(/^\d+:[0-9a-f]{64}$/)]);

    const other = `${head?.slice(0, -1)}${head?.endsWith('0') ? '1' : '0'}`;
    const ids = Array.from((await api.get('/v3/audit-log')).body as unknown as { id: string }[], ({ id }) => id);
    expect(await script('scripts/audit-verify.ts', '--head', other)).toEqual({
      code: 1,
      stdout: '',
      stderr: `Row ${rows} (id "${ids.at(-1)}") has another seal than was signed or noted.\n`,
    });

    const { keys } = (await (await fetch(`${baseUrl}/.well-known/jwks.json`)).json()) as { keys: object[] };
    writeFileSync(tree.path('published.json'), JSON.stringify({ keys }));
    writeFileSync(tree.path('others.json'), JSON.stringify({ keys: [] }));
    const given = (place: string) => script('scripts/audit-verify.ts', '--jwks', place);
    for (const place of ['published.json', `${baseUrl}/.well-known/jwks.json`])
      expect(await given(place)).toMatchObject({ code: 0, stdout: sound.stdout });
    expect(await given('others.json')).toEqual({
      code: 1,
      stdout: '',
      stderr: `Row ${rows} is the last that is sealed, and none of the given keys signed it.\n`,
    });
    expect(await given('nowhere.json')).toMatchObject({ code: 1, stderr: 'There is no JWK Set at nowhere.json.\n' });

    await rewriteLog(ids.length);
    expect(await script('scripts/audit-verify.ts')).toEqual({
      code: 1,
      stdout: '',
      stderr: `Row ${rows} (id "${ids.at(-1)}") has another seal than was signed or noted.\n`,
    });

    await execute("update events set actor = 'nobody' where seq = 2");
    expect(await script('scripts/audit-verify.ts')).toEqual({
      code: 1,
      stdout: '',
      stderr: `Row 2 (id "${ids[1]}") is altered, or one right before it is missing.\n`,
    });
  });

  it('says in one line that there is no database, as does what would write to it', async () => {
    const bare = cloneTree();
    try {
      for (const name of ['audit-verify', 'bootstrap']) {
        const { code, stdout, stderr } = await scriptIn(bare, `scripts/${name}.ts`);
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toBe('There is no database yet, or none that migrations were applied to.\n');
      }
    } finally {
      bare.remove();
    }
  });

  it('explains itself where it is asked for something else', async () => {
    const { code, stderr } = await script('scripts/audit-verify.ts', '--head', 'x');
    expect([code, stderr]).toEqual([
      1,
      'Usage: npm run audit:verify -- [--jwks <file or URL>]… [--head <seq>:<hash>] [--local]\n',
    ]);
  });
});

const ended = async ({ exited, stdout, stderr }: Run) => ({
  code: await exited,
  stdout: stdout(),
  stderr: stderr(),
});

const scriptIn = (where: Tree, name: string, ...args: string[]) =>
  ended(run(where, ['node_modules/.bin/node', name, '--local', ...args], {}));
const script = (name: string, ...args: string[]) => scriptIn(tree, name, ...args);

/** As the writer of another log would leave it: one row altered, and each seal computed anew. */
async function rewriteLog(length: number) {
  await execute("update events set actor = 'somebody' where seq = 3");
  const rows = await execute(`select ${SEALED_COLUMNS.join(', ')} from events order by seq limit ${length}`);
  let [hash, updates] = ['', ''];
  for (const row of rows) {
    hash = await computeSeal(
      hash,
      SEALED_COLUMNS.map((name) => row[name]),
    );
    updates += `update events set hash = '${hash}' where seq = ${row['seq']};`;
  }
  await execute(`${updates} update audit_chain set head_hash = '${hash}'`);
}

/** Writes to the database past the Worker. */
async function execute(sql: string): Promise<Record<string, unknown>[]> {
  const place = ['--local', '--persist-to', tree.path('.wrangler', 'state'), '--yes', '--json', '--command', sql];
  const { code, stdout, stderr } = await ended(
    run(tree, ['node_modules/.bin/node', 'node_modules/wrangler/bin/wrangler.js', 'd1', 'execute', 'DB', ...place], {}),
  );
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout)[0].results;
}
