import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SCHEMA_FILE, schemaSql } from '../../scripts/lib/database/schema.ts';

test('schema.sql shows what the migrations make; npm run schema writes it', () => {
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(schemaSql());
});
