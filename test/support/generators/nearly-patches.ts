import fc from 'fast-check';
import type { Fields } from './bodies.ts';
import { odd } from './nearly-valid.ts';

const ODD_POINTERS = ['', '/', '//', '/-', '/__proto__', '/constructor/prototype/x', '/nobody', '/~', '/~2', 'name'];
const ODD_INDEXES = ['/-', '/0', '/1', '/01', '/1e0', '/-1', '/ 1', '/9', '/4294967296', '/length', '/0/0'];

/** JSON Patches that do nearly what these operations do: at the same places or odd ones, with the same values or odd ones. */
export function nearlyPatches(operations: readonly Fields[]): fc.Arbitrary<string> {
  const places = operations.map(({ path }) => String(path));
  const pointers = [
    ...places,
    ...ODD_POINTERS,
    ...places.flatMap((place) => ODD_INDEXES.map((index) => place + index)),
  ];
  const pointer = fc
    .oneof({ weight: 4, arbitrary: fc.constantFrom(...places) }, fc.constantFrom(...pointers))
    .map((text) => JSON.stringify(text));
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...operations).map((one) => JSON.stringify(one['value'])) },
    odd,
  );
  const op = fc.constantFrom('"add"', '"remove"', '"replace"', '"move"', '"copy"', '"test"', '"push"', 'null');
  const other = fc
    .record({ op, path: pointer, from: pointer, value }, { requiredKeys: ['op', 'path'] })
    .map((members) => `{${Object.entries(members).map(([name, text]) => `"${name}":${text}`)}}`);
  const same = fc.constantFrom(...operations).map((one) => JSON.stringify(one));
  return fc
    .array(fc.oneof({ weight: 2, arbitrary: same }, other), { maxLength: 4 })
    .map((members) => `[${members.join(',')}]`);
}
