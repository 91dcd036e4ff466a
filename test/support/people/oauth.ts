import { sha256 } from '../../../src/auth/secrets/digest.ts';
import type { Scope } from '../../../src/model/clients/scope.ts';
import { send } from '../api.ts';
import { type Client, makeClient, rows } from '../world.ts';
import { flowIn, newBrowser, type Page, type PageBrowser } from './page-browser.ts';
import { makePerson, PASSWORD } from './sign-in-people.ts';

export const VERIFIER = 'a-verifier-of-the-tests-which-is-long-enough-for-pkce';

/** Another address of every client here, as programs that know no queries in theirs need it. */
export const PLAIN_URI = 'https://app.example.com/plain';

/** A client with this address to send users back to. */
export async function makeApp(resellerId: string | null, scopes: readonly Scope[], redirectUri: string) {
  const client = await makeClient(resellerId, scopes);
  const uris = JSON.stringify([redirectUri, PLAIN_URI, 'com.example.app:/cb']);
  await rows("update api_clients set redirect_uris = ?, name = 'Billing' where id = ?", uris, client.id);
  return client;
}

/** A person with rights, and a client of the same reseller that may use some of them and one that the person lacks. */
export async function makeDelegation({ role = 'reseller-admin', ...fields }: Record<string, unknown> = {}) {
  const person = await makePerson({ role, ...fields });
  const redirectUri = 'https://app.example.com/cb?from=us';
  const client = await makeApp(person.id, ['webhook:read', 'webhook:write', 'reseller:user:read'], redirectUri);
  const query = async (changes: Record<string, string | null> = {}) => {
    const asked = {
      client_id: client.id,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid webhook:read',
      state: 'a state',
      code_challenge: await sha256(VERIFIER),
      code_challenge_method: 'S256',
      ...changes,
    };
    return new URLSearchParams(Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== null));
  };
  const path = async (changes?: Record<string, string | null>) => `/oauth/authorize?${await query(changes)}`;
  return { ...person, client, redirectUri, query, path };
}
export type Delegation = Awaited<ReturnType<typeof makeDelegation>>;

/** Answers the page of the sign-in that this leads to. Gives whatever comes behind it. */
export async function signInAt(browser: PageBrowser, page: Page, email: string): Promise<Page> {
  const shown = await browser.get(page.location ?? '');
  const done = await browser.post('/sign-in/password', { flow: flowIn(shown), email, password: PASSWORD });
  if (done.location === null) throw new Error(done.text);
  return browser.get(done.location);
}

export const questionIn = ({ text }: Page) => /name="question" value="([^"]+)"/.exec(text)?.[1] ?? '';
export const answer = (browser: PageBrowser, page: Page, said: 'allow' | 'deny', headers?: Record<string, string>) =>
  browser.post('/oauth/consent', { question: questionIn(page), answer: said }, headers);

/** Asks within a frame of the client's page, as clients do that renew a session silently. */
export const framed = (browser: PageBrowser, path: string) =>
  browser.ask('GET', path, { headers: { 'Sec-Fetch-Dest': 'iframe' } });

/** What the browser is sent back to the client with; throws where it is not. */
export function backTo({ location, text }: Page, redirectUri: string): Record<string, string> {
  if (!location?.startsWith(`${redirectUri}&`)) throw new Error(`not sent back: ${location} ${text}`);
  return Object.fromEntries(new URLSearchParams(location.slice(redirectUri.length + 1)));
}

/** Signs in and agrees, where that has not been done before, in a browser of its own. Gives that and the code. */
export async function authorized(of: Delegation, changes: Record<string, string | null> = {}) {
  const browser = newBrowser();
  const asked = await signInAt(browser, await browser.get(await of.path(changes)), of.email);
  const { code = '' } = backTo(asked.location === null ? await answer(browser, asked, 'allow') : asked, of.redirectUri);
  return { browser, code };
}

const authentication = ({ id, secret }: Client) => ({ client_id: id, client_secret: secret });
export const post = (path: string, client: Client, fields: Record<string, string>) =>
  send('POST', path, { body: new URLSearchParams({ ...authentication(client), ...fields }) });

/** Exchanges a code as the client would. */
export const exchange = (
  of: Pick<Delegation, 'client' | 'redirectUri'>,
  code: string,
  changes: Record<string, string> = {},
) =>
  post('/oauth/token', of.client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: of.redirectUri,
    code_verifier: VERIFIER,
    ...changes,
  });

export const refresh = (client: Client, token: string, more: Record<string, string> = {}) =>
  post('/oauth/token', client, { grant_type: 'refresh_token', refresh_token: token, ...more });
