import * as v from 'valibot';
import { type AuthorizingClient, findAuthorizingClient } from '../../domain/sessions/authorize.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { Id } from '../../model/fields.ts';
import { AUTHORIZATION_MAX_CHARS } from '../../model/limits/index.ts';
import { type AuthorizationCodeRequest, parseAuthorization } from './authorization-request.ts';
import { answerFault } from './fault-page.ts';
import { untrustedClientPage } from './stranger-page.ts';

export type AcceptedAuthorization = { readonly client: AuthorizingClient; readonly request: AuthorizationCodeRequest };

export async function readAuthorization(
  context: RequestContext,
  sent: URLSearchParams,
): Promise<AcceptedAuthorization | Response> {
  const id = sent.get('client_id');
  const client = v.is(Id, id) ? await findAuthorizingClient(context.db, id) : null;
  const reading = parseAuthorization(sent, client);
  switch (reading.kind) {
    case 'stranger':
      return untrustedClientPage(context);
    case 'fault':
      return answerFault(context, reading.client, reading, reading.fault);
    case 'request':
      return client === null || isTooLong(reading.request)
        ? untrustedClientPage(context)
        : { client, request: reading.request };
  }
}

/** Measures the re-encoded query, so that a long request fails before the sign-in. */
const isTooLong = ({ query }: AuthorizationCodeRequest) => query.length > AUTHORIZATION_MAX_CHARS;

export const authorizePath = ({ query }: Pick<AuthorizationCodeRequest, 'query'>) => `/oauth/authorize?${query}`;
