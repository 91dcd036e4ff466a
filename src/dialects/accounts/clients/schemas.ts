import * as v from 'valibot';
import { isRedirectUri } from '../../../model/clients/redirect-uri.ts';
import { availableScopes } from '../../../model/clients/scope.ts';
import {
  ACCOUNT_NAME_MAX_CHARS,
  REDIRECT_URI_MAX_CHARS,
  REDIRECT_URIS_MAX,
  SCOPES_MAX,
} from '../../../model/limits/index.ts';
import { Id, id, trimmed } from '../schemas.ts';

export const ClientPath = v.object({ accountId: Id, clientId: Id });

const Scope = v.picklist(availableScopes('a reseller'));

const RedirectUri = v.pipe(
  v.string(),
  v.maxLength(REDIRECT_URI_MAX_CHARS),
  v.check(
    isRedirectUri,
    'Must be an https address, an http address of this machine, or one of a private-use scheme such as com.example.app:/callback; without user and fragment.',
  ),
);

const name = trimmed(ACCOUNT_NAME_MAX_CHARS);
const redirectUris = v.pipe(
  v.array(RedirectUri),
  v.maxLength(REDIRECT_URIS_MAX),
  v.description(
    'Where `GET /oauth/authorize` may send users back to, compared as they stand here. Without any the client signs nobody in.',
  ),
);

export const NewClient = v.object({
  name,
  scopes: v.optional(
    v.pipe(
      v.array(Scope),
      v.minLength(1),
      v.maxLength(SCOPES_MAX),
      v.description('Left out: all that its maker may do. Name those that it needs.'),
    ),
  ),
  redirectUris: v.optional(redirectUris, []),
});
export const ClientChanges = v.partial(v.object({ name, redirectUris: v.nullable(redirectUris, []) }));

export const Client = v.object({
  id,
  name: v.string(),
  scopes: v.array(Scope),
  redirectUris: v.array(v.string()),
  dateCreated: v.string(),
});
export const ClientWithSecret = v.object({
  ...Client.entries,
  secret: v.pipe(v.string(), v.description('Shown this once; for `POST /oauth/token`.')),
  apiKey: v.pipe(v.string(), v.description('The same for `Authorization: ApiKey`, which `/reseller` takes.')),
});
