import { json } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import { html } from './html.ts';

/** `GET /`: what this is and where to read on, as a page for browsers and as JSON for everybody else. */
export function home({ env: { publicUrl }, request }: RequestContext): Response {
  if (!request.headers.get('Accept')?.includes('text/html')) {
    return json({
      name: 'reseller-edge',
      description: 'An API by which resellers manage their customers and users.',
      documentation: `${publicUrl}/docs`,
      tokens: `${publicUrl}/.well-known/oauth-authorization-server`,
    });
  }
  return html(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>reseller-edge</title>
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<main>
<h1>reseller-edge</h1>
<p>An API by which resellers manage their customers and users.</p>
<ul>
<li><a href="/docs">API reference</a></li>
<li><a href="/sign-in">Sign in</a></li>
<li>OpenAPI documents: <a href="/v3/openapi.json">v3</a>, <a href="/v1.0/accounts/openapi.json">accounts</a>, <a href="/reseller/openapi.json">reseller</a></li>
<li><a href="/.well-known/oauth-authorization-server">Token endpoint and keys</a></li>
</ul>
</main>
</body>
</html>
`);
}
