type Fields = Readonly<Record<string, unknown>>;

/** An earlier state, by its difference from a later one: the earlier values, and the fields that only the later one has. */
export type Difference = { readonly changed: Fields; readonly added?: readonly string[] };

/** How `before` differs from `after`, field by field. A field that is undefined is absent, as in JSON. */
export function differenceOf(before: object, after: object): Difference {
  const earlier: Fields = { ...before };
  const later: Fields = { ...after };
  const changed = Object.entries(earlier).filter(([name, value]) => !same(value, later[name]));
  const added = Object.keys(later).filter((name) => later[name] !== undefined && earlier[name] === undefined);
  return { changed: Object.fromEntries(changed), ...(added.length === 0 ? {} : { added }) };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** The state that differs so from `after`. */
export function restore({ changed, added = [] }: Difference, after: object): object {
  const kept = Object.entries(after).filter(([name]) => !added.includes(name));
  return { ...Object.fromEntries(kept), ...changed };
}

/** Whether this is a difference and not a whole state: no state has a field `changed`. */
export const isDifference = (state: object): state is Difference => 'changed' in state;
