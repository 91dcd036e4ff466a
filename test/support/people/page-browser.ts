import { type Reply, send } from '../api.ts';
import { unique } from '../world.ts';

export type Page = Reply & {
  /** What the first complaint says. */
  readonly complaint: string | null;
  readonly location: string | null;
};

/** A browser without scripts: it keeps cookies, and sends forms as the page has them. */
export function newBrowser(language = 'en', address = unique('address')) {
  const cookies = new Map<string, string>();

  async function ask(method: string, path: string, options: RequestInit = {}): Promise<Page> {
    const headers = new Headers({ 'Accept-Language': language, 'CF-Connecting-IP': address, ...options.headers });
    if (cookies.size > 0) headers.set('Cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
    const reply = await send(method, path, { ...options, headers, redirect: 'manual' });
    for (const cookie of reply.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (/Max-Age=0/.test(cookie)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const [, complaint = null] = /class="complaint" role="alert" id="[^"]*">([^<]*)</.exec(reply.text) ?? [];
    return { ...reply, complaint, location: reply.headers.get('Location') };
  }

  const get = (path: string) => ask('GET', path);
  const own = { Origin: 'https://edge.localhost' };
  return {
    cookies,
    address,
    ask,
    get,
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = own) =>
      ask('POST', path, { headers, body: new URLSearchParams(fields) }),
    postJson: (path: string, body: unknown, headers: Record<string, string> = own) =>
      ask('POST', path, { headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    /** Opens an address and goes on to where that leads. */
    async open(path: string): Promise<Page> {
      let page = await get(path);
      while (page.location !== null) page = await get(page.location);
      return page;
    },
  };
}

export type PageBrowser = ReturnType<typeof newBrowser>;

/** The flow that a page's forms carry along. */
export function flowIn({ text }: { readonly text: string }): string {
  return /name="flow" value="([^"]+)"/.exec(text)?.[1] ?? '';
}
