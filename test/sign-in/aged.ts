import { Caller, send } from '../support/api.ts';
import type { Person } from '../support/people/signed-up.ts';
import { rows, unique } from '../support/world.ts';

const earlier = 'update sessions set created_at = created_at - ?1, authenticated_at = authenticated_at - ?1';

/** Has a user have signed in that much earlier. */
export const ageSessions = (userId: string, ms: number) => rows(`${earlier} where user_id = ?2`, ms, userId);

/** A user whose sign-in was so long ago, by a fresh token of that session. */
export async function aged(person: Person, ms: number, more: object = {}): Promise<Caller> {
  const { tokens } = await person.signIn(more);
  const latest = 'select id from sessions where user_id = ?2 order by id desc limit 1';
  await rows(`${earlier} where id = (${latest})`, ms, person.userId);
  const reply = await send('POST', '/oauth/token', {
    headers: { 'CF-Connecting-IP': unique('address') },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refreshToken }),
  });
  return new Caller(reply.body.access_token);
}
