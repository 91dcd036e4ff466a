import { decodeJwt } from 'jose';
import { sha256 } from '../../../src/auth/secrets/digest.ts';
import { VERIFIER } from '../../support/people/oauth.ts';
import { rows } from '../../support/world.ts';
import { flowIn, newBrowser } from '../browser.ts';
import { post } from '../caller.ts';
import { hear, type Session } from '../model.ts';
import { authentication, mayEnter } from '../sessions.ts';
import { type Operation, oneOf, PASSWORD, type Simulation, usersAt } from '../simulation.ts';
import { actBy } from './sessions.ts';

const REDIRECT_URI = 'https://app.example.com/cb';

/** A user signs in for the reseller's application and lets it act; whoever gets no answer on the way gives up. */
const delegate: Operation = async (simulation, resellerId) => {
  const { model, trace, world } = simulation;
  const client = model.resellers.get(resellerId)?.client;
  const able = usersAt(simulation, resellerId).filter(
    ([id, { password }]) => password !== null && mayEnter(simulation, id, resellerId),
  );
  const found = oneOf(simulation, able);
  if (client === undefined || found === undefined) return;
  const [id, { row }] = found;
  const uris = JSON.stringify([REDIRECT_URI]);
  await world.aside(() => rows('update api_clients set redirect_uris = ? where id = ?', uris, client.id));
  const code = await authorize(simulation, client.id, resellerId, id, String(row['email']));
  trace.push(`${row['email']} lets an application act: ${code === null ? 'no' : 'yes'}`);
  if (code === null) return;
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER };
  const exchange = new URLSearchParams({ ...authentication(client), ...form });
  const { answer } = await post(simulation, '/oauth/token', exchange, false);
  if (answer?.status !== 200) {
    // One that was lost began a session.
    model.doubtfulSessions.set(id, (model.doubtfulSessions.get(id) ?? 0) + 1);
    if (answer !== null) simulation.problems.push(`a code is not taken: ${answer.text}`);
    return;
  }
  const { access_token: token, refresh_token: refreshToken, scope } = answer.body;
  const delegation = { client, scope };
  const session: Session = {
    userId: id,
    resellerId,
    delegation,
    refreshToken,
    state: 'alive',
  };
  model.sessions.set(String(decodeJwt(token)['sid']), session);
  await actBy(simulation, session);
};

/** The code that the browser comes back with; null: it did not get there. */
async function authorize(simulation: Simulation, clientId: string, resellerId: string, userId: string, email: string) {
  const { model, problems } = simulation;
  const ask = newBrowser(simulation);
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid branding:write webhook:read',
    code_challenge: await sha256(VERIFIER),
    code_challenge_method: 'S256',
  });
  const sent = await ask(`/oauth/authorize?${query}`);
  const flow = flowIn(sent);
  if (flow === undefined) return null;
  const entered = await ask('/sign-in/password', { flow, email, password: PASSWORD });
  const isIn = entered?.location.startsWith('/oauth/authorize?') ?? false;
  // The browser has a session of its own, whose id it is not told.
  model.doubtfulSessions.set(userId, (model.doubtfulSessions.get(userId) ?? 0) + 1);
  hear(model, resellerId, 'account.logged-in', userId, { least: isIn ? 1 : 0, most: 1 });
  if (entered !== null && !isIn) problems.push(`no sign-in for an application: ${entered.text.slice(0, 2000)}`);
  const asked = isIn && entered !== null ? await ask(entered.location) : null;
  const question = /name="question" value="([^"]+)"/.exec(asked?.text ?? '')?.[1];
  const answered = question === undefined ? asked : await ask('/oauth/consent', { question, answer: 'allow' });
  return /[?&]code=([^&]+)/.exec(answered?.location ?? '')?.[1] ?? null;
}

export const applicationOperations = { delegate };
