import { documented } from '../../../src/dialects/documented.ts';
import { SELF } from '../../../src/model/clients/scope.ts';
import { signIn } from '../people/signed-in.ts';
import { addPasskey, giveConsent, makePerson } from '../people/signed-up.ts';
import { makeReseller, rows } from '../world.ts';
import { exampleOf } from './bodies.ts';
import { makeIdentity } from './makers.ts';
import type { Declared, Scene } from './routes.ts';

/** The routes of signed-in users, which no scope opens: what the table of the other routes promises goes for them too. */
export const own = documented.flatMap((dialect) =>
  dialect.routes.flatMap((route) => (route.scope === SELF ? [{ dialect, route } as unknown as Declared] : [])),
);

/** By operation: what a request of it has to find, or what it sends. */
const FOUND: Readonly<Record<string, (userId: string) => Promise<unknown>>> = {
  unlinkGoogle: makeIdentity,
};
/** Another reseller that the user is a member of, or is invited to. */
export const invitedBy = async (userId: string, acceptedAt: number | null) => {
  const { id } = await makeReseller();
  const insert =
    "insert into memberships (user_id, reseller_id, roles, created_at, accepted_at) values (?, ?, '[]', ?, ?)";
  await rows(insert, userId, id, Date.now(), acceptedAt);
  await rows('update users set prepared_scopes = null, prepared_at = null where id = ?', userId);
  return id;
};
/** By operation: the tenant that its path names. */
const TENANTS: Readonly<Record<string, (userId: string) => Promise<string>>> = {
  acceptMyMembership: (userId) => invitedBy(userId, null),
  declineMyMembership: (userId) => invitedBy(userId, null),
  leaveMyMembership: (userId) => invitedBy(userId, Date.now()),
};

/** A request about somebody who has signed in and has what it names; it succeeds where its body needs no proof. */
export async function openOwnScene(
  one: Declared,
): Promise<Scene & { readonly person: Awaited<ReturnType<typeof makePerson>> }> {
  const person = await makePerson({ role: 'reseller-admin' });
  await FOUND[one.route.id]?.(person.userId);
  const caller = Object.assign(await signIn(person.userId, person.id), { client: person.api.client });
  const [session] = await person.sessions();
  const consentId = await giveConsent(person.userId, person.api.client.id);
  const tenant = await TENANTS[one.route.id]?.(person.userId);
  const ids = {
    sessionId: session.id,
    passkeyId: await addPasskey(person.userId),
    consentId,
    ...(tenant !== undefined && { resellerId: tenant }),
  };
  return { ...one, reseller: person.id, home: person.id, caller, ids, body: exampleOf(one.dialect, one.route), person };
}

/** Those that a body of their own makes work: test/sign-in shows that they do. */
export const PROVED = ['enableTwoFactor', 'createRecoveryCodes', 'disableTwoFactor', 'changeMyPassword'];
