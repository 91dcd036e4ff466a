import * as v from 'valibot';
import { hostOf } from '../address.ts';

export type SmtpCredentials = { readonly username: string; readonly password: string };

/** `secure`: TLS from the start. `startTls`: required. */
export type SmtpSettings = {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly startTls: boolean;
  readonly credentials: SmtpCredentials | null;
};

/** RFC 8314 §3.3, RFC 6409 §3.1. */
const PORTS = { 'smtps:': 465, 'smtp:': 587 } as const;

/**
 * `smtp://user:password@host:587` (STARTTLS), `smtps://user:password@host:465` (TLS) or `smtp://host:port?starttls=off`
 * (no TLS, no authentication). Messages never repeat the value: it holds a password.
 */
export const SmtpUrl = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): SmtpSettings => {
    const settings = settingsOf(dataset.value);
    if (typeof settings !== 'string') return settings;
    addIssue({ message: settings });
    return NEVER;
  }),
);

/** A string is the problem. */
function settingsOf(text: string): SmtpSettings | string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:')) return 'Must be an smtp or smtps URL.';
  const host = hostNameOf(url);
  if (host === null) return 'Must name a host.';
  if (url.port === '0') return 'Must not name port 0.';
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') return 'Must end after the port or the option.';
  if (!/^(\?starttls=off)?$/.test(url.search)) return 'Knows no option but starttls=off.';
  const secure = url.protocol === 'smtps:';
  const startTls = !secure && url.search === '';
  if (secure && url.search !== '') return 'Has TLS from the start with smtps: starttls=off is for smtp.';
  const credentials = credentialsOf(url);
  if (typeof credentials === 'string') return credentials;
  if (credentials !== null && !secure && !startTls) return 'Must not have a user and password without TLS.';
  return { host, port: url.port === '' ? PORTS[url.protocol] : Number(url.port), secure, startTls, credentials };
}

/** `URL` normalizes hosts of known schemes only. */
function hostNameOf({ hostname }: URL): string | null {
  const known = `https://${hostname}`;
  return hostname !== '' && URL.canParse(known) ? hostOf(new URL(known)) : null;
}

function credentialsOf(url: URL): SmtpCredentials | null | string {
  if (url.username === '' && url.password === '') return null;
  if (url.username === '' || url.password === '') return 'Must have both user and password, or neither.';
  try {
    const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    return /\p{Cc}/u.test(username + password)
      ? 'Must have no control characters in user and password.'
      : { username, password };
  } catch {
    return 'Must have user and password percent-encoded.';
  }
}
