/**
 * `npm run bench:scale`: lists, filters and searches of a reseller with 10,000 users beside one with 1,000,000, in turns.
 * Prints a table as Markdown.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../scripts/lib/command-error.ts';
import { takeNoArguments } from '../../scripts/lib/command-line.ts';
import { type Call, sendLoad } from './load/load.ts';
import { quantile } from './reports/statistics.ts';
import { growDatabase, organizationId, resellerId, userId } from './servers/database.ts';
import { launchOurs } from './servers/launch.ts';
import { bundleOurs } from './servers/ours.ts';
import type { Running } from './servers/workerd.ts';

const small = 10_000;
const large = 1_000_000;
const rounds = 20;
const warmUpRounds = 2;
const requestsEach = 10;
const maxRatio = 3;
const scopes = 'reseller:read reseller:user:read reseller:organization:read';

type Side = { readonly running: Running; readonly token: string; readonly users: number };

/** What is asked for; of `users`, the list is the reseller's or, of a customer, the other shapes'. */
const questions: readonly [title: string, path: (users: number) => string][] = [
  ...['createdAt', '-createdAt', 'updatedAt', 'name', '-name', 'email'].map(
    (sort) => [`users by ${sort}`, () => v3(`sort=${sort}`)] as [string, () => string],
  ),
  ['users by createdAt, from the middle on', (users) => v3(`after=${cursor('createdAt', users)}`)],
  ['users with one address', (users) => v3(`email=user${users - 1}@example.com`)],
  [
    'users with one of three addresses',
    (users) => v3(`email[in]=user1@example.com,user5@example.com,user${users - 1}@example.com`),
  ],
  ['users whose address begins so, by address', (users) => v3(`email[sw]=user${users - 1}&sort=email`)],
  ['users whose address ends so', (users) => v3(`email[ew]=${users - 1}@example.com`)],
  ['users with one id', (users) => v3(`id=${userId(users - 1)}`)],
  ['users with a name', (users) => v3(`name=first${users - 1} last${users - 1}`)],
  ['users whose name contains', () => v3('name[cn]=99')],
  ['users with a role that all have', () => v3('role=user')],
  ['users with a role that nobody has', () => v3('role=nobody')],
  ['users without a role', () => v3('role[ne]=user')],
  ['users of one organization', () => v3(`organizationId=${organizationId(7)}`)],
  ['users made lately', () => v3('createdAt[gte]=2026-01-01T00:00:09.990Z')],
  ['users changed lately, by name', () => v3('updatedAt[gte]=2026-01-01T00:00:09.990Z&sort=name')],
  ['users never seen', () => v3('lastSeenAt[gt]=2026-01-01')],
  ['users, a search for what many have', () => v3('search=last9')],
  ['users, a search for what one has', (users) => v3(`search=user${users - 1}@`)],
  ['users, a search for what nobody has', () => v3('search=nobody')],
  ['users, a search by name downwards', () => v3('search=nobody&sort=-name')],
  ['organizations', () => `/v3/resellers/${resellerId}/organizations`],
  ['organizations, a search', () => `/v3/resellers/${resellerId}/organizations?search=nobody`],
  ['reseller: customers', () => '/reseller/customers'],
  ["reseller: a customer's users", () => `/reseller/customers/${organizationId(7)}/users`],
  ['accounts: users', () => `/v1.0/accounts/${resellerId}/users?pageSize=50`],
];

const v3 = (query: string) => `/v3/resellers/${resellerId}/users?limit=50&${query}`;

/** Where the list goes on in the middle (src/http/cursor.ts). */
function cursor(sort: string, users: number): string {
  const index = users / 2;
  const position = [sort, Date.UTC(2026, 0, 1) + index, userId(index)];
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

await main(async () => takeNoArguments('npm run bench:scale'));
const folder = await mkdtemp(join(tmpdir(), 'bench-'));
const sides: Side[] = [];
try {
  const code = await bundleOurs(folder);
  for (const users of [small, large]) {
    const { running, token } = await launchOurs(code, scopes, { RATE_LIMIT_ADDRESS: '1000000000' });
    sides.push({ running, token, users });
    await growDatabase(running.db, users);
  }
  console.log('| list | 10,000: p50 ms | p99 ms | 1,000,000: p50 ms | p99 ms | p99 / p99 |');
  console.log('| --- | ---: | ---: | ---: | ---: | --- |');
  for (const [title, path] of questions) console.log(await measure(title, path));
} finally {
  for (const { running } of sides) await running.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(title: string, path: (users: number) => string): Promise<string> {
  const found = sides.map((): number[] => []);
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const side = sides[index];
      if (side === undefined) continue;
      const headers = { Authorization: `Bearer ${side.token}` };
      const call: Call = { method: 'GET', path: encodeURI(path(side.users)), headers, expect: 200 };
      const limits = { requests: requestsEach, timeMs: 60_000, concurrency: 1 };
      const { latenciesMs } = await sendLoad(side.running.origin, () => call, limits);
      if (round >= 0) found[index]?.push(...latenciesMs);
    }
  }
  const [of10k = [], of1m = []] = found;
  const ratio = quantile(of1m, 0.99) / quantile(of10k, 0.99);
  const verdict = `${ratio.toFixed(2)} (≤ ${maxRatio}: ${ratio <= maxRatio ? 'pass' : 'MISS'})`;
  const cells = [of10k, of1m].flatMap((of) => [quantile(of, 0.5), quantile(of, 0.99)].map((ms) => ms.toFixed(1)));
  return `| ${title} | ${cells.join(' | ')} | ${verdict} |`;
}
