import { dialects } from './dialects/index.ts';
import { notFound } from './http/reply.ts';
import type { RequestContext } from './http/request-context.ts';
import { type Mounted, mount } from './http/routes/mount.ts';

/** Each dialect as one function, and where all its addresses begin. */
const mounted = dialects.map((dialect) => {
  // At the first request, so that an isolate starts without waiting for routes that nobody may ask for.
  let made: Mounted | undefined;
  const answer: Mounted = (context) => {
    made ??= mount(dialect);
    return made(context);
  };
  return { prefix: `${dialect.base}/`, answer };
});

/** The dialect at an address, if one answers there. */
export function dialectAt({ pathname }: URL) {
  const dialect = mounted.find(({ prefix }) => `${pathname}/`.startsWith(prefix));
  return pathname === `${dialect?.prefix}openapi.json` ? undefined : dialect;
}

/** Answers a route's alias as its own address. */
export function respondAt(path: string, context: RequestContext): Promise<Response> {
  const url = new URL(path + context.url.search, context.url);
  const moved = { ...context, url, request: new Request(url, context.request) };
  return dialectAt(url)?.answer(moved) ?? Promise.resolve(notFound());
}
