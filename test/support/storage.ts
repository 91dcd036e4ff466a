import { exports } from 'cloudflare:workers';
import type { Caller, Json, Reply } from './api.ts';
import { makeReseller, rows, unique } from './world.ts';

export type Sent = { body?: BodyInit | null; headers?: Record<string, string>; query?: string };
type Answer = { status: number; headers: Headers; text: string; body: Json };

/** A storage account in a reseller of its own, and how its objects are reached. */
export async function makeStorage(fields: Record<string, unknown> = {}) {
  const { id: resellerId, api } = await makeReseller();
  return { resellerId, api, ...(await storageOf(resellerId, api, fields)) };
}

export const newStorage = () => ({ name: unique('Storage'), quotaBytes: 1000 });

/** Another storage account of this reseller. */
export async function storageOf(resellerId: string, api: Caller, fields: Record<string, unknown> = {}) {
  const accounts = `/v1.0/accounts/${resellerId}/storageAccounts`;
  const made = await api.post(accounts, { ...newStorage(), ...fields });
  if (made.status !== 201) throw new Error(made.text);
  const id: string = made.body.data.id;
  const path = `${accounts}/${id}`;
  const objects = `${path}/objects`;
  /** One request about the object under this key, which stands in the address as it is given. */
  const ask = (method: string, key: string, sent: Sent = {}) => askObject(api, method, `${objects}/${key}`, sent);
  return {
    id,
    accounts,
    path,
    objects,
    ask,
    put: (key: string, body: BodyInit | null, headers?: Record<string, string>) =>
      ask('PUT', key, { body, ...(headers && { headers }) }),
    get: (key: string, headers?: Record<string, string>) => ask('GET', key, headers && { headers }),
    shown: async (): Promise<Json> => (await api.get(path)).body.data,
    row: async () => (await rows('select * from storage_accounts where id = ?', id))[0],
    uploads: () => rows('select * from storage_objects where storage_account_id = ? order by id', id),
    list: (query = ''): Promise<Reply> => api.get(`${objects}${query}`),
  };
}

export async function askObject(caller: Caller, method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const headers = { Authorization: `Bearer ${caller.token}`, ...sent.headers };
  const init = { method, headers, ...(sent.body === undefined ? {} : { body: sent.body }) };
  const response = await exports.default.fetch(new Request(`https://edge.localhost${path}${sent.query ?? ''}`, init));
  const text = await response.text();
  const isJson = response.headers.get('Content-Type') === 'application/json; charset=utf-8';
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : null,
  };
}

/** Bytes that come piece by piece, with whatever the test does between them. */
export function inPieces(pieces: readonly string[], before: (index: number) => unknown = () => {}): ReadableStream {
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = pieces[sent];
      await before(sent);
      sent += 1;
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
  });
}
