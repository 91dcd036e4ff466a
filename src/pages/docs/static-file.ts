import type { Exchange } from '../../http/exchange.ts';
import { nowhere } from '../../http/reply.ts';

/** A page's static file as the build laid it out (scripts/lib/assets.ts), or 304 to who has it already. */
export async function staticFile({ env, request }: Exchange): Promise<Response> {
  const known = request.headers.get('If-None-Match');
  const file = await env.assets?.fetch(request.url, known === null ? {} : { headers: { 'If-None-Match': known } });
  if (file === undefined || !(file.ok || file.status === 304)) return nowhere();
  return new Response(file.body, file);
}
