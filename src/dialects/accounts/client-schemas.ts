import * as v from 'valibot';
import { ACCOUNT_NAME_MAX_CHARS, SCOPES_MAX } from '../../model/limits.ts';
import { scopesWithin } from '../../model/scope.ts';
import { Id, id, trimmed } from './schemas.ts';

export const ClientPath = v.object({ accountId: Id, clientId: Id });

const Scope = v.picklist(scopesWithin('a reseller'));

export const NewClient = v.object({
  name: trimmed(ACCOUNT_NAME_MAX_CHARS),
  scopes: v.optional(
    v.pipe(
      v.array(Scope),
      v.minLength(1),
      v.maxLength(SCOPES_MAX),
      v.description('Left out: all that its maker may do. Name those that it needs.'),
    ),
  ),
});

export const Client = v.object({ id, name: v.string(), scopes: v.array(Scope), dateCreated: v.string() });
export const ClientWithSecret = v.object({
  ...Client.entries,
  secret: v.pipe(v.string(), v.description('Shown this once; for `POST /oauth/token`.')),
  apiKey: v.pipe(v.string(), v.description('The same for `Authorization: ApiKey`, which `/reseller` takes.')),
});
