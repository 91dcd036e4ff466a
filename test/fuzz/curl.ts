import type { Sent } from './judge.ts';

/** A request as a line to paste into a shell, with `$CALLER` for the credential. */
export function curlOf({ method, url, headers, body }: Sent, caller: string): string {
  const given = [...headers]
    .filter(([name]) => name !== 'authorization')
    .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  return [
    `curl -i ${method === 'HEAD' ? '--head' : `-X ${method}`} ${quote(`http://localhost:8787${url.pathname}${url.search}`)}`,
    ...(headers.has('Authorization') ? [`-H "Authorization: $${caller}"`] : []),
    ...given,
    ...(body === null ? [] : [`--data-binary ${typeof body === 'string' ? quote(body) : bytes(body)}`]),
  ].join(' ');
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const bytes = (body: Uint8Array) =>
  `$'${[...body].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`;
