import type * as v from 'valibot';

export function namedSchemas(
  examples: Readonly<Record<string, unknown>>,
  modules: readonly object[],
): Readonly<Record<string, v.GenericSchema>> {
  const exported = Object.assign({}, ...modules) as Readonly<Record<string, v.GenericSchema>>;
  return Object.fromEntries(Object.entries(exported).filter(([name]) => Object.hasOwn(examples, name)));
}
