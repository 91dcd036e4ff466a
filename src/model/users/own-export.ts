import type { Role } from './role.ts';
import type { User } from './user.ts';

export const ACTOR_KINDS = ['you', 'user', 'client', 'system', 'other'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

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
  readonly networks: readonly { readonly network: string; readonly signedInAt: number }[];
  readonly passkeys: readonly { readonly name: string; readonly createdAt: number; readonly usedAt: number | null }[];
  readonly identities: readonly { readonly issuer: string; readonly email: string; readonly createdAt: number }[];
  readonly consents: readonly { readonly clientId: string; readonly scope: string; readonly grantedAt: number }[];
  /** `address` and `userAgent` only of the person's own entries. */
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
