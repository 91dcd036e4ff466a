import type { Origin } from '../model/audit.ts';
import type { Visit } from './links.ts';

/** What an access token of a user says. */
export type UserGrant = {
  readonly subject: string;
  readonly clientId: string;
  readonly resellerId: string;
  readonly scope: string;
  readonly sessionId: string;
};

/** Somebody who comes to sign in, and what it takes to judge and to let in. */
export type Visitor = Visit & {
  readonly origin: Origin;
  /** `hash` null: of nobody, which takes as long and never matches. `outdated`: to be hashed anew. */
  readonly checkPassword: (
    password: string,
    hash: string | null,
  ) => Promise<{ readonly matches: boolean; readonly outdated: boolean }>;
  readonly seal: (text: string) => Promise<string>;
  readonly unseal: (text: string) => Promise<string>;
  /** The time step that a code of the secret is of, if it is later than `afterStep` (RFC 6238); else null. */
  readonly matchingStep: (secret: string, code: string, nowMs: number, afterStep: number) => number | null;
  readonly recoveryCodeHash: (code: string) => Promise<string>;
  /** A random token, and what the database keeps of it. */
  readonly newOpaqueToken: () => Promise<{ readonly token: string; readonly tokenHash: string }>;
  readonly opaqueTokenHash: (token: string) => Promise<string>;
  readonly issueToken: (grant: UserGrant) => Promise<string>;
  /** Life of what that gives. */
  readonly accessTokenSeconds: number;
  /** Ids of the events and mails that were written, to be sent. */
  readonly raised: string[];
  readonly mails: string[];
};
