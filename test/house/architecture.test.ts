import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.d)\.ts$/.test(file));
const sources = new Map(files.map((file) => [file, readFileSync(join('src', file), 'utf8')]));

/** Each layer imports those below it; what stands in one line never imports one another. */
const LAYERS = [
  ['index.ts', 'respond.ts', 'routes.ts', 'dialect-at.ts', 'misconfigured.ts'],
  ['jobs'],
  ['delivery'],
  ['dialects', 'oauth', 'pages', 'emails'],
  ['http'],
  ['auth', 'domain'],
  ['db', 'html'],
  ['env.ts'],
  ['settings.ts'],
  ['model'],
];

function importsOf(source: string): string[] {
  return [...source.matchAll(/^(?:import|export)[^;]*? from '([^']+)'/gms)].map(([, target]) => target!);
}

const edges = [...sources].flatMap(([file, source]) =>
  importsOf(source).map((target) => ({
    file,
    target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
  })),
);
const top = (path: string) => path.split('/')[0]!;

const layerOf = (path: string) => LAYERS.findIndex((names) => names.includes(top(path)));
const inside = edges.filter(({ target }) => sources.has(target));

test('imports point one way', () => {
  expect([...sources.keys()].filter((file) => layerOf(file) < 0)).toEqual([]);
  const wrong = inside.filter(({ file, target }) => {
    const [from, to] = [layerOf(file), layerOf(target)];
    return from > to || (from === to && from > 0 && top(file) !== top(target));
  });
  expect(wrong).toEqual([]);
  expect(edges.length).toBeGreaterThan(150);
});

test('dialects import neither db nor delivery, and the domain no settings', () => {
  const banned: Record<string, readonly string[]> = { dialects: ['db', 'delivery'], domain: ['env.ts', 'settings.ts'] };
  expect(inside.filter(({ file, target }) => banned[top(file)]?.includes(top(target)))).toEqual([]);
});

test('no core file names a dialect', () => {
  const named = inside.filter(({ file, target }) => /^dialects\/\w+\//.test(target) && top(file) !== 'dialects');
  expect(named).toEqual([]);
  const core = /^(http|pages)\/|^(respond|dialect-at|routes)\.ts$/;
  const wrong = [...sources].filter(
    ([file, source]) =>
      core.test(file) && /\bv3\b|\/v1\.0\b|['"`]\/reseller\b|\b(accounts|reseller)\/openapi/.test(source),
  );
  expect(wrong.map(([file]) => file)).toEqual([]);
});

test('no file imports itself by way of others, not even types', () => {
  const inCircles = new Map([...sources.keys()].map((file) => [file, new Set<string>()]));
  for (const { file, target } of edges) if (sources.has(target)) inCircles.get(file)?.add(target);
  // Whatever imports nothing that is left is in no circle.
  for (let before = 0; before !== inCircles.size; ) {
    before = inCircles.size;
    for (const [file, targets] of inCircles) {
      if (![...targets].some((target) => inCircles.has(target))) inCircles.delete(file);
    }
  }
  expect([...inCircles.keys()]).toEqual([]);
});

test('dialects never import each other', () => {
  const dialectOf = (path: string) => /^dialects\/(\w+)\//.exec(path)?.[1];
  const wrong = edges.filter(({ file, target }) => {
    const [from, to] = [dialectOf(file), dialectOf(target)];
    return from !== undefined && to !== undefined && from !== to;
  });
  expect(wrong).toEqual([]);
});

test.each([
  ['drizzle-orm', /^db\//],
  ['itty-router', /^http\/routes\/(mount|endpoint)\.ts$/],
  ['jose', /^(auth|oauth)\//],
  ['otpauth', /^auth\/secrets\/totp\.ts$/],
  ['uqr', /^pages\/qr\.ts$/],
  ['oauth4webapi', /^auth\/oidc\//],
  ['ipaddr.js', /^domain\/webhooks\/public-address\.ts$/],
  ['worker-mailer', /^emails\/transports\//],
  ['iso-3166', /^domain\/resellers\/country\.ts$/],
  ['rfc6902', /^http\/json-patch\.ts$/],
  ['@simplewebauthn/server', /^auth\/passkeys\//],
  ['@levischuck/tiny-cbor', /^auth\/passkeys\/attestation\.ts$/],
])('%s is imported where it belongs only', (name, place) => {
  const importers = edges
    .filter(({ target }) => target === name || target.startsWith(`${name}/`))
    .map(({ file }) => file);
  expect(importers.length).toBeGreaterThan(0);
  expect(importers.filter((file) => !place.test(file))).toEqual([]);
});

test('the domain knows no request, no SQL and no clock of its own', () => {
  const wrong = [...sources].filter(
    ([file, source]) =>
      file.startsWith('domain/') &&
      /\b(Request|Response|Headers|Date|sql|crypto|Math\.random)\b(?!')/.test(
        source.replace(/^.*\/?\*.*$| from '.*'/gm, ''),
      ),
  );
  expect(wrong.map(([file]) => file)).toEqual([]);
});

test('a file holds one idea: none over 250 lines, the median under 60', () => {
  const lengths = [...sources.values()].map((source) => source.split('\n').length - 1).sort((a, b) => a - b);
  expect(lengths.at(-1)).toBeLessThanOrEqual(250);
  expect(lengths[lengths.length >> 1]).toBeLessThan(60);
});

test('only db/commit says changes()', () => {
  const saying = [...sources].filter(([, source]) => /\bchanges\s*\(\s*\)/i.test(source)).map(([file]) => file);
  expect(saying).toEqual(['db/commit/chain.ts']);
});

test('nobody reads a row by a number: what a select gives stands in its declaration', () => {
  const inDb = [...sources].filter(([file]) => file.startsWith('db/'));
  const saying = (pattern: RegExp) => inDb.filter(([, source]) => pattern.test(source)).map(([file]) => file);
  expect(saying(/(?<!sql|Promise)\.(raw|all|first)\b(<.*>)?\(/)).toEqual(['db/sql/selection.ts']);
  expect(saying(/[\w)\]]\??\.?\[\d+\]|\.at\([0-9]/)).toEqual([]);
  expect(saying(/\bD1Result<|\bbatch<|RawRow/)).toEqual(['db/sql/selection.ts']);
});
