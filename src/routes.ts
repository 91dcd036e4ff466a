import { type IRequest, Router } from 'itty-router';
import { dialects } from './dialects/index.ts';
import { v3 } from './dialects/v3/index.ts';
import { toOwnData } from './dialects/v3/users/me-export.ts';
import { readDocument } from './http/openapi/document.ts';
import { CALLBACK_PATH } from './http/provider.ts';
import { json, notFound, reply, withoutBody } from './http/reply.ts';
import type { RequestContext } from './http/request-context.ts';
import { methodNotAllowed } from './http/wording.ts';
import { isLoopback } from './model/address.ts';
import { respondAt } from './mounted.ts';
import { jwks, metadata } from './oauth/metadata.ts';
import { revoke, token } from './oauth/token-endpoints.ts';
import { userInfo } from './oauth/user-info.ts';
import { disableApp, enableApp, setUpApp, showCodes } from './pages/account/app.ts';
import { withdraw } from './pages/account/consents.ts';
import { acceptInvited, declineInvited, leaveTenant } from './pages/account/memberships.ts';
import { openAccount } from './pages/account/open.ts';
import { deleteAccount, exportData } from './pages/account/own-data.ts';
import { keepPasskey, newPasskeyOptions } from './pages/account/passkeys.ts';
import { chooseAnother } from './pages/account/password.ts';
import { allowProvider, unlinkProvider } from './pages/account/provider.ts';
import { dropPasskey, endOne, endOthers, signInAgain, signOutHere } from './pages/account/sessions.ts';
import { devMail, devMailHtml, devMails } from './pages/dev-mail.ts';
import { docs, docsDialects } from './pages/docs/docs.ts';
import { staticFile } from './pages/docs/static-file.ts';
import { home } from './pages/home.ts';
import { answerInvitation, showInvitation } from './pages/invitation/invitation.ts';
import { activate } from './pages/links/activate.ts';
import { emailLink, setPassword, showLink } from './pages/links/links.ts';
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

type Page = (context: RequestContext) => Response | Promise<Response>;

/** What is served beside the dialects; `routes` lists the addresses. */
export const router = Router<IRequest, [RequestContext], Response>();

/** A page for developers only; a deployment has nothing at this address, whatever the method. */
function developmentPage(path: string, answer: Page): void {
  router.get(path, (_, context) => {
    if (!context.env.development || !isLoopback(context.url.hostname)) return notFound();
    context.observed.route = path;
    return answer(context);
  });
}

/**
 * Below `/cdn-cgi/` `wrangler dev` refuses hosts other than loopback's, so that no page of another site reads a mail (DNS
 * rebinding). Elsewhere it takes a request's address from the header `MF-Original-URL`, which such a page can send.
 */
const belowCdnCgi: Page = ({ url }) => seeOther(url.pathname.replace('/dev/', '/cdn-cgi/'));

/** Answers one method of one path; HEAD where GET is, and 405 for the others. */
function page(method: 'GET' | 'POST', path: string, answer: Page): void {
  pages(path, { [method]: answer });
}

/** What a form of the page at `from` is sent to; whoever comes by its address in the browser is led back there. */
function form(path: string, from: '/sign-in' | '/account', answer: Page): void {
  pages(path, { GET: () => seeOther(from), POST: answer });
}

/** The same for a path of two methods; `HEAD` null: where a GET uses something up, or makes it, and so is not to be tried. */
function pages(path: string, answers: { readonly GET?: Page; readonly HEAD?: null; readonly POST?: Page }): void {
  const { GET, POST } = answers;
  const HEAD = answers.HEAD === undefined ? GET : undefined;
  const known = { GET, HEAD, POST };
  const allow = [...Object.entries(known).flatMap(([name, answer]) => (answer ? name : [])), 'OPTIONS'].join(', ');
  router.all(path, ({ method }: IRequest, context: RequestContext) => {
    context.observed.route = path;
    if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: allow } });
    if (method === 'HEAD') return Promise.resolve(HEAD ? HEAD(context) : notAllowed(allow)).then(withoutBody);
    if (method === 'GET' && GET) return GET(context);
    return method === 'POST' && POST ? POST(context) : notAllowed(allow);
  });
}

function notAllowed(allow: string): Response {
  return json({ message: methodNotAllowed(allow.split(', ')), code: 'METHOD_NOT_ALLOWED' }, 405, { Allow: allow });
}

page('GET', '/', home);
page('GET', '/healthz', () => json({ status: 'up' }));
page('GET', '/docs', docs);
page('GET', '/docs/dialects.json', () => docsDialects(dialects));
page('GET', '/docs/:file', staticFile);
page('GET', '/activate', activate);
page('GET', '/pages/:file', staticFile);
page('POST', '/activate/link', showLink);
page('POST', '/activate/password', setPassword);
page('POST', '/activate/mail', emailLink);
page('GET', '/sign-in', openSignIn);
form('/sign-in/password', '/sign-in', signInByPassword);
form('/sign-in/factor', '/sign-in', signInByFactor);
page('POST', '/sign-in/passkey/options', passkeyOptions);
page('POST', '/sign-in/passkey', signInByPasskey);
page('GET', '/sign-in/google', goToProvider);
pages(CALLBACK_PATH, { GET: (context) => returnFromProvider(context, v3), HEAD: null });
pages('/sign-in/forgotten', { GET: showForgotten, POST: emailForgotten });
page('GET', '/account', openAccount);
form('/account/again', '/account', signInAgain);
form('/account/password', '/account', chooseAnother);
form('/account/app', '/account', setUpApp);
form('/account/app/enable', '/account', enableApp);
form('/account/app/disable', '/account', disableApp);
form('/account/recovery-codes', '/account', showCodes);
form('/account/passkeys/remove', '/account', dropPasskey);
form('/account/provider/unlink', '/account', unlinkProvider);
form('/account/provider/allow', '/account', allowProvider);
form('/account/consents/withdraw', '/account', withdraw);
form('/account/memberships/accept', '/account', acceptInvited);
form('/account/memberships/decline', '/account', declineInvited);
form('/account/memberships/leave', '/account', leaveTenant);
form('/account/export', '/account', (context) => exportData(context, toOwnData));
form('/account/delete', '/account', deleteAccount);
form('/account/sessions/end', '/account', endOne);
form('/account/sessions/end-others', '/account', endOthers);
form('/account/sign-out', '/account', signOutHere);
page('POST', '/account/passkeys/options', newPasskeyOptions);
page('POST', '/account/passkeys', keepPasskey);
pages('/invitation/:token', { GET: showInvitation, POST: answerInvitation });
pages('/subscribe/:token', { GET: askToSubscribe, POST: confirmSubscription });
pages('/unsubscribe/:token', { GET: askToUnsubscribe, POST: endSubscription });
developmentPage('/dev/mail', belowCdnCgi);
developmentPage('/cdn-cgi/mail', devMails);
developmentPage('/dev/mail/:id', belowCdnCgi);
developmentPage('/cdn-cgi/mail/:id', devMail);
developmentPage('/dev/mail/:id/html', belowCdnCgi);
developmentPage('/cdn-cgi/mail/:id/html', devMailHtml);
page('GET', '/.well-known/jwks.json', jwks);
page('GET', '/.well-known/oauth-authorization-server', metadata);
page('GET', '/.well-known/openid-configuration', metadata);
pages('/oauth/authorize', { GET: authorize, HEAD: null, POST: authorizeForm });
page('POST', '/oauth/consent', consent);
page('POST', '/oauth/token', token);
page('POST', '/oauth/revoke', revoke);
pages('/oauth/userinfo', { GET: userInfo, POST: userInfo });
for (const dialect of dialects) {
  page('GET', `${dialect.base}/openapi.json`, async ({ env }) => reply(200, await readDocument(env, dialect)));
}
page('POST', '/token', (context) => respondAt('/reseller/token', context));
router.all('*', notFound);
