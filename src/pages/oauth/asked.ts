import * as v from 'valibot';
import { replyWithFault } from '../../auth/authorization-reply.ts';
import { type AuthorizationRequest, readAuthorization } from '../../auth/authorization-request.ts';
import { type AuthorizingClient, findAuthorizingClient } from '../../domain/authorizing.ts';
import type { Exchange } from '../../http/exchange.ts';
import { Id } from '../../model/fields.ts';
import { strangerPage } from './stranger-page.ts';

/** A good authorization request, and who makes it. */
export type Asked = { readonly client: AuthorizingClient; readonly request: AuthorizationRequest };

/** Reads an authorization request; what is no good one is answered at once, where it may be. */
export async function readAsked(exchange: Exchange, sent: URLSearchParams): Promise<Asked | Response> {
  const id = sent.get('client_id');
  const client = v.is(Id, id) ? await findAuthorizingClient(exchange.session, id) : null;
  const reading = readAuthorization(sent, client);
  switch (reading.kind) {
    case 'stranger':
      return strangerPage(exchange);
    case 'fault':
      return replyWithFault(exchange.env.publicUrl, reading, reading.fault);
    case 'request':
      return client === null ? strangerPage(exchange) : { client, request: reading.request };
  }
}

/** Where a request is made (again). */
export const authorizePath = ({ query }: Pick<AuthorizationRequest, 'query'>) => `/oauth/authorize?${query}`;
