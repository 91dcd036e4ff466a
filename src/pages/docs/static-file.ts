import { notFound } from '../../http/reply.ts';
import type { RequestContext } from '../../http/request-context.ts';

export async function staticFile({ env, request }: RequestContext): Promise<Response> {
  const known = request.headers.get('If-None-Match');
  const file = await env.assets?.fetch(request.url, known === null ? {} : { headers: { 'If-None-Match': known } });
  if (file === undefined || !(file.ok || file.status === 304)) return notFound();
  return new Response(file.body, file);
}
