import {
  WEBHOOK_RESPONSE_BODY_MS,
  WEBHOOK_RESPONSE_READ_BYTES,
  WEBHOOK_RESPONSE_STORED_BYTES,
} from '../model/limits/index.ts';

/** `text`: start of the body, without secrets. */
export type WebhookResponse = {
  readonly statusCode: number | null;
  readonly delivered: boolean;
  readonly reason: string;
  readonly text: string;
  readonly headers: Headers;
};

export function noResponse(reason: string): WebhookResponse {
  return { statusCode: null, delivered: false, reason, text: '', headers: new Headers() };
}

export async function readResponse(response: Response, secrets: readonly string[]): Promise<WebhookResponse> {
  const { status, ok, headers } = response;
  const bytes = await firstBytes(response.body);
  const reason = ok ? 'delivered' : `answered ${status}`;
  return { statusCode: status, delivered: ok, reason, text: maskedText(bytes, secrets), headers };
}

/** The status decides: a slow or broken body is no failure. */
async function firstBytes(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const timeout = AbortSignal.timeout(WEBHOOK_RESPONSE_BODY_MS);
  const abandoned = new Promise<{ done: true; value?: undefined }>((resolve) => {
    timeout.addEventListener('abort', () => resolve({ done: true }));
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < WEBHOOK_RESPONSE_READ_BYTES) {
    const { done, value } = await Promise.race([reader.read(), abandoned]).catch(() => ({
      done: true,
      value: undefined,
    }));
    if (done || value === undefined) break;
    chunks.push(value);
    length += value.byteLength;
  }
  await reader.cancel().catch(() => {});
  return Buffer.concat(chunks).subarray(0, WEBHOOK_RESPONSE_READ_BYTES);
}

/** Masks before cutting, which could leave part of a secret. */
function maskedText(bytes: Uint8Array, secrets: readonly string[]): string {
  if (bytes.byteLength === 0) return '';
  const encodings = secrets.flatMap(encodingsOf);
  let text = new TextDecoder().decode(bytes);
  for (const encoding of encodings) text = text.replaceAll(encoding, '…');
  if (bytes.byteLength >= WEBHOOK_RESPONSE_READ_BYTES)
    for (const encoding of encodings) text = withoutPartialSecret(text, encoding);
  const stored = Buffer.from(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim());
  return new TextDecoder().decode(stored.subarray(0, WEBHOOK_RESPONSE_STORED_BYTES)).replace(/\uFFFD$/, '');
}

function encodingsOf(secret: string): string[] {
  const bare = secret.replace(/^(?:whsec_|v1,)/, '');
  // An empty string matches everywhere.
  if (bare === '') return [secret];
  const escaped = encodeURIComponent(bare);
  const json = JSON.stringify(bare).slice(1, -1);
  const bytes = Buffer.from(bare);
  return [
    ...[secret, bare, json, json.replaceAll('/', '\\/'), bare.replaceAll('/', '\\/')],
    ...[escaped, escaped.replace(/%../g, (code) => code.toLowerCase()), escaped.replaceAll('%20', '+')],
    ...[bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')],
  ];
}

function withoutPartialSecret(text: string, secret: string): string {
  for (let length = Math.min(secret.length, text.length); length > 3; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length);
  }
  return text;
}
