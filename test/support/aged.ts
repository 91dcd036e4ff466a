import { Caller, send } from './api.ts';
import type { Person } from './signed-up.ts';
import { rows, unique } from './world.ts';

/** A user whose sign-in was so long ago, by a fresh token of that session. */
export async function aged(person: Person, ms: number, more: object = {}): Promise<Caller> {
  const { tokens } = await person.signIn(more);
  const latest = 'select id from sessions where user_id = ? order by id desc limit 1';
  await rows(`update sessions set created_at = created_at - ? where id = (${latest})`, ms, person.userId);
  const reply = await send('POST', '/oauth/token', {
    headers: { 'CF-Connecting-IP': unique('address') },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refreshToken }),
  });
  return new Caller(reply.body.access_token);
}
