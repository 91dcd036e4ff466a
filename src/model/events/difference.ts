type FieldValues = Readonly<Record<string, unknown>>;

export type Difference = { readonly changed: FieldValues; readonly added?: readonly string[] };

export function differenceOf(before: object, after: object): Difference {
  const earlier: FieldValues = { ...before };
  const later: FieldValues = { ...after };
  const changed = Object.entries(earlier).filter(([name, value]) => !isEqualJson(value, later[name]));
  const added = Object.keys(later).filter((name) => later[name] !== undefined && earlier[name] === undefined);
  return { changed: Object.fromEntries(changed), ...(added.length === 0 ? {} : { added }) };
}

const isEqualJson = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function applyDifference({ changed, added = [] }: Difference, after: object): object {
  const unchanged = Object.entries(after).filter(([name]) => !added.includes(name));
  return { ...Object.fromEntries(unchanged), ...changed };
}

export const isDifference = (state: object): state is Difference => 'changed' in state;
