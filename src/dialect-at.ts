import { dialects } from './dialects/index.ts';
import { notFound } from './http/reply.ts';
import type { RequestContext } from './http/request-context.ts';
import { type Mounted, mount } from './http/routes/mount.ts';

const mounted = dialects.map((dialect) => {
  // Built on the first request, which keeps isolates quick to start.
  let made: Mounted | undefined;
  const answer: Mounted = (context) => {
    made ??= mount(dialect);
    return made(context);
  };
  return { prefix: `${dialect.base}/`, answer };
});

export function dialectAt({ pathname }: URL) {
  const dialect = mounted.find(({ prefix }) => `${pathname}/`.startsWith(prefix));
  return pathname === `${dialect?.prefix}openapi.json` ? undefined : dialect;
}

export function respondAt(path: string, context: RequestContext): Promise<Response> {
  const url = new URL(path + context.url.search, context.url);
  const aliased = { ...context, url, request: new Request(url, context.request) };
  return dialectAt(url)?.answer(aliased) ?? Promise.resolve(notFound());
}
