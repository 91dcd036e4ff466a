import * as v from 'valibot';
import { hostOf } from './model/address.ts';
import { TrustedIssuers } from './model/clients/trusted-issuers.ts';
import { SmtpUrl } from './model/emails/smtp-url.ts';
import { Email } from './model/fields.ts';
import {
  AES_256_BYTES,
  BROWSER_IDLE_DEFAULT_MINUTES,
  BROWSER_IDLE_MAX_MINUTES,
  BROWSER_IDLE_MIN_MINUTES,
  HEAVY_READS_DEFAULT,
  OPERATOR_NAME_MAX_CHARS,
  PEPPER_MIN_CHARS,
  PORT_MAX,
  RATE_LIMIT_DEFAULT,
  SESSION_IDLE_DEFAULT_DAYS,
  SESSION_IDLE_MAX_DAYS,
  TENANT_EMAILS_DEFAULT,
  TENANT_MEGABYTES_DEFAULT,
  TOKEN_OVERLAP_DEFAULT_HOURS,
  TOKEN_OVERLAP_MAX_HOURS,
} from './model/limits/index.ts';
import { LOG_LEVELS } from './model/log.ts';
import { OidcProvider } from './model/sign-in/oidc-provider.ts';

/** valibot's own messages may repeat a secret. */
const must = <S extends v.GenericSchema>(be: string, schema: S) => v.config(schema, { message: `Must be ${be}.` });
const json = <S extends v.GenericSchema>(schema: S) => v.pipe(v.string(), v.parseJson(), schema);
/** Values carry the id of their key: the first key writes, all keys read. */
const keyRing = <S extends v.GenericSchema<unknown, { readonly id: string }>>(secret: S) =>
  json(
    v.pipe(
      v.tupleWithRest([secret], secret),
      v.check((secrets) => new Set(secrets.map(({ id }) => id)).size === secrets.length, 'Must have each id once.'),
    ),
  );
const list = <S extends v.GenericSchema<string, unknown>>(item: S) =>
  v.optional(v.pipe(v.string(), v.transform(itemsOf), v.array(item)), '');

const SigningKey = v.looseObject({
  kid: v.string(),
  kty: v.string(),
  alg: v.picklist(['ES256', 'RS256']),
  d: v.string(),
});
const PublicKey = v.pipe(
  v.looseObject({ kid: v.string(), kty: v.string(), alg: v.picklist(['ES256', 'RS256']) }),
  v.check((key) => !('d' in key), 'Must not have a private key.'),
);
const KeyId = v.pipe(v.string(), v.regex(/^[\w-]{1,32}$/));
const AES_KEYS = `Must have keys of ${AES_256_BYTES} bytes in base64.`;
const EncryptionKey = v.object({
  id: KeyId,
  key: v.pipe(v.string(), v.base64(AES_KEYS), v.check(isAes256Key, AES_KEYS)),
});
const Pepper = v.object({
  id: KeyId,
  pepper: v.pipe(
    v.string(),
    v.minLength(PEPPER_MIN_CHARS, `Must have peppers of ${PEPPER_MIN_CHARS} characters or more.`),
  ),
});
const Port = v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(PORT_MAX));
const between = (least: number, most: number) =>
  must(
    `a whole number from ${least} to ${most}`,
    v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(least), v.maxValue(most)),
  );
const Quota = must('a whole number from 1 on', v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1)));
const HostName = v.pipe(
  v.string(),
  v.regex(/^[\p{L}\p{M}\p{N}._-]+$/u),
  v.check((name) => URL.canParse(`https://${name}`)),
  v.transform((name) => hostOf(new URL(`https://${name}`))),
);

export const settings = {
  /** Issuer and audience of tokens. */
  PUBLIC_URL: must(
    'a URL such as https://api.example.com',
    v.pipe(v.string(), v.url(), v.regex(/[^/]$/, 'Must not end with a slash.')),
  ),
  /** Private JWKs; the first signs, all verify. */
  SIGNING_KEYS: must(
    'a JSON list of private JWKs with a kid and ES256 or RS256 as alg',
    json(v.pipe(v.array(SigningKey), v.minLength(1))),
  ),
  /** Public keys of earlier signatures of the audit log. */
  AUDIT_KEYS: v.optional(
    must('a JSON list of public JWKs with a kid and ES256 or RS256 as alg', json(v.array(PublicKey))),
    '[]',
  ),
  /** AES-256 keys in base64. */
  ENCRYPTION_KEYS: must('a JSON list of {"id", "key"}', keyRing(EncryptionKey)),
  PASSWORD_PEPPER: must('a JSON list of {"id", "pepper"}', keyRing(Pepper)),
  TRUSTED_ISSUERS: v.optional(must('a JSON list of {"issuer", "jwksUri", "audience"}', json(TrustedIssuers)), '[]'),
  OIDC_PROVIDER: v.optional(must('a JSON object {"issuer", "clientId", "clientSecret"}', json(OidcProvider))),
  /** Per window, for each credential and each address. */
  RATE_LIMIT: v.optional(Quota, String(RATE_LIMIT_DEFAULT)),
  RATE_LIMIT_ADDRESS: v.optional(Quota),
  RATE_LIMIT_TENANT: v.optional(Quota),
  RATE_LIMIT_TENANT_WRITES: v.optional(Quota),
  /** Concurrent, per tenant and isolate. */
  TENANT_HEAVY_READS: v.optional(Quota, String(HEAVY_READS_DEFAULT)),
  TENANT_MEGABYTES_PER_DAY: v.optional(Quota, String(TENANT_MEGABYTES_DEFAULT)),
  TENANT_EMAILS_PER_DAY: v.optional(Quota, String(TENANT_EMAILS_DEFAULT)),
  MAIL_FROM: v.optional(must('an e-mail address', Email)),
  OPERATOR_NAME: v.optional(
    must(
      `a name of at most ${OPERATOR_NAME_MAX_CHARS} characters`,
      v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(OPERATOR_NAME_MAX_CHARS)),
    ),
  ),
  SMTP_URL: v.optional(SmtpUrl),
  LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `Must be ${LOG_LEVELS.join(', ')}.`), 'info'),
  CORS_ORIGINS: list(
    v.pipe(v.string(), v.check(isOrigin, 'Must be origins as browsers send them, such as https://app.example.com.')),
  ),
  /** Allows loopback and http for webhooks and the provider, and shows sent e-mails. */
  DEVELOPMENT: v.optional(must('true or false', v.picklist(['true', 'false'])), 'false'),
  /** Includes their subdomains. */
  BLOCKED_HOSTS: must('host names separated by commas', list(HostName)),
  WEBHOOK_PORTS: must(`ports from 1 to ${PORT_MAX} separated by commas`, list(Port)),
  /** For how long the previous webhook token also signs. */
  TOKEN_OVERLAP_HOURS: v.optional(between(0, TOKEN_OVERLAP_MAX_HOURS), String(TOKEN_OVERLAP_DEFAULT_HOURS)),
  SESSION_IDLE_DAYS: v.optional(between(1, SESSION_IDLE_MAX_DAYS), String(SESSION_IDLE_DEFAULT_DAYS)),
  BROWSER_IDLE_MINUTES: v.optional(
    between(BROWSER_IDLE_MIN_MINUTES, BROWSER_IDLE_MAX_MINUTES),
    String(BROWSER_IDLE_DEFAULT_MINUTES),
  ),
};

export const SETTINGS = Object.keys(settings);

function isAes256Key(base64: string): boolean {
  return Buffer.from(base64, 'base64').byteLength === AES_256_BYTES;
}

/** The exact serialization of RFC 6454 §6.2: lower case, no path, no default port. */
export function isOrigin(text: string): boolean {
  return /^https?:\/\/[\w.:[\]-]+$/.test(text) && URL.parse(text)?.origin === text;
}

function itemsOf(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
}
