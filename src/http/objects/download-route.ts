import type * as v from 'valibot';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import type { OpenedObject } from '../../domain/storage/objects.ts';
import type { StoredObject } from '../../model/storage/storage.ts';
import { openCallerContext } from '../callers/caller-context.ts';
import { authorizeCaller, type Parsed, type Route, type RouteFacts, readPath, refuseQuery } from '../routes/route.ts';
import { type DownloadPlan, downloadResponse, selectBytes } from './download.ts';

type Handler<P> = (
  caller: CallerContext,
  input: { readonly params: Parsed<P> },
  selectionFor: (object: StoredObject) => DownloadPlan,
) => Promise<OpenedObject<DownloadPlan>>;

export function downloadRoute<P extends v.GenericSchema>(
  declaration: Omit<RouteFacts, 'method' | 'params' | 'bytes' | 'heeds' | 'returns' | 'also'> & { readonly params: P },
  handler: Handler<P>,
): Route {
  const { scope } = declaration;
  return {
    ...declaration,
    method: 'GET',
    bytes: 'response',
    heeds: ['Range', 'If-Range', 'If-Match', 'If-None-Match', 'If-Modified-Since', 'If-Unmodified-Since'],
    returns: [200],
    also: { 206: 'The range that was asked for.', 304: 'The caller has it already.' },
    async handle(context, identified, raw) {
      const actor = authorizeCaller(declaration, identified);
      refuseQuery(declaration, context.request);
      const params = readPath(declaration.params, raw);
      const { request } = context;
      const caller = openCallerContext(context, actor, scope, null);
      const { object, selection, body } = await handler(caller, { params }, (found) => selectBytes(request, found));
      return downloadResponse(object, selection, body);
    },
  };
}
