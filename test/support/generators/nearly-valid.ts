import fc from 'fast-check';
import type * as v from 'valibot';
import { type Given, known, type Node, nodeOf, valid } from './arbitrary.ts';

/**
 * JSON that the schema nearly takes: mostly valid, with fields that are missing, wrong, extreme or unheard of. Empty for
 * a body that may be absent.
 */
export const nearlyValidFor = (schema: v.GenericSchema, given: Given = {}): fc.Arbitrary<string> =>
  near(nodeOf(schema), known(given)).map((text) => text ?? '');

/** Undefined stands for what is left out: a field, or the body. */
function near(node: Node, given: Given): fc.Arbitrary<string | undefined> {
  if (node.type === 'optional') return fc.option(near(node.wrapped as Node, given), { nil: undefined, freq: 3 });
  if (node.type === 'nullable') return fc.option(near(node.wrapped as Node, given), { nil: 'null', freq: 6 });
  if (node.entries === undefined)
    return mostly(
      valid(node, given).map((value) => JSON.stringify(value)),
      typeOf(node),
    );
  const fields = Object.entries(node.entries).map(([name, entry]) => {
    const usual = given[name]?.map((value) => JSON.stringify(value));
    return fc.tuple(
      fc.constant(name),
      fc.option(usual ? mostly(usual, typeOf(entry)) : near(entry, given), { nil: undefined, freq: 30 }),
    );
  });
  const stranger = fc.tuple(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'id', ''),
    fc.option(odd, { nil: undefined, freq: 1 }),
  );
  return fc
    .tuple(...fields, stranger)
    .map((pairs) =>
      pairs.filter(([, value]) => value !== undefined).map(([name, value]) => `${JSON.stringify(name)}:${value}`),
    )
    .map((members) => `{${members.join(',')}}`);
}

const lengths = fc.constantFrom(0, 1, 7, 8, 255, 256, 257, 2048, 2049, 20_000);
const nested = (open: string, close: string) =>
  fc.constantFrom(1, 10, 5000).map((depth) => `${open.repeat(depth)}1${close.repeat(depth)}`);

/** What no field is made for, as JSON written out, because some of it has no value in JavaScript. */
const oddNumber = fc.constantFrom(
  '0',
  '-0',
  '-2',
  '1.5',
  '-0.5',
  '2147483648',
  '9007199254740993',
  '1e308',
  '1e400',
  '-1e400',
);
const oddText = fc.oneof(
  fc.constantFrom(
    '""',
    '" "',
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\u202e"',
    '"true"',
    '"1"',
  ),
  fc.constantFrom(
    '"a@b"',
    '" a@example.com "',
    '"é@example.com"',
    '"a@exa mple.com"',
    '"http://"',
    '"javascript:alert(1)"',
    '"2024-02-29"',
    '"2023-02-29"',
    '"9999-12-31T23:59:59.999999999-23:59"',
    '"0000-01-01T00:00:00+23:59"',
    '"2020-01-01t24:00:00z"',
  ),
  fc
    .tuple(fc.constantFrom('x', ' ', '😀', '%', 'İ'), lengths)
    .map(([unit, length]) => JSON.stringify(unit.repeat(length))),
  fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)),
);
const oddShape = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    '[]',
    '{}',
    '[null]',
    '["*","*"]',
    '{"__proto__":{"id":1}}',
    '{"constructor":{"id":1}}',
  ),
  nested('[', ']'),
  nested('{"a":', '}'),
  fc.json(),
);
export const odd = fc.oneof(oddNumber, oddText, oddShape);

/** Mostly as usual, else odd, with a liking for the type that the field has. */
function mostly(usual: fc.Arbitrary<string>, type: string): fc.Arbitrary<string> {
  const liked = type === 'number' ? oddNumber : type === 'string' ? oddText : oddShape;
  return fc.oneof({ weight: 24, arbitrary: usual }, { weight: 2, arbitrary: liked }, { weight: 1, arbitrary: odd });
}

function typeOf({ pipe, wrapped, type }: Node): string {
  const inner = pipe?.[0] ?? wrapped;
  return inner === undefined ? type : typeOf(inner);
}
