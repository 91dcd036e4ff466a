import {
  type ApiClient,
  findApiClient,
  insertApiClient,
  requireClientScopes,
  revokeApiClient,
  updateApiClient,
} from '../../db/clients/api-clients.ts';
import { commit } from '../../db/commit/commit.ts';
import type { CallerContext } from '../../db/sql/caller-context.ts';
import { availableScopes, type Scope } from '../../model/clients/scope.ts';
import { refuse } from '../../model/failure.ts';
import { requireRecentSignInOfUser } from '../factors/recent-sign-in.ts';
import { defined, retryChanged } from '../update.ts';

export { type ApiClient, listApiClients as listClients } from '../../db/clients/api-clients.ts';

/** Without `scopes`, the client gets those of the caller. */
export type NewClient = {
  readonly name: string;
  readonly scopes?: readonly Scope[] | undefined;
  readonly redirectUris: readonly string[];
};

/** The secret is returned once and stored hashed. */
export async function createClient(
  caller: CallerContext,
  resellerId: string,
  { name, scopes, redirectUris }: NewClient,
): Promise<ApiClient & { readonly secret: string }> {
  await requireRecentSignInOfUser(caller);
  const { secret, secretHash } = await caller.newSecret();
  const requestedScopes = new Set(scopes ?? caller.actor.scopes);
  const client: ApiClient = {
    id: caller.newId(),
    name,
    scopes: availableScopes(resellerId).filter((scope) => requestedScopes.has(scope)),
    redirectUris: [...new Set(redirectUris)],
    createdAt: caller.now,
  };
  await commit(caller, {
    write: insertApiClient(caller, resellerId, client, secretHash),
    event: null,
    audit: { event: { type: 'client.created', details: client } },
    resellerId,
    subject: client.id,
    result: { ...client, secret },
    refused: async () => {
      await requireClientScopes(caller, resellerId, client.scopes);
      refuse({ kind: 'limit_reached', what: 'clients' });
    },
  });
  return { ...client, secret };
}

export type ClientChanges = {
  readonly name?: string | undefined;
  readonly redirectUris?: readonly string[] | undefined;
};

export async function updateClientDetails(
  caller: CallerContext,
  resellerId: string,
  id: string,
  change: (client: ApiClient) => ClientChanges,
): Promise<void> {
  await requireRecentSignInOfUser(caller);
  return retryChanged(async () => {
    const before = await findApiClient(caller, resellerId, id);
    const { redirectUris = before.redirectUris, ...rest } = defined(change(before));
    const after = { ...before, ...rest, redirectUris: [...new Set(redirectUris)] };
    await commit(caller, {
      write: updateApiClient(caller, resellerId, after, before),
      event: null,
      audit: { event: { type: 'client.updated', before, details: after } },
      resellerId,
      subject: id,
      result: null,
      refused: () => refuseChange(caller, resellerId, before),
    });
  });
}

/** The client's tokens and secret stop working with the next request. */
export function revokeClient(caller: CallerContext, resellerId: string, id: string): Promise<void> {
  return retryChanged(async () => {
    const before = await findApiClient(caller, resellerId, id);
    await commit(caller, {
      write: revokeApiClient(caller, resellerId, before),
      aboveBudget: true,
      event: null,
      audit: { event: { type: 'client.revoked', before, details: null } },
      resellerId,
      subject: id,
      result: null,
      refused: () => refuseChange(caller, resellerId, before),
    });
  });
}

async function refuseChange(caller: CallerContext, resellerId: string, { id, scopes }: ApiClient): Promise<void> {
  await findApiClient(caller, resellerId, id);
  await requireClientScopes(caller, resellerId, scopes);
}
