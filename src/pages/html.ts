/** This origin's files only, no framing. */
const policy = (styles: string, images: string) =>
  `default-src 'none'; script-src 'self'; style-src ${styles}; img-src ${images}; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

const STRICT = policy("'self'", "'none'");

/** Swagger UI uses inline styles and images. */
export const VIEWER_POLICY = policy("'self' 'unsafe-inline'", "'self' data:");

type FormOptions = { readonly scripted?: boolean; readonly leadsTo?: string | null };

/** Chrome applies `form-action` to redirects too; `leadsTo` is the origin or scheme where they may end. */
export async function formPolicy(
  style: string,
  { scripted = false, leadsTo = null }: FormOptions = {},
): Promise<string> {
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
  const scripts = scripted ? "script-src 'self'; connect-src 'self'; " : '';
  const target = leadsTo === null || /[\s;,']/.test(leadsTo) ? "'self'" : `'self' ${leadsTo}`;
  return `default-src 'none'; ${scripts}style-src 'self' 'sha256-${hash}'; form-action ${target}; frame-ancestors 'none'; base-uri 'none'`;
}

type Options = {
  readonly status?: number;
  /** A Content-Security-Policy; by default only this origin's files. */
  readonly policy?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Forms need `same-origin`; otherwise their `Origin` is `null` (Fetch §3.2.4). */
  readonly referrer?: 'no-referrer' | 'same-origin';
};

export function html(text: string, options: Options = {}): Response {
  const { status = 200, policy = STRICT, headers = {}, referrer = 'no-referrer' } = options;
  return new Response(text, {
    status,
    headers: {
      ...headers,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'Referrer-Policy': referrer,
    },
  });
}
