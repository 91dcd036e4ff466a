import { expect, test } from 'vitest';
import { applyPatch, type JsonPatch } from '../../src/http/json-patch.ts';

const document = { name: 'Jane', roles: ['a', 'b'], note: null };
const kindOf = (...operations: JsonPatch) => {
  try {
    return applyPatch(operations, document);
  } catch (error) {
    return (error as { failure: object }).failure;
  }
};
const add = (path: string, value: string) => ({ op: 'add', path, value }) as const;
const replace = (path: string, value: string | number) => ({ op: 'replace', path, value }) as const;
const remove = (path: string) => ({ op: 'remove', path }) as const;

test.each<[JsonPatch, object]>([
  [[], {}],
  [[replace('/name', 'Jane')], {}],
  [[replace('/name', 'Joe'), { op: 'test', path: '/name', value: 'Joe' }], { name: 'Joe' }],
  [[remove('/name')], { name: null }],
  [[remove('/name'), add('/name', 'Joe')], { name: 'Joe' }],
  [[add('/note', 'n')], { note: 'n' }],
  [[add('/roles/-', 'c'), add('/roles/0', 'z'), remove('/roles/1')], { roles: ['z', 'b', 'c'] }],
  [[add('/roles/2', 'c')], { roles: ['a', 'b', 'c'] }],
  [[{ op: 'move', from: '/roles/0', path: '/roles/-' }], { roles: ['b', 'a'] }],
  [[{ op: 'copy', from: '/name', path: '/note' }], { note: 'Jane' }],
])('%j changes what it names and nothing else', (operations, changes) => {
  expect(kindOf(...operations)).toEqual(changes);
  expect(document).toEqual({ name: 'Jane', roles: ['a', 'b'], note: null });
});

test.each<[JsonPatch, string]>([
  [[replace('/nickname', 'x')], 'nickname'],
  [[add('/nickname', 'x')], 'nickname'],
  [[add('/__proto__', 'polluted')], '__proto__'],
  [[add('/roles/__proto__', 'x')], '__proto__'],
  [[replace('/roles/length', 0)], 'length'],
  [[replace('/constructor/prototype/x', 1)], 'constructor'],
  [[add('/name/0', 'x')], '0'],
  [[replace('/roles/-', 'x')], '-'],
  [[remove('/roles/-')], '-'],
  [[replace('/roles/2', 'x')], '2'],
  [[remove('/roles/2')], '2'],
  [[add('/roles/3', 'x')], '3'],
  [[add('/roles/01', 'x')], '01'],
  [[add('/roles/-1', 'x')], '-1'],
  [[remove('/roles'), add('/roles/-', 'x')], '-'],
  [[remove('/name'), remove('/name')], 'name'],
  [[{ op: 'copy', from: '/roles/7', path: '/note' }], '7'],
  [[{ op: 'move', from: '/nickname', path: '/note' }], 'nickname'],
  [[{ op: 'move', from: '/roles', path: '/roles/0' }], '0'],
])('%j points at nothing', (operations, segment) => {
  expect(kindOf(...operations)).toEqual({ kind: 'target_missing', segment });
});

test('a list cannot be copied into itself for ever', () => {
  const doubled = Array.from({ length: 90 }, () => ({ op: 'copy', from: '/roles', path: '/roles/-' }) as const);
  expect(kindOf(...doubled)).toMatchObject({ kind: 'too_large' });
});

test('a test that fails stops everything', () => {
  expect(kindOf(replace('/name', 'Joe'), { op: 'test', path: '/roles/0', value: 'b' })).toMatchObject({
    kind: 'invalid',
    issues: [{ field: '1.value' }],
  });
});
