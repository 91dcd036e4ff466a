import { env } from 'cloudflare:workers';
import { expect, inject } from 'vitest';
import { readEnv } from '../../../src/env.ts';
import { type Person, visitProvider } from '../oidc/person.ts';
import { rows, unique } from '../world.ts';
import { newBrowser, type Page, type PageBrowser } from './page-browser.ts';
import { stateBefore } from './states.ts';

/** Has the Worker's front door sign people in at this provider (setting OIDC_PROVIDER), or at none. */
export function useProvider(setting: string | null = inject('providers').google): void {
  const { oidcProvider } = setting === null ? { oidcProvider: null } : readEnv({ ...env, OIDC_PROVIDER: setting });
  Object.assign(readEnv(env), { oidcProvider });
}

/** Somebody with an account at the provider. */
export const accountAt = (email: string, more: Partial<Person> = {}): Person => ({
  sub: unique('sub'),
  email,
  ...more,
});

/** Where a browser is sent that asks for tokens of a reseller. */
export async function beginTokens(resellerId: string, browser = newBrowser()) {
  const page = await browser.get(`/v3/accounts/login-google?accountId=${resellerId}`);
  expect(page, page.text).toMatchObject({ status: 302, text: '' });
  return { browser, location: page.location! };
}

/** Signs in at the provider as this person, and gives the address that the browser is sent back to. */
export async function visitAs(location: string, person: Person | 'declines'): Promise<string> {
  const { origin, pathname, search } = await visitProvider(location, person);
  expect(origin).toBe('https://edge.localhost');
  return pathname + search;
}

/** The whole way to tokens; gives what the browser ends up with. */
export async function signInAs(person: Person | 'declines', resellerId: string, browser?: PageBrowser): Promise<Page> {
  const begun = await beginTokens(resellerId, browser);
  return begun.browser.get(await visitAs(begun.location, person));
}

/** The whole way from the sign-in page; gives what the browser ends up with. */
export async function signInOnPageAs(person: Person | 'declines', query = '', browser = newBrowser()): Promise<Page> {
  const page = await browser.open(`/sign-in${query}`);
  const path = /href="(\/sign-in\/google\?flow=[^"]+)"/.exec(page.text)?.[1];
  const sent = await browser.get(path ?? '');
  expect(sent, sent.text).toMatchObject({ status: 303 });
  return browser.get(await visitAs(sent.location!, person));
}

/** What signing in has left of a user: links, sessions, events and entries of the audit log, the oldest first. */
export async function tracesOf(userId: string) {
  const identities = await rows('select subject, email from external_identities where user_id = ?', userId);
  const sessions = await rows(
    'select reseller_id, methods from sessions where user_id = ? order by created_at',
    userId,
  );
  const written = await rows('select * from events where subject = ? order by seq', userId);
  const [user] = await rows('select * from users where id = ?', userId);
  const mails = await rows("select template from emails where user_id = ? and template = 'security-notice'", userId);
  const events = written.filter(({ type }) => type !== 'reseller.user.created');
  return {
    user,
    identities,
    sessions: sessions.map(({ methods, ...session }) => ({ ...session, methods: JSON.parse(methods) })),
    events: events.map((event) => ({ ...event, before: stateBefore(event), after: JSON.parse(event.after) })),
    types: events.map(({ type }) => type),
    mails: mails.length,
  };
}
