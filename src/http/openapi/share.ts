const KINDS = ['responses', 'parameters', 'headers', 'examples'] as const;
type ComponentKind = (typeof KINDS)[number];
type Components = Record<ComponentKind, Record<string, object>>;

const MARK = Symbol('component');
type Mark = { readonly kind: ComponentKind; readonly names: readonly string[] };
type Part = { readonly [MARK]?: Mark };

/** Becomes a component if it repeats, under the first free name. */
export function shareable<T extends object>(kind: ComponentKind, names: readonly string[], part: T): T {
  return { ...part, [MARK]: { kind, names } satisfies Mark };
}

export function shareComponents<T extends object>(tree: T): { readonly tree: T; readonly components: Components } {
  return KINDS.reduce<{ tree: T; components: Components }>(
    (all, kind) => {
      const names = namesOf(partsIn(all, kind));
      const taken: Record<string, object> = {};
      const { tree, components } = replace(all, (part) => {
        const name = part[MARK]?.kind === kind ? names.get(JSON.stringify(part)) : undefined;
        if (name === undefined) return undefined;
        taken[name] = part;
        return { $ref: `#/components/${kind}/${name}` };
      });
      const sorted = Object.entries(taken).sort(([one], [other]) => (one < other ? -1 : 1));
      return { tree, components: { ...components, [kind]: Object.fromEntries(sorted) } };
    },
    { tree, components: { responses: {}, parameters: {}, headers: {}, examples: {} } },
  );
}

function partsIn(value: unknown, kind: ComponentKind): Part[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap((one) => partsIn(one, kind));
  return (value as Part)[MARK]?.kind === kind ? [value, ...inner] : inner;
}

function namesOf(parts: readonly Part[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const groups = [...Map.groupBy(parts, (part) => JSON.stringify(part))].sort(([, a], [, b]) => b.length - a.length);
  for (const [json, [first, second]] of groups) {
    const freeName = first?.[MARK]?.names.find((name) => ![...names.values()].includes(name));
    if (second !== undefined && freeName !== undefined) names.set(json, freeName);
  }
  return names;
}

function replace<T>(value: T, by: (part: Part) => object | undefined): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => replace(one, by)) as T;
  const other = by(value);
  if (other !== undefined) return other as T;
  const entries = Object.entries(value).map(([key, one]) => [key, replace(one, by)]);
  return { ...Object.fromEntries(entries), ...(MARK in value && { [MARK]: value[MARK] }) };
}

export const toPascalCase = (words: string) =>
  words.replace(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
