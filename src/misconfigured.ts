import { uuidv7 } from 'uuidv7';
import { addCommonHeaders, jsonResponse } from './http/reply.ts';
import { log } from './model/log.ts';

/** Only the log names the invalid setting. */
export function misconfigured({ message }: Error): Response {
  const requestId = uuidv7();
  log('error', 'error', 'settings', { requestId, detail: message });
  const body = { message: 'This deployment is not configured yet. Its log says why.', code: 'MISCONFIGURED' };
  return addCommonHeaders(jsonResponse(body, 503), { requestId, bookmark: null, https: false });
}
