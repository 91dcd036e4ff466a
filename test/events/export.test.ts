import { exports } from 'cloudflare:workers';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { csvRecord, csvStream } from '../../src/http/csv.ts';
import { EXPORT_CHUNK_ROWS, EXPORT_ROWS } from '../../src/model/limits/index.ts';
import { watchStatements } from '../support/people/sessions.ts';
import { muteQueues } from '../support/queues.ts';
import { callerFor, makeReseller, newUser, operator, rows } from '../support/world.ts';

const CSV = '/v3/audit-log.csv';

beforeAll(muteQueues);
afterEach(() => void vi.restoreAllMocks());

/** RFC 4180, read back. */
function readCsv(text: string): string[][] {
  const cells = text.matchAll(/("(?:[^"]|"")*"|[^,\r\n"]*)(,|\r\n)/g);
  const records: string[][] = [[]];
  for (const [, cell = '', end] of cells) {
    records.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') records.push([]);
  }
  return records.slice(0, -1);
}

/** A reseller whose log has so many more rows. */
async function makeLong(count: number) {
  const reseller = await makeReseller();
  await rows(
    `insert into events (id, reseller_id, type, actor, subject, request_id, occurred_at)
     select printf('01900000-0000-7000-8000-%012x', abs(random()) & 281474976710655), ?, 't', 'a', value, 'r', 1 from json_each(?)`,
    reseller.id,
    JSON.stringify(Array.from({ length: count }, (_, index) => index)),
  );
  return reseller;
}

test('the export is the whole log as the list has it, as a file of its own', async () => {
  const { base, api } = await makeReseller();
  const { body } = await api.post(`${base}/users`, { ...newUser(), firstName: 'Eve "the, eavesdropper"' });
  await api.patch(`${base}/users/${body.id}`, { lastName: 'Line\r\nbreak' });
  const reply = await api.get(CSV);
  expect(reply.status).toBe(200);
  expect(reply.headers.get('Content-Type')).toBe('text/csv; charset=utf-8; header=present');
  expect(reply.headers.get('Content-Disposition')).toBe('attachment; filename="audit-log.csv"');
  expect(reply.headers.get('X-Content-Type-Options')).toBe('nosniff');
  const [header, ...records] = readCsv(reply.text);
  const listed = (await api.get('/v3/audit-log')).body;
  expect(header).toEqual(Object.keys(listed[0]));
  const shown = listed.map((entry: Record<string, unknown>) =>
    Object.values(entry).map((value) =>
      value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value),
    ),
  );
  expect(records).toEqual(shown);
  expect(reply.text).toContain('Eve');
});

test('it takes the filters and the order of the list, and has a header where there is nothing', async () => {
  const { base, api } = await makeReseller();
  await api.post(`${base}/users`, newUser());
  const types = async (query: string) => readCsv((await api.get(`${CSV}?${query}`)).text).map((record) => record[2]);
  expect(await types('sort=-occurredAt')).toEqual(['type', 'reseller.user.created', 'reseller.created']);
  expect(await types('type=reseller.created')).toEqual(['type', 'reseller.created']);
  expect(await types('occurredAt[lt]=2020-01-01')).toEqual(['type']);
  expect((await api.get(`${CSV}?limit=5`)).status).toBe(400);
  expect((await api.get(`${CSV}?actor[cn]=x`)).status).toBe(400);
});

test('nobody gets more of it than of the list', async () => {
  const { id, base, api } = await makeReseller();
  await api.post(`${base}/users`, newUser());
  const { api: stranger } = await makeReseller();
  expect((await stranger.get(CSV)).text).not.toContain(id);
  expect(readCsv((await stranger.get(`${CSV}?resellerId=${id}`)).text)).toHaveLength(1);
  expect(readCsv((await (await operator()).get(`${CSV}?resellerId=${id}`)).text)).toHaveLength(3);
  const [entry] = (await api.get('/v3/audit-log')).body;
  expect((await stranger.get(`${CSV}?after=${entry.id}`)).status).toBe(400);
  expect((await (await callerFor(id, ['event:read'])).get(CSV)).status).toBe(403);
});

test('a log of many chunks comes whole and in order, one round trip for its end and one a chunk', async () => {
  const { api } = await makeLong(2 * EXPORT_CHUNK_ROWS + 3);
  const prepared = watchStatements();
  const { text } = await api.get(CSV);
  const subjects = readCsv(text)
    .slice(2)
    .map((record) => record[4]);
  expect(prepared.filter((sql) => /order by event\.seq/.test(sql))).toHaveLength(4);
  expect(prepared).toHaveLength(4);
  expect(subjects).toEqual(Array.from({ length: 2 * EXPORT_CHUNK_ROWS + 3 }, (_, index) => String(index)));
});

test.each(['', 'sort=-occurredAt'])(
  'a log that is longer than one answer goes on by its links, each row once: %s',
  async (sort) => {
    const { api } = await makeLong(EXPORT_ROWS + EXPORT_CHUNK_ROWS);
    const subjects: string[] = [];
    let answers = 0;
    for (let path: string | undefined = `${CSV}?${sort}`; path !== undefined; answers++) {
      const { text, headers, status } = await api.get(path);
      expect(status).toBe(200);
      subjects.push(
        ...readCsv(text)
          .slice(1)
          .map((record) => record[4] ?? ''),
      );
      path = /<https:\/\/[^/]+([^>]+)>; rel="next"/.exec(headers.get('Link') ?? '')?.[1];
    }
    const made = Array.from({ length: EXPORT_ROWS + EXPORT_CHUNK_ROWS }, (_, index) => String(index));
    expect(answers).toBe(2);
    const found = subjects.filter((subject) => /^\d+$/.test(subject));
    expect(found).toEqual(sort === '' ? made : made.toReversed());
  },
);

test('a chunk that fails breaks the answer off, so that nobody takes it for the whole', async () => {
  const { id, api } = await makeLong(2 * EXPORT_CHUNK_ROWS);
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const open = () =>
    exports.default.fetch(
      new Request(`https://edge.localhost${CSV}`, { headers: { Authorization: `Bearer ${api.token}` } }),
    );
  const response = await open();
  expect(response.status).toBe(200);
  const reader = response.body!.getReader();
  await reader.read();
  // Whose right is withdrawn meanwhile gets no more.
  await rows("update api_clients set scopes = 'event:read' where reseller_id = ?", id);
  await expect(
    (async () => {
      while (!(await reader.read()).done);
    })(),
  ).rejects.toThrow();
  expect(logged).toHaveBeenCalled();
  expect((await open()).status).toBe(403);
});

test('a receiver that goes away ends the reading', async () => {
  let [read, ended] = [0, false];
  async function* chunks() {
    try {
      for (;;) yield [++read];
    } finally {
      ended = true;
    }
  }
  const stream = await csvStream(['n'], chunks(), (n) => [String(n)], 'r');
  expect(read).toBe(1);
  const reader = stream.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toBe('n\r\n1\r\n');
  expect(read).toBeLessThan(4);
  await reader.cancel();
  expect(ended).toBe(true);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t'=1"],
  ['\r=1', '"\'\r\'=1"'],
  ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ['\n=1', '"\'\n\'=1"'],
  ['＝1', "'＝1"],
  ['a;=1', "a;'=1"],
  ['a;b; @x;-1', "a;b; '@x;'-1"],
  ['a;"=1', '"a;""\'=1"'],
  ['a\t+1', "a\t'+1"],
  ['a\r\n=1', '"a\r\n\'=1"'],
  ['{"after":{"name":";=1"}}', '"{""after"":{""name"":"";\'=1""}}"'],
  ['Mozilla/5.0 (X11; Linux; rv:1-2) a=1', 'Mozilla/5.0 (X11; Linux; rv:1-2) a=1'],
  ['a=1', 'a=1'],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', '"a\nb"'],
  [null, ''],
])('%j stands in a cell as %s: no spreadsheet runs it, and none splits it', (value, expected) => {
  expect(csvRecord([value, 'x'])).toBe(`${expected},x\r\n`);
});

test('what a caller writes into its own log runs in no spreadsheet', async () => {
  const { base, api } = await makeReseller();
  await api.post(`${base}/users`, newUser(), { 'User-Agent': '=cmd|" /C calc"!A0' });
  const [, , record] = readCsv((await api.get(CSV)).text);
  expect(record?.[8]).toBe('\'=cmd|" /C calc"!A0');
});
