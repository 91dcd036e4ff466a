import type { Role } from './role.ts';
import type { User } from './user.ts';

/** Who caused an entry of the audit log, as its subject may know: who else it was is not the person's to know. */
export const ACTOR_KINDS = ['you', 'user', 'client', 'system', 'other'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** What is stored about a person, without secrets. Times are milliseconds since the epoch. */
export type OwnExport = {
  readonly user: User;
  readonly hasPassword: boolean;
  readonly memberships: readonly {
    readonly resellerId: string;
    readonly resellerName: string;
    readonly roles: readonly Role[];
    readonly createdAt: number;
    readonly acceptedAt: number | null;
    readonly disabledAt: number | null;
  }[];
  /** Those that have not ended. */
  readonly sessions: readonly {
    readonly id: string;
    readonly resellerId: string | null;
    readonly clientId: string | null;
    readonly methods: readonly string[];
    readonly address: string;
    readonly userAgent: string;
    readonly createdAt: number;
    readonly usedAt: number;
    readonly expiresAt: number;
  }[];
  /** Those that the person signed in from lately. */
  readonly networks: readonly { readonly network: string; readonly signedInAt: number }[];
  readonly passkeys: readonly { readonly name: string; readonly createdAt: number; readonly usedAt: number | null }[];
  readonly identities: readonly { readonly issuer: string; readonly email: string; readonly createdAt: number }[];
  readonly consents: readonly { readonly clientId: string; readonly scope: string; readonly grantedAt: number }[];
  /** The newest first; an address and a browser only where the person caused the entry. */
  readonly auditLog: readonly {
    readonly id: string;
    readonly resellerId: string;
    readonly type: string;
    readonly actor: ActorKind;
    readonly address: string;
    readonly userAgent: string;
    readonly occurredAt: number;
  }[];
};
