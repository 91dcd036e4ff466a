import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';

const GOLDEN = join(import.meta.dirname, '../golden');
const names = (await readdir(GOLDEN)).filter((name) => name.endsWith('.openapi.json'));
const read = async (name: string) => JSON.parse(await readFile(join(GOLDEN, name), 'utf8'));

test('there is a document to look at', () => {
  expect(names).not.toEqual([]);
});

test.each(names)('%s is valid OpenAPI 3.1', async (name) => {
  const validator = new Validator();
  expect(await validator.validate(await read(name))).toMatchObject({ valid: true });
  expect(validator.version).toBe('3.1');
});

test.each(names)('every reference in %s leads somewhere', async (name) => {
  const document = await read(name);
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, schema] of references) expect(document.components.schemas).toHaveProperty([schema ?? '']);
  expect(JSON.stringify(document).split('"$ref"')).toHaveLength(references.length + 1);
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
  const document = await read(names[0]!);
  const [path]: Record<string, Operation>[] = Object.values(document.paths);
  spoil(Object.values(path!)[0]!);
  expect(await new Validator().validate(document)).toMatchObject({ valid: false });
});
