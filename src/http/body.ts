import { invalid, Refusal, refuse } from '../model/failure.ts';
import { BODY_MAX_BYTES } from '../model/limits/index.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Refuses `media_type`, `too_large`, and `invalid` for an aborted upload. */
export async function readBytes(
  request: Request,
  mediaTypes: readonly string[],
  mayBeAbsent: boolean,
): Promise<Uint8Array> {
  const sent = request.headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  const fits = sent !== undefined && mediaTypes.includes(sent);
  if (!fits && !(mayBeAbsent && sent === undefined)) refuseType(mediaTypes);
  if (Number(request.headers.get('Content-Length')) > BODY_MAX_BYTES) tooLarge();
  const bytes = await readWhole(request).catch(refuseBroken);
  if (!fits && bytes.byteLength > 0) refuseType(mediaTypes);
  return bytes;
}

async function readWhole({ body }: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > BODY_MAX_BYTES) tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function refuseBroken(error: unknown): never {
  if (error instanceof Refusal) throw error;
  refuse(invalid('body', '', 'Broke off.'));
}

export const FORM = 'application/x-www-form-urlencoded';

/** Refuses `invalid` for a field that is sent twice (RFC 6749 §3.2). */
export function parseForm(bytes: Uint8Array): Readonly<Record<string, string>> {
  const form = new URLSearchParams(new TextDecoder().decode(bytes));
  const twice = repeatedIn(form);
  if (twice !== undefined) refuse(invalid('body', twice, 'Must be sent once only.'));
  return Object.fromEntries(form);
}

/** Linear in the number of fields, because a body holds thousands. */
export function repeatedIn(form: URLSearchParams): string | undefined {
  const names = new Set<string>();
  for (const name of form.keys()) {
    if (names.has(name)) return name;
    names.add(name);
  }
  return undefined;
}

/** RFC 8259. Refuses `not_json`. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    refuse({ kind: 'not_json' });
  }
}

function refuseType(mediaTypes: readonly string[]): never {
  refuse({ kind: 'media_type', expected: mediaTypes.join(', ') });
}

function tooLarge(): never {
  refuse({ kind: 'too_large', maxBytes: BODY_MAX_BYTES });
}
