import type { Json } from '../api.ts';

/** A document as pages to read: one for each tag below `paths/`, one for each other part. */
export function pagesOf({ paths, webhooks, components, ...info }: Json): Record<string, Json> {
  const pages: Record<string, Json> = { info, webhooks, components };
  for (const [path, operations] of Object.entries<Record<string, Json>>(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const page = `paths/${operation.tags[0].toLowerCase().replaceAll(' ', '-')}`;
      pages[page] = { ...pages[page], [path]: { ...pages[page]?.[path], [method]: operation } };
    }
  }
  return pages;
}

/** The document of these pages. */
export function documentFrom({ info, webhooks, components, ...tags }: Record<string, Json>): Json {
  const paths: Record<string, Json> = {};
  for (const page of Object.values(tags)) {
    for (const [path, operations] of Object.entries<object>(page)) paths[path] = { ...paths[path], ...operations };
  }
  return { ...info, paths, webhooks, components };
}

/** JSON with all that is short enough on one line, so that a change shows as the lines that say it. */
export function textOf(value: Json, indent = ''): string {
  const flat = JSON.stringify(value, null, 1).replace(/\n */g, ' ');
  if (typeof value !== 'object' || indent.length + flat.length <= 120) return flat;
  const deeper = `${indent}  `;
  const [open, close, lines] = Array.isArray(value)
    ? ['[', ']', value.map((one) => textOf(one, deeper))]
    : ['{', '}', Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${textOf(one, deeper)}`)];
  return `${open}\n${lines.map((line) => `${deeper}${line}`).join(',\n')}\n${indent}${close}`;
}

/** The document with what its references to anything but schemas stand for. */
export function resolved(document: Json, part: Json = document): Json {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((one) => resolved(document, one));
  const [, kind, name] = /^#\/components\/(responses|parameters|headers|examples)\/(.+)$/.exec(part.$ref ?? '') ?? [];
  if (kind !== undefined) return resolved(document, document.components[kind][name!]);
  return Object.fromEntries(Object.entries<Json>(part).map(([key, value]) => [key, resolved(document, value)]));
}
