/** The strings that stand under names like this anywhere in a JSON value. */
export function fieldsNamed(name: RegExp, value: unknown, under = ''): string[] {
  if (typeof value === 'string') return name.test(under) && value.length > 8 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => fieldsNamed(name, inner, Array.isArray(value) ? under : key));
}
