import fc from 'fast-check';
import type { Operation } from './operation.ts';
import type { StandIns } from './stand-ins.ts';
import { weighted } from './weighted.ts';

type Text = fc.Arbitrary<string>;

/** The runtime's own fetch takes no other texts in a header. */
const oddAscii: Text = weighted([3, fc.string()], [1, fc.constant('x'.repeat(3000))]);

const TAGS = ['*', '""', '"x"', 'W/"x"', 'x', '"a", "b"', '"'];
const DATES = ['Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT', '0', 'yesterday'];
const RANGES = [
  'bytes=0-0',
  'bytes=-1',
  'bytes=1-',
  'bytes=5-2',
  'bytes=0-0,2-3',
  'bytes=99999999999999999999-',
  'lines=1-2',
  'bytes=',
];
const LANGUAGES = ['de', 'ja;q=0.5, fr', '*', 'xx-YY', ';;;', 'en;q=9', 'a'.repeat(1000)];

/** Those that a request to the operation needs, and others that may change what is done. */
export function headersOf({ method, mediaTypes, headers = {} }: Operation, standIns: StandIns) {
  const type = weighted(
    [20, fc.constantFrom(mediaTypes[0] ?? 'application/json', ...mediaTypes)],
    [
      1,
      fc.constantFrom(
        'text/plain',
        'APPLICATION/JSON; charset=utf-8',
        'application/json;',
        '',
        'multipart/form-data',
        'x',
        'text/html',
      ),
    ],
  );
  const tag = weighted([2, standIns.of('etag')], [1, fc.constantFrom(...TAGS)]);
  const header = (name: string, value: Text) => fc.tuple(fc.constant(name), value);
  const strays = [
    header('X-Request-Id', weighted([2, fc.constantFrom('a-request', 'x'.repeat(200), 'a b', '<>')], [1, oddAscii])),
    header(
      'X-D1-Bookmark',
      weighted(
        [3, standIns.of('bookmark')],
        [
          1,
          fc.constantFrom(
            'first-unconstrained',
            'first-primary',
            '0',
            'x',
            '00000000-00000000-00000000-00000000000000000000000000000000',
          ),
        ],
      ),
    ),
    header('If-Match', tag),
    header('If-None-Match', tag),
    header('If-Range', tag),
    header('If-Modified-Since', fc.constantFrom(...DATES)),
    header('If-Unmodified-Since', fc.constantFrom(...DATES)),
    header('Range', fc.constantFrom(...RANGES)),
    header('Accept-Language', fc.constantFrom(...LANGUAGES)),
    header('Accept', fc.constantFrom('text/html', 'application/xml', '*/*')),
    header('Origin', fc.constantFrom('https://edge.localhost', 'https://evil.test', 'null')),
    header('Cookie', weighted([1, oddAscii], [1, standIns.of('cookie')])),
    header('User-Agent', oddAscii),
    header('X-Forwarded-Host', fc.constant('evil.test')),
  ];
  const key = header(
    'Idempotency-Key',
    weighted([6, fc.nat(15).map((n) => (n % 2 === 0 ? `key-${n}` : `"key-${n}"`))], [1, oddAscii]),
  );
  const usual = Object.entries(headers).map(([name, value]) => header(name, weighted([15, value], [1, oddAscii])));
  const needed = [...(mediaTypes.length > 0 ? [header('Content-Type', type)] : []), ...usual];
  return fc
    .tuple(
      fc.tuple(...needed),
      weighted([method === 'POST' ? 1 : 0, key], [3, fc.constant(null)]),
      fc.array(fc.oneof(...strays), { maxLength: 2 }),
    )
    .map(([first, second, rest]) => [...first, ...(second === null ? [] : [second]), ...rest]);
}
