import fc from 'fast-check';
import * as v from 'valibot';
import { availableScopes } from '../../../src/model/clients/scope.ts';
import list from '../../../src/model/factors/common-passwords.json' with { type: 'json' };
import { setCommonPasswords } from '../../../src/model/factors/common-passwords.ts';
import { ROLES } from '../../../src/model/users/role.ts';

// Schemas of new passwords judge by it.
setCommonPasswords(list);

type Values = fc.Arbitrary<unknown>;
/** By the name of a field: the values that its schema cannot know. */
export type Given = Readonly<Record<string, Values>>;

/** Values that only a check knows, and that are shown as they were sent. */
const KNOWN: Given = {
  countryCode: fc.constantFrom('DE', 'CH', 'JP'),
  timezone: fc.constantFrom('Europe/Berlin', 'Asia/Tokyo', 'UTC'),
  logoUrl: fc.webUrl({ validSchemes: ['https'], withQueryParameters: true }).map((url) => new URL(url).href),
  parentTenantId: fc.constant(null),
  redirectUris: fc.subarray(['https://app.example.com/cb', 'https://app.example.com/?a=b', 'com.example.app:/cb']),
  roles: fc.subarray([...ROLES]).map((roles) => [...new Set(['account.user', ...roles])]),
  scopes: fc.subarray([...availableScopes('a reseller')], { minLength: 1 }),
};

/** What this file reads off a valibot schema or a step of its pipe. */
export type Node = {
  readonly type: string;
  readonly pipe?: readonly [Node, ...Node[]];
  readonly entries?: Readonly<Record<string, Node>>;
  readonly wrapped?: Node;
  readonly item?: Node;
  readonly options?: readonly unknown[];
  readonly requirement?: unknown;
  readonly literal?: unknown;
};

/** The values of these fields, which are known beforehand, and of `given`. */
export const known = (given: Given): Given => ({ ...KNOWN, ...given });

export const nodeOf = (schema: v.GenericSchema) => schema as unknown as Node;

/** The fields of a body that hold an e-mail address. */
export function addressesIn(schema: v.GenericSchema): string[] {
  const { entries = {} } = nodeOf(schema);
  return Object.keys(entries).filter((name) => isAddress(entries[name] as Node));
}

const isAddress = ({ type, pipe, wrapped }: Node): boolean =>
  type === 'normalize' || (pipe ?? [wrapped]).some((step) => step !== undefined && isAddress(step));

/** Values that the schema takes. */
export const validFor = (schema: v.GenericSchema, given: Given = {}): Values => valid(nodeOf(schema), known(given));

export function valid(node: Node, given: Given, steps: readonly Node[] = []): Values {
  const { pipe, entries = {}, wrapped, item, options = [] } = node;
  if (pipe !== undefined) {
    const [first, ...rest] = pipe;
    return valid(first, given, [...rest, ...steps]).filter((value) => v.is(node as unknown as v.GenericSchema, value));
  }
  const limit = (type: string) => steps.find((step) => step.type === type)?.requirement as number | undefined;
  switch (node.type) {
    case 'object':
    case 'strict_object':
    case 'loose_object': {
      const fields = Object.entries(entries).map(([name, entry]) => [name, given[name] ?? valid(entry, given)]);
      const requiredKeys = Object.keys(entries).filter((name) => entries[name]?.type !== 'optional');
      return fc.record<Record<string, unknown>>(Object.fromEntries(fields), { requiredKeys });
    }
    case 'array':
      return fc.uniqueArray(valid(item as Node, given), { minLength: limit('min_length') ?? 0, maxLength: 8 });
    case 'optional':
      return valid(wrapped as Node, given);
    case 'nullable':
      return fc.option(valid(wrapped as Node, given), { nil: null });
    case 'picklist':
      return fc.constantFrom(...options);
    case 'literal':
      return fc.constant(node.literal);
    case 'boolean':
      return fc.boolean();
    case 'number':
      return fc.integer({ min: limit('min_value') ?? -1000, max: limit('max_value') ?? 1000 });
    case 'string':
      return text(
        steps.map((step) => step.type),
        steps.filter((step) => step.type === 'regex').map((step) => step.requirement as RegExp),
        limit('min_length') ?? 0,
        limit('max_length') ?? 100,
      );
    default:
      throw new Error(`no values are known for a schema of type ${node.type}`);
  }
}

function text(rules: readonly string[], patterns: readonly RegExp[], min: number, max: number): fc.Arbitrary<string> {
  if (rules.includes('trim') && !rules.includes('normalize'))
    return text(
      rules.filter((rule) => rule !== 'trim'),
      patterns,
      min,
      max,
    ).map((value) => value.trim());
  if (rules.includes('to_lower_case'))
    return text(
      rules.filter((rule) => rule !== 'to_lower_case'),
      patterns,
      min,
      max,
    ).map((value) => value.toLowerCase());
  if (rules.includes('normalize')) return address;
  if (rules.includes('url')) return fc.webUrl({ validSchemes: ['https'], withQueryParameters: true });
  if (rules.includes('uuid')) return fc.uuid();
  if (patterns.length === 1 && patterns[0]?.test(LONG_AGO)) return pastTime;
  // Where there are several, each asks for something that is to be in the text.
  if (patterns.length > 0)
    return fc.tuple(...patterns.map((pattern) => fc.stringMatching(pattern))).map((parts) => parts.join(''));
  const extreme = fc.constantFrom(
    'x'.repeat(min),
    'x'.repeat(max),
    '😀'.repeat(max / 2),
    'ﷺ'.repeat(max),
    'İ'.repeat(max),
  );
  return fc.oneof(
    fc.string({ minLength: min, maxLength: max }),
    fc.string({ unit: 'binary', minLength: min, maxLength: max / 2 }),
    extreme,
  );
}

const LONG_AGO = '2000-01-01T00:00:00.000Z';
const DAY_MS = 86_400_000;
/** What a recovery may begin with. */
const pastTime = fc
  .date({ min: new Date(Date.now() - 29 * DAY_MS), max: new Date(Date.now() - DAY_MS), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Every now and then one that somebody has already. */
const address = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9+-]{0,20}$/).map((name) => `${name}@Example.com`) },
  { weight: 1, arbitrary: fc.constant('taken@example.com') },
);
