import { WEBHOOK_ANSWER_KEPT_BYTES, WEBHOOK_ANSWER_MS, WEBHOOK_ANSWER_READ_BYTES } from '../model/limits.ts';

/** What came back from a receiver, or why nothing did. `text` is the beginning of its body, fit to be kept. */
export type Answer = {
  readonly statusCode: number | null;
  readonly reason: string;
  readonly text: string;
  readonly headers: Headers;
};

export function noAnswer(reason: string): Answer {
  return { statusCode: null, reason, text: '', headers: new Headers() };
}

/** Reads the beginning of an answer. Whatever of `secrets` a receiver echoes is blotted out. */
export async function readAnswer(response: Response, secrets: readonly string[]): Promise<Answer> {
  const { status, headers } = response;
  const bytes = await firstBytes(response.body);
  const reason = status >= 200 && status < 300 ? 'delivered' : `answered ${status}`;
  return { statusCode: status, reason, text: presentable(bytes, secrets), headers };
}

/** The status says it all: a body that breaks off or never ends must not turn it into a failure. */
async function firstBytes(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const late = AbortSignal.timeout(WEBHOOK_ANSWER_MS);
  const abandoned = new Promise<{ done: true; value?: undefined }>((resolve) => {
    late.addEventListener('abort', () => resolve({ done: true }));
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < WEBHOOK_ANSWER_READ_BYTES) {
    const { done, value } = await Promise.race([reader.read(), abandoned]).catch(() => ({
      done: true,
      value: undefined,
    }));
    if (done || value === undefined) break;
    chunks.push(value);
    length += value.byteLength;
  }
  await reader.cancel().catch(() => {});
  return Buffer.concat(chunks).subarray(0, WEBHOOK_ANSWER_READ_BYTES);
}

// Secrets go before the cut, which could leave half of one; as JSON a receiver may have escaped them.
function presentable(bytes: Uint8Array, secrets: readonly string[]): string {
  let text = new TextDecoder().decode(bytes);
  for (const secret of secrets) {
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      secret.replaceAll('/', '\\/'),
      encodeURIComponent(secret),
    ]) {
      text = text.replaceAll(form, '…');
    }
  }
  const clean = Buffer.from(text.replace(/\p{Cc}+/gu, ' ').trim());
  return new TextDecoder().decode(clean.subarray(0, WEBHOOK_ANSWER_KEPT_BYTES)).replace(/\uFFFD$/, '');
}
