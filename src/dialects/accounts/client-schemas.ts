import * as v from 'valibot';
import { ACCOUNT_NAME_MAX_CHARS, SCOPES_MAX } from '../../model/limits.ts';
import { scopesWithin } from '../../model/scope.ts';
import { Id, id, trimmed } from './schemas.ts';

export const ClientPath = v.object({ accountId: Id, clientId: Id });

const Scope = v.picklist(scopesWithin('a reseller'));

/** Without `scopes` it may do what its maker may. */
export const NewClient = v.object({
  name: trimmed(ACCOUNT_NAME_MAX_CHARS),
  scopes: v.optional(v.pipe(v.array(Scope), v.minLength(1), v.maxLength(SCOPES_MAX))),
});

export const Client = v.object({ id, name: v.string(), scopes: v.array(Scope), dateCreated: v.string() });
/** The secret is shown this once; `apiKey` is id and secret for `Authorization: ApiKey`. */
export const ClientWithSecret = v.object({ ...Client.entries, secret: v.string(), apiKey: v.string() });
