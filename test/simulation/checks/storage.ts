import { env } from 'cloudflare:workers';
import { rows } from '../../support/world.ts';
import type { Model } from '../model.ts';
import { differences } from './compare.ts';

/** Each object is a row and its bytes, and there are no other bytes. */
export async function checkStorage(model: Model): Promise<string[]> {
  const stored = await rows(
    `select object.storage_account_id || ' ' || object.key as id, object.state, object.size,
      account.jurisdiction || '/' || account.id || '/' || object.id as blob
     from storage_objects as object join storage_accounts as account on account.id = object.storage_account_id`,
  );
  const expected = [...model.objects].map(([id, text]) => [id, { state: 'stored', size: text.length }] as const);
  const { objects: blobs } = await env.STORAGE.list();
  const known = new Map(stored.map(({ blob, id }) => [blob, id]));
  const wrong = await Promise.all(
    blobs.map(async ({ key }) => {
      const text = await (await env.STORAGE.get(key))?.text();
      const wanted = model.objects.get(known.get(key) ?? '');
      return text === wanted ? [] : [`the bytes ${key} are ${text} and must be ${wanted}`];
    }),
  );
  const there = new Set(blobs.map(({ key }) => key));
  const missing = stored.filter(({ blob }) => !there.has(blob)).map(({ blob }) => `the bytes ${blob} are not there`);
  return [...differences('storage_objects', new Map(expected), stored), ...wrong.flat(), ...missing];
}
