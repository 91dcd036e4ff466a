import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { inRoot } from '../root.ts';

const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
];

const DEVELOPMENT_ONLY: Readonly<Record<string, string>> = {
  'MPL-2.0': 'axe-core in tests, lightningcss in the bundler; files of theirs are not changed',
  'LGPL-3.0-or-later': 'libvips, which the local runtime has for its stand-in of image resizing',
};

/** Deployed without an import in `src`. */
const COPIED = ['swagger-ui-dist', '@zxcvbn-ts/language-common'];

const Locked = v.object({
  version: v.optional(v.string(), ''),
  license: v.optional(v.string(), ''),
  dependencies: v.optional(v.record(v.string(), v.string()), {}),
});
const LockFile = v.object({ packages: v.record(v.string(), Locked) });

export type Package = v.InferOutput<typeof Locked> & { readonly path: string; readonly name: string };

export function lockedPackages(): Map<string, Package> {
  const { packages } = v.parse(LockFile, JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')));
  const entries = Object.entries(packages).map(
    ([path, facts]) => [path, { ...facts, path, name: nameOf(path) }] as const,
  );
  return new Map(entries);
}

/** What the Worker imports, transitively, and what is copied. */
export function deployedPackages(all = lockedPackages()): Package[] {
  const found = new Map<string, Package>();
  const take = (name: string, from: string) => {
    const resolved = resolve(all, name, from);
    if (resolved === undefined || found.has(resolved.path)) return;
    found.set(resolved.path, resolved);
    for (const needed of Object.keys(resolved.dependencies)) take(needed, resolved.path);
  };
  for (const name of [...Object.keys(all.get('')?.dependencies ?? {}), ...COPIED]) take(name, '');
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Undefined: allowed. */
export function licenceProblem({ license }: Package, deployed: boolean): string | undefined {
  const isFine = (one: string) => PERMISSIVE.includes(one) || (!deployed && one in DEVELOPMENT_ONLY);
  // SPDX 3.0.1, annex B.
  const choices = license.replace(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every(isFine)) ? undefined : `licence ${license || 'unknown'}`;
}

export function noticesOf({ path }: Package): string[] {
  const folder = inRoot(path);
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)(?:[.-]|$)/i.test(file))
    : [];
  return files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Node's resolution. */
function resolve(all: ReadonlyMap<string, Package>, name: string, from: string): Package | undefined {
  const here = all.get(join(from, 'node_modules', name));
  if (here !== undefined || from === '') return here;
  const above = from.lastIndexOf('/node_modules/');
  return resolve(all, name, above === -1 ? '' : from.slice(0, above));
}
