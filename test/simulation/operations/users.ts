import type { Json } from '../../support/api.ts';
import { ask, look, wasDone } from '../caller.ts';
import { moveAddress } from '../memberships.ts';
import { acceptedBy, expectMail, hear, type Row, type User } from '../model.ts';
import {
  belongsElsewhere,
  elsewhere,
  holding,
  linksOf,
  type Operation,
  oneOf,
  type Simulation,
  usersAt,
} from '../simulation.ts';
import { reviewSubscriptions } from '../subscribers.ts';
import { signInAs } from './identities.ts';
import { accountUsers, callerAt, v3Users } from './places.ts';

/** What only the user's own reseller sees. */
const PRIVATE = ['company', 'job_title'];

/** A change of a user's own fields at home: by which request, and what it makes of the row. */
type Change = { readonly question: Parameters<typeof ask>[2]; readonly row: Row };

async function change(
  simulation: Simulation,
  resellerId: string,
  changeOf: (id: string, user: User) => Change | null,
  among = usersAt(simulation, resellerId),
) {
  const { model } = simulation;
  const found = oneOf(simulation, among);
  if (found === undefined) return;
  const [id, user] = found;
  const wanted = changeOf(id, user);
  if (wanted === null) return;
  await holding(simulation, elsewhere(simulation, id, resellerId), async () => {
    const moved = wanted.row['email'];
    const links = linksOf(simulation, user);
    const account = model.accounts.get(user.identity ?? '');
    const asked = await ask(simulation, callerAt(simulation, resellerId), wanted.question);
    let done = wasDone(simulation, asked, moved !== undefined && belongsElsewhere(simulation, id) ? [403] : []);
    if (done === null) {
      const seen = await shown(simulation, resellerId, user.row);
      done = Object.entries(wanted.row).every(([column, value]) => seen[column] === value);
    }
    if (!done) return;
    if (moved !== undefined) {
      const isThere = user.row['verified'] === 1;
      expectMail(model, isThere ? 'security-notice' : 'activation', isThere ? user.row['email'] : moved);
    }
    if (moved !== undefined) user.former.push(String(user.row['email']));
    Object.assign(user.row, wanted.row);
    if (moved !== undefined) moveAddress(model, id, links);
    reviewSubscriptions(model, id);
    // A repeated request changes nothing.
    hear(model, resellerId, 'reseller.user.updated', id);
    const seen = Object.keys(wanted.row).some((column) => !PRIVATE.includes(column));
    const others = acceptedBy(model, id).filter((there) => there !== resellerId);
    if (seen) for (const there of others) hear(model, there, 'reseller.user.updated', id);
    if (moved !== undefined && account !== undefined) await signInAs(simulation, account, resellerId);
  });
}

/** What both dialects show of a user; only one of them knows job titles. */
async function shown(simulation: Simulation, resellerId: string, { id, organization_id }: Row): Promise<Row> {
  const caller = callerAt(simulation, resellerId);
  const { email, company, firstName, lastName } = (await look(simulation, caller, `${v3Users(resellerId)}/${id}`)).body;
  const row = { email, company, first_name: firstName, last_name: lastName };
  if (organization_id === null || organization_id === undefined) return row;
  const listed: Json[] = (await look(simulation, caller, `/reseller/customers/${organization_id}/users`)).body;
  return { ...row, job_title: listed.find(({ user_id }) => user_id === id)?.job_title ?? null };
}

const patchByV3: Operation = (simulation, resellerId) =>
  change(simulation, resellerId, (id) => {
    const company = simulation.unique('Acme');
    const path = `${v3Users(resellerId)}/${id}`;
    return { question: { method: 'PATCH', path, body: { company } }, row: { company } };
  });

/** As a rule of a user who has linked an account at the provider. */
const moveByV3: Operation = (simulation, resellerId) => {
  const own = usersAt(simulation, resellerId);
  const linked = own.filter(([, { identity }]) => identity !== null);
  const moveOf = (id: string) => {
    const email = `${simulation.unique('moved')}@example.com`;
    return { question: { method: 'PATCH', path: `${v3Users(resellerId)}/${id}`, body: { email } }, row: { email } };
  };
  return change(simulation, resellerId, moveOf, linked.length > 0 ? linked : own);
};

const patchByAccounts: Operation = (simulation, resellerId) =>
  change(simulation, resellerId, (id) => {
    const last = simulation.unique('Smith');
    const body = [{ op: 'replace', path: '/displayName', value: `Cy ${last}` }];
    const question = {
      method: 'PATCH',
      path: `${accountUsers(resellerId)}/${id}`,
      body,
      type: 'application/json-patch+json',
    };
    return { question, row: { last_name: last, first_name: 'Cy' } };
  });

const putByReseller: Operation = (simulation, resellerId) =>
  change(simulation, resellerId, (id, { row }) => {
    if (row['organization_id'] === null) return null;
    const job_title = simulation.unique('Clerk');
    const path = `/reseller/customers/${row['organization_id']}/users/${id}`;
    return { question: { method: 'PUT', path, body: { job_title } }, row: { job_title } };
  });

export const userOperations = { patchByV3, moveByV3, patchByAccounts, putByReseller };
