import { jsonResponse } from '../../http/reply.ts';
import type { Dialect } from '../../http/routes/dialect.ts';
import { html, VIEWER_POLICY } from '../html.ts';

const page = (documents: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference · reseller-edge</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/swagger-ui-standalone-preset.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body>
<div id="reference"><noscript>The reference needs JavaScript; the OpenAPI documents do not: ${documents}</noscript></div>
</body>
</html>
`;

export function docs(dialects: readonly Dialect[]): Response {
  return html(page(dialects.map(documentOf).join(', ')), { policy: VIEWER_POLICY });
}

export function docsDialects(dialects: readonly Dialect[]): Response {
  return jsonResponse(dialects.map((dialect) => ({ name: dialect.title, url: documentOf(dialect) })));
}

const documentOf = ({ base }: Pick<Dialect, 'base'>) => `${base}/openapi.json`;
