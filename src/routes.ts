import { respondAt } from './dialect-at.ts';
import { dialects, ownData, providerFailure } from './dialects/index.ts';
import { devEmails } from './emails/transports/dev-mailbox.ts';
import { readDocument } from './http/openapi/document.ts';
import { CALLBACK_PATH } from './http/provider.ts';
import { jsonResponse, reply } from './http/reply.ts';
import type { RequestContext } from './http/request-context.ts';
import type { Dialect } from './http/routes/dialect.ts';
import type { Endpoint, EndpointHandler } from './http/routes/endpoint.ts';
import type { Method } from './http/routes/route.ts';
import { jwks, metadata } from './oauth/metadata.ts';
import { tooManyRequests } from './oauth/oauth-error.ts';
import { revocationEndpoint, tokenEndpoint } from './oauth/token-endpoints.ts';
import { userInfo } from './oauth/user-info.ts';
import { disableApp, enableApp, setUpApp, showCodes } from './pages/account/app.ts';
import {
  acceptInvitedMembership,
  allowProvider,
  declineInvitedMembership,
  endAllOtherSessions,
  endOneSession,
  leaveTenant,
  removeOnePasskey,
  unlinkProvider,
  withdrawAppConsent,
} from './pages/account/changes.ts';
import { openAccount } from './pages/account/open.ts';
import { deleteAccount, exportData } from './pages/account/own-data.ts';
import { addPasskeyByScript, newPasskeyOptions } from './pages/account/passkeys.ts';
import { changePasswordByForm } from './pages/account/password.ts';
import { signOutBrowser, startFreshSignIn } from './pages/account/sessions.ts';
import { devMail, devMailHtml, devMails, type SentEmails } from './pages/dev-mail.ts';
import { docs, docsDialects } from './pages/docs/docs.ts';
import { staticFile } from './pages/docs/static-file.ts';
import { home } from './pages/home.ts';
import { answerInvitation, showInvitation } from './pages/invitation/invitation.ts';
import { emailLink, setPassword, showLink } from './pages/links/links.ts';
import { setPasswordPage } from './pages/links/set-password-page.ts';
import { authorize } from './pages/oauth/authorize.ts';
import { authorizeForm } from './pages/oauth/authorize-form.ts';
import { consent } from './pages/oauth/consent.ts';
import { seeOther } from './pages/redirect.ts';
import { signInByFactor } from './pages/sign-in/factor.ts';
import { emailForgotten, showForgotten } from './pages/sign-in/forgotten.ts';
import { goToProvider, returnFromProvider } from './pages/sign-in/google.ts';
import { openSignIn } from './pages/sign-in/open.ts';
import { passkeyOptions, signInByPasskey } from './pages/sign-in/passkey.ts';
import { signInByPassword } from './pages/sign-in/password.ts';
import {
  askToSubscribe,
  askToUnsubscribe,
  confirmSubscription,
  endSubscription,
} from './pages/subscription/subscription.ts';

type EndpointOptions = Omit<Endpoint, 'path' | 'answers'>;

const READABLE = { readableByOrigins: true } as const;
const DEVELOPMENT = { development: true } as const;

const pages = (path: string, answers: Endpoint['answers'], facts: EndpointOptions = {}): Endpoint => ({
  path,
  answers,
  ...facts,
});
const page = (method: Method, path: string, answer: EndpointHandler, facts?: EndpointOptions) =>
  pages(path, { [method]: answer }, facts);

const form = (path: string, from: '/sign-in' | '/account', answer: EndpointHandler) =>
  pages(path, { GET: () => seeOther(from), POST: answer });

/**
 * `/dev/…` leads below `/cdn-cgi/`, which `wrangler dev` restricts to loopback hosts: that stops DNS rebinding. Elsewhere it
 * trusts the header `MF-Original-URL`.
 */
const developmentPages = (
  path: string,
  answer: (context: RequestContext, sent: SentEmails) => Response | Promise<Response>,
) => [
  page('GET', `/dev${path}`, ({ url }) => seeOther(url.pathname.replace('/dev/', '/cdn-cgi/')), DEVELOPMENT),
  page('GET', `/cdn-cgi${path}`, (context) => answer(context, devEmails(context.env)), DEVELOPMENT),
];

const openapiDocument = (dialect: Dialect) =>
  page(
    'GET',
    `${dialect.base}/openapi.json`,
    async ({ env }) => reply(200, await readDocument(env, dialect)),
    READABLE,
  );

const aliases = ({ base, routes }: Dialect) =>
  routes.flatMap(({ method, path, alias }) =>
    alias === undefined ? [] : page(method, alias, (context) => respondAt(base + path, context), READABLE),
  );

export const endpoints: readonly Endpoint[] = [
  page('GET', '/', (context) => home(context, dialects)),
  page('GET', '/healthz', () => jsonResponse({ status: 'up' })),
  page('GET', '/docs', () => docs(dialects)),
  page('GET', '/docs/dialects.json', () => docsDialects(dialects)),
  page('GET', '/docs/:file', staticFile),
  page('GET', '/activate', setPasswordPage),
  page('GET', '/pages/:file', staticFile),
  page('POST', '/activate/link', showLink),
  page('POST', '/activate/password', setPassword),
  page('POST', '/activate/mail', emailLink),
  page('GET', '/sign-in', openSignIn),
  form('/sign-in/password', '/sign-in', signInByPassword),
  form('/sign-in/factor', '/sign-in', signInByFactor),
  page('POST', '/sign-in/passkey/options', passkeyOptions),
  page('POST', '/sign-in/passkey', signInByPasskey),
  page('GET', '/sign-in/google', goToProvider),
  page('GET', CALLBACK_PATH, (context) => returnFromProvider(context, providerFailure), { noHead: true }),
  pages('/sign-in/forgotten', { GET: showForgotten, POST: emailForgotten }),
  page('GET', '/account', openAccount),
  form('/account/again', '/account', startFreshSignIn),
  form('/account/password', '/account', changePasswordByForm),
  form('/account/app', '/account', setUpApp),
  form('/account/app/enable', '/account', enableApp),
  form('/account/app/disable', '/account', disableApp),
  form('/account/recovery-codes', '/account', showCodes),
  form('/account/passkeys/remove', '/account', removeOnePasskey),
  form('/account/provider/unlink', '/account', unlinkProvider),
  form('/account/provider/allow', '/account', allowProvider),
  form('/account/consents/withdraw', '/account', withdrawAppConsent),
  form('/account/memberships/accept', '/account', acceptInvitedMembership),
  form('/account/memberships/decline', '/account', declineInvitedMembership),
  form('/account/memberships/leave', '/account', leaveTenant),
  form('/account/export', '/account', (context) => exportData(context, ownData)),
  form('/account/delete', '/account', deleteAccount),
  form('/account/sessions/end', '/account', endOneSession),
  form('/account/sessions/end-others', '/account', endAllOtherSessions),
  form('/account/sign-out', '/account', signOutBrowser),
  page('POST', '/account/passkeys/options', newPasskeyOptions),
  page('POST', '/account/passkeys', addPasskeyByScript),
  pages('/invitation/:token', { GET: showInvitation, POST: answerInvitation }),
  pages('/subscribe/:token', { GET: askToSubscribe, POST: confirmSubscription }),
  pages('/unsubscribe/:token', { GET: askToUnsubscribe, POST: endSubscription }),
  ...developmentPages('/mail', devMails),
  ...developmentPages('/mail/:id', devMail),
  ...developmentPages('/mail/:id/html', devMailHtml),
  page('GET', '/.well-known/jwks.json', jwks, READABLE),
  page('GET', '/.well-known/oauth-authorization-server', metadata, READABLE),
  page('GET', '/.well-known/openid-configuration', metadata, READABLE),
  pages('/oauth/authorize', { GET: authorize, POST: authorizeForm }, { noHead: true }),
  page('POST', '/oauth/consent', consent),
  page('POST', '/oauth/token', tokenEndpoint, { ...READABLE, tooManyRequests }),
  page('POST', '/oauth/revoke', revocationEndpoint, { ...READABLE, tooManyRequests }),
  pages('/oauth/userinfo', { GET: userInfo, POST: userInfo }, READABLE),
  ...dialects.map(openapiDocument),
  ...dialects.flatMap(aliases),
];
