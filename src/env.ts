import * as v from 'valibot';
import { type AddressRules, hostOf, isLoopback } from './model/address.ts';
import { isSameIssuer } from './model/clients/trusted-issuers.ts';
import { WEBHOOK_PORTS } from './model/limits/index.ts';
import type { IdleTimeoutsMs } from './model/sessions/session.ts';
import { isHttpsOrLoopback } from './model/sign-in/oidc-provider.ts';
import { quotasOf } from './model/usage/quotas.ts';
import type { Task } from './model/webhooks/webhook.ts';
import { isOrigin, settings } from './settings.ts';

const binding = <T>(method: string) =>
  v.custom<T>((value) => typeof value === 'object' && value !== null && method in value, `Must be bound.`);

const Bindings = v.pipe(
  v.object({
    ...settings,
    DB: binding<D1Database>('withSession'),
    STORAGE: binding<R2Bucket>('put'),
    EVENTS: binding<Queue<EventMessage>>('sendBatch'),
    TASKS: binding<Queue<Task>>('sendBatch'),
    EMAILS: binding<Queue<EmailMessage>>('sendBatch'),
    EMAIL: v.optional(binding<SendEmail>('send')),
    ASSETS: v.optional(binding<Fetcher>('fetch')),
    RATE_CREDENTIAL: v.optional(binding<RateLimit>('limit')),
    RATE_ADDRESS: v.optional(binding<RateLimit>('limit')),
    RATE_ADDRESS_SITE: v.optional(binding<RateLimit>('limit')),
    RATE_TENANT: v.optional(binding<RateLimit>('limit')),
    RATE_TENANT_WRITES: v.optional(binding<RateLimit>('limit')),
    RATE_TENANT_HEAVY: v.optional(binding<RateLimit>('limit')),
    RATE_SIGN_IN: v.optional(binding<RateLimit>('limit')),
    RATE_SIGN_IN_SITE: v.optional(binding<RateLimit>('limit')),
    RATE_TOKEN: v.optional(binding<RateLimit>('limit')),
    RATE_TOKEN_SITE: v.optional(binding<RateLimit>('limit')),
    RATE_LINK: v.optional(binding<RateLimit>('limit')),
    RATE_LINK_SITE: v.optional(binding<RateLimit>('limit')),
  }),
  v.forward(
    v.partialCheck(
      [['PUBLIC_URL'], ['DEVELOPMENT']],
      ({ PUBLIC_URL, DEVELOPMENT }) => DEVELOPMENT === 'false' || isLoopback(URL.parse(PUBLIC_URL)?.hostname ?? ''),
      'Must not be true unless PUBLIC_URL is on loopback.',
    ),
    ['DEVELOPMENT'],
  ),
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
        CORS_ORIGINS.filter(isOrigin).every((origin) => isHttpsOrLoopback(origin, DEVELOPMENT === 'true')),
      'Must have https origins.',
    ),
    ['CORS_ORIGINS'],
  ),
  v.forward(
    v.partialCheck(
      [['TRUSTED_ISSUERS'], ['DEVELOPMENT']],
      ({ TRUSTED_ISSUERS, DEVELOPMENT }) =>
        TRUSTED_ISSUERS.flatMap(({ issuer, jwksUri }) => [issuer, jwksUri]).every((address) =>
          isHttpsOrLoopback(address, DEVELOPMENT === 'true'),
        ),
      'Must have https URLs as issuer and jwksUri.',
    ),
    ['TRUSTED_ISSUERS'],
  ),
  v.forward(
    v.partialCheck(
      [['TRUSTED_ISSUERS'], ['PUBLIC_URL']],
      ({ TRUSTED_ISSUERS, PUBLIC_URL }) => !TRUSTED_ISSUERS.some(({ issuer }) => isSameIssuer(issuer, PUBLIC_URL)),
      'Must not have PUBLIC_URL as issuer.',
    ),
    ['TRUSTED_ISSUERS'],
  ),
  v.transform((raw) => ({
    database: raw.DB,
    blobs: raw.STORAGE,
    events: raw.EVENTS,
    tasks: raw.TASKS,
    emails: raw.EMAILS,
    email: raw.EMAIL,
    smtp: raw.SMTP_URL ?? null,
    operatorName: raw.OPERATOR_NAME ?? hostOf(new URL(raw.PUBLIC_URL)),
    mailFrom: raw.MAIL_FROM ?? `noreply@${hostOf(new URL(raw.PUBLIC_URL))}`,
    development: raw.DEVELOPMENT === 'true',
    assets: raw.ASSETS,
    publicUrl: raw.PUBLIC_URL,
    httpsOnly: isPublicHttps(new URL(raw.PUBLIC_URL)),
    signingKeys: raw.SIGNING_KEYS,
    auditKeys: raw.AUDIT_KEYS,
    encryptionKeys: raw.ENCRYPTION_KEYS,
    passwordPeppers: raw.PASSWORD_PEPPER,
    trustedIssuers: raw.TRUSTED_ISSUERS,
    oidcProvider: raw.OIDC_PROVIDER ?? null,
    quotas: quotasOf({
      credential: raw.RATE_LIMIT,
      address: raw.RATE_LIMIT_ADDRESS,
      tenant: raw.RATE_LIMIT_TENANT,
      tenantWrites: raw.RATE_LIMIT_TENANT_WRITES,
      limiters: {
        credential: raw.RATE_CREDENTIAL,
        address: raw.RATE_ADDRESS,
        site: raw.RATE_ADDRESS_SITE,
        tenant: raw.RATE_TENANT,
        tenantWrites: raw.RATE_TENANT_WRITES,
        tenantHeavy: raw.RATE_TENANT_HEAVY,
      },
    }),
    heavyReads: raw.TENANT_HEAVY_READS,
    budgets: { bytesPerDay: raw.TENANT_MEGABYTES_PER_DAY * 1_000_000, emailsPerDay: raw.TENANT_EMAILS_PER_DAY },
    /** Counts per Cloudflare location. */
    limiters: {
      signIn: raw.RATE_SIGN_IN,
      signInSite: raw.RATE_SIGN_IN_SITE,
      token: raw.RATE_TOKEN,
      tokenSite: raw.RATE_TOKEN_SITE,
      link: raw.RATE_LINK,
      linkSite: raw.RATE_LINK_SITE,
    },
    logLevel: raw.LOG_LEVEL,
    corsOrigins: new Set(raw.CORS_ORIGINS) as ReadonlySet<string>,
    idleMs: {
      tokens: raw.SESSION_IDLE_DAYS * 24 * 60 * 60 * 1000,
      browser: raw.BROWSER_IDLE_MINUTES * 60 * 1000,
    } satisfies IdleTimeoutsMs,
    tokenOverlapMs: raw.TOKEN_OVERLAP_HOURS * 60 * 60 * 1000,
    addressRules: {
      allowLoopback: raw.DEVELOPMENT === 'true',
      blockedHosts: [hostOf(new URL(raw.PUBLIC_URL)), ...raw.BLOCKED_HOSTS],
      ports: new Set([...WEBHOOK_PORTS, ...raw.WEBHOOK_PORTS]),
    } satisfies AddressRules,
  })),
);

export type Env = Readonly<v.InferOutput<typeof Bindings>>;
export type TrustedIssuer = Env['trustedIssuers'][number];
/** Queue messages carry ids only; consumers load the rows again. */
export type EventMessage = { readonly eventId: string };
export type EmailMessage = { readonly emailId: string };

const checked = new WeakMap<object, Env>();

/** The beginnings of the messages that this schema writes itself. */
const OURS = /^(?:Must|Knows|Has) /;

/** Throws where `checkEnv` returns an Error. */
export function readEnv(raw: object): Env {
  const env = checkEnv(raw);
  if (env instanceof Error) throw env;
  return env;
}

/** Returns an Error that names each invalid setting, never its value. */
export function checkEnv(raw: object): Env | Error {
  const known = checked.get(raw);
  if (known !== undefined) return known;
  const nonEmpty = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== ''));
  const result = v.safeParse(Bindings, nonEmpty);
  if (!result.success) {
    const wrong = Map.groupBy(result.issues, (issue) => v.getDotPath(issue)?.split('.')[0] ?? '?');
    return new Error(`wrong or missing settings: ${[...wrong].map(problemOf).join(', ')}`);
  }
  checked.set(raw, result.output);
  return result.output;
}

/** An HSTS header on loopback would block other development servers. */
function isPublicHttps({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && !isLoopback(hostname);
}

/** Only messages of this schema are shown: those of valibot may repeat a secret. */
function problemOf([name, issues]: [string, readonly v.BaseIssue<unknown>[]]): string {
  const reasons = new Set(issues.map(({ message }) => message).filter((message) => OURS.test(message)));
  return reasons.size === 0 ? name : `${name} (${[...reasons].join(' ').replace(/\.$/, '')})`;
}
