import { OIDC_RESPONSE_MAX_BYTES, OIDC_TIMEOUT_MS } from '../model/limits/index.ts';

type BoundedRequestInit = {
  readonly method: string;
  readonly headers: HeadersInit;
  readonly body?: BodyInit | null | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Rejects when the whole response is too slow or too big. Follows no redirects. Keeps only the content type. */
export async function boundedFetch(url: string, init: BoundedRequestInit): Promise<Response> {
  const signal = init.signal ?? AbortSignal.timeout(OIDC_TIMEOUT_MS);
  const { status, headers, body } = await fetch(url, {
    ...init,
    body: init.body ?? null,
    redirect: 'manual',
    signal,
  });
  const bytes = await readWhole(body, signal);
  const type = headers.get('Content-Type');
  return new Response(bytes.byteLength === 0 ? null : bytes, {
    status,
    ...(type !== null && { headers: { 'Content-Type': type } }),
  });
}

async function readWhole(body: ReadableStream<Uint8Array> | null, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    signal.throwIfAborted();
    length += chunk.byteLength;
    if (length > OIDC_RESPONSE_MAX_BYTES) throw new Error('the answer is too big');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
