import { generateKeyPair } from 'jose';
import { availableScopes } from '../../src/model/clients/scope.ts';
import { ORGANIZATION_ADMIN, RESELLER_ADMIN, RESELLER_ADMIN_SCOPES, ROLES } from '../../src/model/users/role.ts';
import { others } from '../dialects/checks/access.ts';
import { send } from '../support/api.ts';
import { alter, earlierKey, seconds, signingKey } from '../support/forge.ts';
import type { Scene } from '../support/generators/routes.ts';
import { enroll } from '../support/people/accounts.ts';
import { signIn as signInAs } from '../support/people/signed-in.ts';
import { makeStaff, signIn } from '../support/people/staff.ts';
import {
  type Client,
  callerFor,
  makeClient,
  makeReseller,
  newOrganization,
  operator,
  rows,
  tokenOf,
} from '../support/world.ts';

type Credential = (scene: Scene) => Promise<string>;

const once = <T>(make: () => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
const homeOf = ({ reseller, caller }: Scene) => ({ id: reseller, base: `/v3/resellers/${reseller}`, api: caller });
const another = once(makeReseller);
const newAdmin = async () => (await makeStaff(await another(), { word: RESELLER_ADMIN })).user;
const theirAdmin = once(newAdmin);
const somebodyElse = once(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await crypto.subtle.exportKey('jwk', privateKey)), kid: signingKey.kid, alg: signingKey.alg };
});
const gone = once(async () => {
  const { base, api } = await makeReseller();
  await (await operator()).delete(base);
  return api;
});
const theOperator = once(operator);

/** By who asks: the token for a scene's request; each is good in all but what its name says. */
export const strangers = {
  expired: ({ caller }) => alter(caller.token, { claims: { iat: seconds() - 1000, exp: seconds() - 100 } }),
  'not yet valid': ({ caller }) => alter(caller.token, { claims: { nbf: seconds() + 100 } }),
  'for another audience': ({ caller }) => alter(caller.token, { claims: { aud: 'https://elsewhere.example' } }),
  'of another issuer': ({ caller }) => alter(caller.token, { claims: { iss: 'https://issuer.example' } }),
  'of another type': ({ caller }) => alter(caller.token, { header: { typ: 'JWT' } }),
  'signed by somebody else': async ({ caller }) => alter(caller.token, { key: await somebodyElse() }),
  "of another key's name": ({ caller }) => alter(caller.token, { header: { kid: earlierKey.kid } }),
  revoked: async ({ home }) => {
    const { token, client } = await callerFor(home);
    const form = { token, client_id: client.id, client_secret: client.secret };
    await send('POST', '/oauth/revoke', { body: new URLSearchParams(form) });
    return token;
  },
  'of a revoked client': async ({ home }) => {
    const { token, client } = await callerFor(home);
    await rows('update api_clients set revoked_at = 1 where id = ?', client.id);
    return token;
  },
  'of a deleted reseller': async () => (await gone()).token,
  'of an ended session': async (scene) => {
    const { token, session } = await makeStaff(homeOf(scene), { word: RESELLER_ADMIN });
    await rows('update sessions set ended_at = 1 where id = ?', session);
    return token;
  },
  'of a user that is deleted': async (scene) => {
    const { token, user } = await makeStaff(homeOf(scene), { word: RESELLER_ADMIN });
    await scene.caller.delete(`/v3/resellers/${scene.reseller}/users/${user.id}`);
    return token;
  },
  'of a user that is disabled': async (scene) => {
    const { user } = await makeStaff(homeOf(scene), { word: RESELLER_ADMIN });
    await scene.caller.patch(`/v3/resellers/${scene.reseller}/users/${user.id}`, { disabled: true });
    return (await signIn(user, scene.reseller, availableScopes(scene.reseller))).token;
  },
  'of a guest that is disabled': async (scene) => {
    const user = await newAdmin();
    const { users } = usersOf(homeOf(scene));
    await enroll({ users }, user, ...ROLES);
    // The last one is not disabled.
    await makeStaff(homeOf(scene), { roles: ['user.admin'] });
    await scene.caller.patch(`${users}/${user.id}`, [{ op: 'replace', path: '/enabled', value: false }]);
    return (await signIn(user, scene.reseller, availableScopes(scene.reseller))).token;
  },
  'without the scope': async (scene) => tokenOf((await callerFor(scene.home)).client, others(scene).join(' ')),
  'a user without rights': async (scene) => (await (await makeStaff(homeOf(scene))).claiming()).token,
  "another reseller's client": async () => (await another()).api.token,
  "another reseller's administrator": async ({ route }) =>
    (
      await signIn(
        await (route.id === 'deleteMe' ? newAdmin() : theirAdmin()),
        (
          await another()
        ).id,
        RESELLER_ADMIN_SCOPES,
      )
    ).token,
  "another reseller's application": async () => applicationOf(await newAdmin(), (await another()).id),
  'a user of this reseller, as a guest elsewhere': async (scene) => guestOf(homeOf(scene), await another()),
  'a guest of this reseller, at home': async (scene) => {
    const home = await another();
    const user = await newAdmin();
    await enroll(usersOf(homeOf(scene)), user, ...ROLES);
    return (await signIn(user, home.id, availableScopes(home.id))).token;
  },
  "another organization's administrator": async (scene) => {
    const home = homeOf(scene);
    const { body } = await home.api.post(`${home.base}/organizations`, newOrganization());
    const held = { word: ORGANIZATION_ADMIN, organizationId: body.id };
    return (await (await makeStaff(home, held)).claiming()).token;
  },
  'the operator': async () => (await theOperator()).token,
} satisfies Readonly<Record<string, Credential>>;

export type Stranger = keyof typeof strangers;

/** An application in the name of a reseller-admin, both with every right in the scene's reseller. */
export async function application(scene: Scene): Promise<string> {
  const { user } = await makeStaff(homeOf(scene), { word: RESELLER_ADMIN });
  return applicationOf(user, scene.reseller);
}

/** An application in the name of this user, who holds every right in the reseller as it does. */
async function applicationOf({ id }: { readonly id: string }, resellerId: string): Promise<string> {
  const client = await makeClient(resellerId, RESELLER_ADMIN_SCOPES);
  return (await signInAs(id, resellerId, availableScopes(resellerId), client.id)).token;
}

type Home = Parameters<typeof makeStaff>[0];
const usersOf = ({ id }: Home) => ({ users: `/v1.0/accounts/${id}/users` });

/** A `reseller-admin` of one reseller who is signed in to another one, as a member with every role. */
async function guestOf(home: Home, elsewhere: Home): Promise<string> {
  const { user } = await makeStaff(home, { word: RESELLER_ADMIN });
  await enroll(usersOf(elsewhere), user, ...ROLES);
  return (await signIn(user, elsewhere.id, availableScopes(elsewhere.id))).token;
}

const keyOf = ({ id, secret }: Client) => `ApiKey ${id}.${secret}`;

/** The same for those who come with the key of an API client: the whole `Authorization`. */
export const keyHolders = {
  'the key of a revoked client': async ({ home }) => {
    const { client } = await callerFor(home);
    await rows('update api_clients set revoked_at = 1 where id = ?', client.id);
    return keyOf(client);
  },
  'the key of a deleted reseller': async () => keyOf((await gone()).client),
  'a key without the scope': async (scene) => keyOf(await makeClient(scene.home, others(scene))),
  "another reseller's key": async () => keyOf((await another()).api.client),
  "the operator's key": async () => keyOf((await theOperator()).client),
} satisfies Readonly<Record<string, Credential>>;

export type KeyHolder = keyof typeof keyHolders;
