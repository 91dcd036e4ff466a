import { globSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type Node, type RegularExpressionLiteral, SyntaxKind } from 'typescript/unstable/ast';
import { isNewExpression, isPropertyAccessExpression, isTemplateExpression } from 'typescript/unstable/ast/is';
import { API } from 'typescript/unstable/sync';
import * as v from 'valibot';
import { PASSWORD_RULE } from '../../src/model/factors/password.ts';
import * as limits from '../../src/model/limits/index.ts';

export type Pattern = { readonly file: string; readonly source: string; readonly flags: string };

const PASSWORDS = PASSWORD_RULE.map(({ pattern }) => pattern);
/** What stands elsewhere and is made a pattern of, by the file that does. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  'src/model/factors/password.ts': PASSWORDS,
  'src/pages/static/activate/rules.js': PASSWORDS,
};

/** Each regular expression below a folder: literals, those put together, and those of the valibot actions that are used. */
export function patternsIn(folder: string): Pattern[] {
  const api = new API({ cwd: resolve() });
  const scripts = globSync(`${folder}/**/*.js`).map((file) => resolve(file));
  const snapshot = api.updateSnapshot({ openProjects: [resolve('tsconfig.json')], openFiles: scripts });
  const found = snapshot.getProjects().flatMap(({ program }) =>
    program.getSourceFileNames().flatMap((name) => {
      const file = relative(resolve(), name);
      const source = file.startsWith(`${folder}/`) ? program.getSourceFile(name) : undefined;
      return source === undefined ? [] : [...below(source)].flatMap((node) => patternsOf(file, node));
    }),
  );
  api.close();
  const known = new Map(found.map((pattern) => [JSON.stringify(pattern), pattern]));
  return [...known.values()];
}

function* below(node: Node): Generator<Node> {
  yield node;
  const children: Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* below(child);
}

function patternsOf(file: string, node: Node): Pattern[] {
  if (node.kind === SyntaxKind.RegularExpressionLiteral) {
    const { text } = node as RegularExpressionLiteral;
    const end = text.lastIndexOf('/');
    return [{ file, source: text.slice(1, end), flags: text.slice(end + 1) }];
  }
  if (isNewExpression(node) && node.expression.getText() === 'RegExp') {
    const [pattern, given] = node.arguments ?? [];
    const flags = given?.getText().slice(1, -1) ?? '';
    const sources = pattern && isTemplateExpression(pattern) ? [filled(pattern.getText())] : GIVEN[file];
    if (sources === undefined) throw new Error(`say in GIVEN what ${file} makes patterns of`);
    return sources.map((source) => ({ file, source, flags }));
  }
  if (!isPropertyAccessExpression(node) || node.expression.getText() !== 'v') return [];
  const name = node.name.getText();
  const brought = broughtBy(name);
  return brought ? [{ file: `valibot: ${name}`, source: brought.source, flags: brought.flags }] : [];
}

/** A template whose values are numbers of the limits. */
function filled(template: string): string {
  const text = template.slice(1, -1).replace(/\$\{(\w+)\}/g, (_, name: string) => String(Reflect.get(limits, name)));
  return text.replaceAll('\\\\', '\\');
}

/** The pattern that an action of valibot has by itself. */
function broughtBy(name: string): RegExp | undefined {
  try {
    const { requirement } = Reflect.get(v, name)();
    return requirement instanceof RegExp ? requirement : undefined;
  } catch {
    return undefined;
  }
}
