import { jsonResponse } from '../http/reply.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { Dialect } from '../http/routes/dialect.ts';
import { html } from './html.ts';

export function home({ env: { publicUrl }, request }: RequestContext, dialects: readonly Dialect[]): Response {
  if (!request.headers.get('Accept')?.includes('text/html')) {
    return jsonResponse({
      name: 'reseller-edge',
      description: 'An API by which resellers manage their customers and users.',
      documentation: `${publicUrl}/docs`,
      tokens: `${publicUrl}/.well-known/oauth-authorization-server`,
    });
  }
  const documents = dialects.map(({ name, base }) => `<a href="${base}/openapi.json">${name}</a>`);
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
<li>OpenAPI documents: ${documents.join(', ')}</li>
<li><a href="/.well-known/oauth-authorization-server">Token endpoint and keys</a></li>
</ul>
</main>
</body>
</html>
`);
}
