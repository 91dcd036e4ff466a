import { type Json, send } from '../api.ts';
import { resolved } from './golden-pages.ts';

/** A dialect's document as it is served, with what its references to anything but schemas stand for. */
export async function documentOf(base: string): Promise<Json> {
  return resolved((await send('GET', `${base}/openapi.json`)).body);
}
