/** No script or style but our own files, nothing from elsewhere, no framing. */
const policy = (styles: string, images: string) =>
  `default-src 'none'; script-src 'self'; style-src ${styles}; img-src ${images}; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

const STRICT = policy("'self'", "'none'");

/** Swagger UI sets styles on elements and has its images in them. */
export const VIEWER_POLICY = policy("'self' 'unsafe-inline'", "'self' data:");

/** For a page without scripts that has a form to itself, and exactly this style in it. */
export async function formPolicy(style: string): Promise<string> {
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
  return `default-src 'none'; style-src 'self' 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;
}

type Options = {
  readonly status?: number;
  /** What the page may load and do, as a Content-Security-Policy; else our own files only. */
  readonly policy?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A page for people. */
export function html(text: string, { status = 200, policy = STRICT, headers = {} }: Options = {}): Response {
  return new Response(text, {
    status,
    headers: {
      ...headers,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'no-referrer',
    },
  });
}
