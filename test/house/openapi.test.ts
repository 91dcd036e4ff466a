import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import type { Json } from '../support/api.ts';
import { documentFrom, pagesOf, resolved } from '../support/measures/golden-pages.ts';

const GOLDEN = join(import.meta.dirname, '../golden');
const entries = await readdir(GOLDEN, { withFileTypes: true });
const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

async function pagesIn(name: string): Promise<Record<string, Json>> {
  const files = await readdir(join(GOLDEN, name), { recursive: true, withFileTypes: true });
  const pages = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  return Object.fromEntries(
    await Promise.all(
      pages.map(async (page) => [
        page.slice(join(GOLDEN, name).length + 1).replace(/\.json$/, ''),
        JSON.parse(await readFile(page, 'utf8')),
      ]),
    ),
  );
}
const read = async (name: string) => documentFrom(await pagesIn(name));

test('there is a document to look at', () => {
  expect(names).not.toEqual([]);
});

test.each(names)('%s is valid OpenAPI 3.1', async (name) => {
  const validator = new Validator();
  expect(await validator.validate(await read(name))).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
});

test.each(names)('%s has no page that its document has not', async (name) => {
  const pages = await pagesIn(name);
  expect(pagesOf(documentFrom(pages))).toEqual(pages);
});

test.each(names)('every reference in %s leads somewhere, and every shared part is used', async (name) => {
  const document = await read(name);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, kind, part] of references) expect(document.components[kind!]).toHaveProperty([part!]);
  expect(JSON.stringify(document).split('"$ref"')).toHaveLength(references.length + 1);
  const used = new Set(references.map(([, kind, part]) => `${kind} ${part}`));
  const { securitySchemes: _, schemas: __, ...shared } = document.components;
  for (const [kind, parts] of Object.entries<object>(shared))
    for (const part of Object.keys(parts)) expect(used).toContain(`${kind} ${part}`);
});

type Operation = {
  readonly parameters: object[];
  readonly responses: Record<string, { description?: string }>;
  security: unknown;
};

test.each<[string, (operation: Operation) => unknown]>([
  ['an answer without a description', ({ responses }) => delete responses['500']?.description],
  ['a parameter in no known place', ({ parameters }) => parameters.push({ name: 'x', in: 'y' })],
  ['a security requirement that is none', (operation) => Object.assign(operation, { security: 'oauth' })],
])('the validator would notice %s', async (_, spoil) => {
  const document = resolved(await read(names[0]!));
  const [path]: Record<string, Operation>[] = Object.values(document.paths);
  spoil(Object.values(path!)[0]!);
  expect(await new Validator().validate(document)).toMatchObject({ valid: false });
});
