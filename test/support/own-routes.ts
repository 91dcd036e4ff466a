import { documented } from '../../src/dialects/documented.ts';
import { SELF } from '../../src/model/scope.ts';
import { exampleOf } from './bodies.ts';
import type { Declared, Scene } from './routes.ts';
import { signIn } from './signed-in.ts';
import { addPasskey, makePerson } from './signed-up.ts';
import { makeReseller, rows, unique } from './world.ts';

/** The routes of signed-in users, which no scope opens: what the table of the other routes promises goes for them too. */
export const own = documented
  .flatMap((dialect) =>
    dialect.routes.flatMap((route) => (route.scope === SELF ? [{ dialect, route } as unknown as Declared] : [])),
  )
  // Callers that some tests share are gone after it.
  .sort((a, b) => Number(a.route.id === 'deleteMe') - Number(b.route.id === 'deleteMe'));

/** Another tenant that the user, who chose its own password, belongs to or is invited to. */
async function joined(userId: string, acceptedAt: number | null): Promise<{ resellerId: string }> {
  const { id: resellerId } = await makeReseller();
  await rows('update users set prepared_scopes = null, prepared_at = null where id = ?', userId);
  await rows(
    "insert into memberships (user_id, reseller_id, roles, created_at, accepted_at) values (?, ?, '[]', ?, ?)",
    userId,
    resellerId,
    Date.now(),
    acceptedAt,
  );
  return { resellerId };
}

/** By operation: what a request of it has to find, and the ids of that. */
const FOUND: Readonly<Record<string, (userId: string) => Promise<Record<string, string>>>> = {
  acceptMyMembership: (userId) => joined(userId, null),
  declineMyMembership: (userId) => joined(userId, null),
  leaveMyMembership: (userId) => joined(userId, 1),
  unlinkGoogle: async (userId) => {
    const insert =
      "insert into external_identities (issuer, subject, user_id, email, created_at) values ('i', ?, ?, 'e', 1)";
    await rows(insert, unique('s'), userId);
    await rows('update users set google_sso_enabled = 1 where id = ?', userId);
    return {};
  },
};
/** A request about somebody who has signed in and has what it names; it succeeds where its body needs no proof. */
export async function openOwnScene(
  one: Declared,
): Promise<Scene & { readonly person: Awaited<ReturnType<typeof makePerson>> }> {
  const person = await makePerson({ role: 'reseller-admin' });
  const found = await FOUND[one.route.id]?.(person.userId);
  const caller = Object.assign(await signIn(person.userId, person.id), { client: person.api.client });
  const [session] = await person.sessions();
  const ids = { sessionId: session.id, passkeyId: await addPasskey(person.userId), ...found };
  return { ...one, reseller: person.id, home: person.id, caller, ids, body: exampleOf(one.dialect, one.route), person };
}

/** Those that a body of their own makes work: test/sign-in shows that they do. */
export const PROVED = ['enableTwoFactor', 'createRecoveryCodes', 'disableTwoFactor', 'changeMyPassword'];
