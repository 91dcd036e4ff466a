import * as v from 'valibot';
import { isHttpsOrLoopback, OidcProvider } from './auth/oidc/provider.ts';
import { SmtpUrl } from './emails/smtp-settings.ts';
import { type AddressRules, hostOf } from './model/address.ts';
import { Email } from './model/fields.ts';
import {
  AES_256_BYTES,
  PEPPER_MIN_CHARS,
  PORT_MAX,
  RATE_LIMIT_DEFAULT,
  TOKEN_OVERLAP_DEFAULT_HOURS,
  TOKEN_OVERLAP_MAX_HOURS,
  WEBHOOK_PORTS,
} from './model/limits.ts';
import { LOG_LEVELS } from './model/log.ts';
import { quotasOf } from './model/quotas.ts';
import type { Wake } from './model/webhook.ts';

/** What is wrong by a rule without words of its own is answered with what the setting must be; valibot's may repeat the value. */
const must = <S extends v.GenericSchema>(be: string, schema: S) => v.config(schema, { message: `Must be ${be}.` });
const json = <S extends v.GenericSchema>(schema: S) => v.pipe(v.string(), v.parseJson(), schema);
const list = <S extends v.GenericSchema<string, unknown>>(item: S) =>
  v.optional(v.pipe(v.string(), v.transform(itemsOf), v.array(item)), '');
const binding = <T>(method: string) =>
  v.custom<T>((value) => typeof value === 'object' && value !== null && method in value, `Must be bound.`);

const SigningKey = v.looseObject({
  kid: v.string(),
  kty: v.string(),
  alg: v.picklist(['ES256', 'RS256']),
  d: v.string(),
});
const AES_KEYS = `Must have keys of ${AES_256_BYTES} bytes in base64.`;
const EncryptionKey = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,32}$/)),
  key: v.pipe(v.string(), v.base64(AES_KEYS), v.check(isAes256Key, AES_KEYS)),
});
const TrustedIssuer = v.object({
  issuer: v.string(),
  jwksUri: v.pipe(v.string(), v.url()),
  audience: v.string(),
  resellerClaim: v.optional(v.string()),
});
const Port = v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(PORT_MAX));
const Quota = must('a whole number from 1 on', v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1)));
const HostName = v.pipe(
  v.string(),
  v.regex(/^[\p{L}\p{M}\p{N}._-]+$/u),
  v.check((name) => URL.canParse(`https://${name}`)),
  v.transform((name) => hostOf(new URL(`https://${name}`))),
);

/** The variables and secrets as the platform hands them over (README, Configuration). */
const settings = {
  /** Issuer and audience of our tokens, and the start of every address that we hand out. */
  PUBLIC_URL: must(
    'a URL such as https://api.example.com',
    v.pipe(v.string(), v.url(), v.regex(/[^/]$/, 'Must not end with a slash.')),
  ),
  /** Private JWKs; the first signs, all verify. */
  SIGNING_KEYS: must(
    'a JSON list of private JWKs with a kid and ES256 or RS256 as alg',
    json(v.pipe(v.array(SigningKey), v.minLength(1))),
  ),
  /** AES-256 keys in base64; the first seals, all open. */
  ENCRYPTION_KEYS: must('a JSON list of {"id", "key"}', json(v.pipe(v.array(EncryptionKey), v.minLength(1)))),
  PASSWORD_PEPPER: must(`${PEPPER_MIN_CHARS} characters or more`, v.pipe(v.string(), v.minLength(PEPPER_MIN_CHARS))),
  TRUSTED_ISSUERS: v.optional(
    must('a JSON list of {"issuer", "jwksUri", "audience"} with a URL as jwksUri', json(v.array(TrustedIssuer))),
    '[]',
  ),
  /** Where users may sign in instead of here. */
  OIDC_PROVIDER: v.optional(must('a JSON object {"issuer", "clientId", "clientSecret"}', json(OidcProvider))),
  /** Requests per window of one credential, and of one address. */
  RATE_LIMIT: v.optional(Quota, String(RATE_LIMIT_DEFAULT)),
  RATE_LIMIT_ADDRESS: v.optional(Quota),
  /** Where mails come from; an address that the provider knows as ours. */
  MAIL_FROM: v.optional(must('an e-mail address', Email)),
  /** A server to send mails by, instead of the binding EMAIL. */
  SMTP_URL: v.optional(SmtpUrl),
  /** What is written to the log. */
  LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `Must be ${LOG_LEVELS.join(', ')}.`), 'info'),
  /** Other origins whose scripts may call the API. */
  CORS_ORIGINS: list(
    v.pipe(v.string(), v.check(isOrigin, 'Must be origins as browsers send them, such as https://app.example.com.')),
  ),
  /** Lets webhooks and the provider be on loopback, by http too, and shows the mails sent. */
  DEVELOPMENT: v.optional(must('true or false', v.picklist(['true', 'false'])), 'false'),
  /** Hosts, each with all below it, that webhooks may not go to beside the one of PUBLIC_URL. */
  BLOCKED_HOSTS: must('host names separated by commas', list(HostName)),
  /** Ports that webhooks may go to beside the usual ones. */
  WEBHOOK_PORTS: must(`ports from 1 to ${PORT_MAX} separated by commas`, list(Port)),
  /** How many hours the token before a rotation signs along. */
  TOKEN_OVERLAP_HOURS: v.optional(
    must(
      `a whole number from 0 to ${TOKEN_OVERLAP_MAX_HOURS}`,
      v.pipe(v.string(), v.digits(), v.transform(Number), v.maxValue(TOKEN_OVERLAP_MAX_HOURS)),
    ),
    String(TOKEN_OVERLAP_DEFAULT_HOURS),
  ),
};

/** The names of all variables and secrets. */
export const SETTINGS = Object.keys(settings);

const Bindings = v.pipe(
  v.object({
    ...settings,
    DB: binding<D1Database>('withSession'),
    STORAGE: binding<R2Bucket>('put'),
    EVENTS: binding<Queue<EventMessage>>('sendBatch'),
    WEBHOOKS: binding<Queue<Wake>>('sendBatch'),
    EMAILS: binding<Queue<MailMessage>>('sendBatch'),
    EMAIL: v.optional(binding<SendEmail>('send')),
    ASSETS: v.optional(binding<Fetcher>('fetch')),
    RATE_CREDENTIAL: v.optional(binding<RateLimit>('limit')),
    RATE_ADDRESS: v.optional(binding<RateLimit>('limit')),
    RATE_SIGN_IN: v.optional(binding<RateLimit>('limit')),
    RATE_TOKEN: v.optional(binding<RateLimit>('limit')),
    RATE_LINK: v.optional(binding<RateLimit>('limit')),
  }),
  v.forward(
    v.partialCheck(
      [['OIDC_PROVIDER'], ['DEVELOPMENT']],
      (raw) => isHttpsOrLoopback(raw.OIDC_PROVIDER?.issuer, raw.DEVELOPMENT === 'true'),
      'Must have an https URL as issuer.',
    ),
    ['OIDC_PROVIDER'],
  ),
  v.forward(
    v.partialCheck(
      [['CORS_ORIGINS'], ['DEVELOPMENT']],
      ({ CORS_ORIGINS, DEVELOPMENT }) =>
        // Of what is no origin that was said.
        CORS_ORIGINS.filter(isOrigin).every((origin) => isHttpsOrLoopback(origin, DEVELOPMENT === 'true')),
      'Must have https origins.',
    ),
    ['CORS_ORIGINS'],
  ),
  v.transform((raw) => ({
    database: raw.DB,
    blobs: raw.STORAGE,
    events: raw.EVENTS,
    webhooks: raw.WEBHOOKS,
    emails: raw.EMAILS,
    email: raw.EMAIL,
    smtp: raw.SMTP_URL ?? null,
    mailFrom: raw.MAIL_FROM ?? `noreply@${hostOf(new URL(raw.PUBLIC_URL))}`,
    development: raw.DEVELOPMENT === 'true',
    assets: raw.ASSETS,
    publicUrl: raw.PUBLIC_URL,
    signingKeys: raw.SIGNING_KEYS,
    encryptionKeys: raw.ENCRYPTION_KEYS,
    passwordPepper: raw.PASSWORD_PEPPER,
    trustedIssuers: raw.TRUSTED_ISSUERS,
    oidcProvider: raw.OIDC_PROVIDER ?? null,
    quotas: quotasOf({
      credential: raw.RATE_LIMIT,
      address: raw.RATE_LIMIT_ADDRESS,
      limiters: { credential: raw.RATE_CREDENTIAL, address: raw.RATE_ADDRESS },
    }),
    /** What counts over all isolates of a place, for quotas that are no settings. */
    limiters: { signIn: raw.RATE_SIGN_IN, token: raw.RATE_TOKEN, link: raw.RATE_LINK },
    logLevel: raw.LOG_LEVEL,
    corsOrigins: new Set(raw.CORS_ORIGINS) as ReadonlySet<string>,
    tokenOverlapMs: raw.TOKEN_OVERLAP_HOURS * 60 * 60 * 1000,
    /** Where webhooks may go: not to ourselves, and on loopback for development only. */
    addressRules: {
      allowLoopback: raw.DEVELOPMENT === 'true',
      blockedHosts: [hostOf(new URL(raw.PUBLIC_URL)), ...raw.BLOCKED_HOSTS],
      ports: new Set([...WEBHOOK_PORTS, ...raw.WEBHOOK_PORTS]),
    } satisfies AddressRules,
  })),
);

export type Env = Readonly<v.InferOutput<typeof Bindings>>;
export type TrustedIssuer = v.InferOutput<typeof TrustedIssuer>;
/** Queue messages carry ids only; consumers load what they need fresh. */
export type EventMessage = { readonly eventId: string };
export type MailMessage = { readonly emailId: string };

const checked = new WeakMap<object, Env>();

/** How our own messages begin. */
const OURS = /^(?:Must|Knows|Has) /;

/** Checks the raw bindings, once per isolate. Throws an Error that names each wrong setting, never its value. */
export function readEnv(raw: object): Env {
  const known = checked.get(raw);
  if (known !== undefined) return known;
  // An empty setting is one that is not set.
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== ''));
  const result = v.safeParse(Bindings, given);
  if (!result.success) {
    const wrong = Map.groupBy(result.issues, (issue) => v.getDotPath(issue)?.split('.')[0] ?? '?');
    throw new Error(`wrong or missing settings: ${[...wrong].map(problemOf).join(', ')}`);
  }
  checked.set(raw, result.output);
  return result.output;
}

/** The setting's name, with the reasons that are in our own words: valibot's may repeat the value. */
function problemOf([name, issues]: [string, readonly v.BaseIssue<unknown>[]]): string {
  const reasons = new Set(issues.map(({ message }) => message).filter((message) => OURS.test(message)));
  return reasons.size === 0 ? name : `${name} (${[...reasons].join(' ').replace(/\.$/, '')})`;
}

function isAes256Key(base64: string): boolean {
  return Buffer.from(base64, 'base64').byteLength === AES_256_BYTES;
}

/** Letter by letter what the header `Origin` says (RFC 6454 §6.2): no path, no usual port, nothing in capitals. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[\w.:[\]-]+$/.test(text) && URL.parse(text)?.origin === text;
}

function itemsOf(text: string): string[] {
  return text.trim() === '' ? [] : text.split(',').map((item) => item.trim());
}
