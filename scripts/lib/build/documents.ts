import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { inRoot } from '../root.ts';

// Node cannot import WebAssembly as Workers do.
registerHooks({
  load: (url, context, next) =>
    url.endsWith('.wasm')
      ? { format: 'module', source: 'export default null', shortCircuit: true }
      : next(url, context),
});

export async function documents(): Promise<Readonly<Record<string, string>>> {
  const { documented } = await import('../../../src/dialects/documented.ts');
  const { documentedEvents } = await import('../../../src/dialects/v3/events/documented-events.ts');
  const { openapi } = await import('../../../src/http/openapi/openapi.ts');
  const passwords = await readFile(inRoot('src', 'model', 'factors', 'common-passwords.json'), 'utf8');
  return {
    'common-passwords.json': JSON.stringify(JSON.parse(passwords)),
    'v3.events.json': JSON.stringify(documentedEvents),
    ...Object.fromEntries(
      documented.map((dialect) => [`${dialect.name}.openapi.json`, JSON.stringify(openapi(dialect))]),
    ),
  };
}
