import type { Simulation } from './simulation.ts';

type Page = { readonly status: number; readonly location: string; readonly text: string };
export type Browser = (path: string, form?: Record<string, string>) => Promise<Page | null>;

/** A browser with cookies, which asks once; null: the answer was lost. */
export function newBrowser({ world }: Simulation): Browser {
  const cookies = new Map<string, string>();
  return async (path, form) => {
    const headers = {
      Origin: 'https://edge.localhost',
      Cookie: [...cookies].map((pair) => pair.join('=')).join('; '),
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    };
    const body = form && `${new URLSearchParams(form)}`;
    const response = await world
      .fetch(path, { method: form ? 'POST' : 'GET', headers, body: body ?? null })
      .catch(() => null);
    const text = await response?.text().catch(() => null);
    if (response === null || text === null || text === undefined || response.status >= 500) return null;
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    return { status: response.status, location: response.headers.get('Location') ?? '', text };
  };
}

/** The flow of a sign-in that an answer leads to. */
export const flowIn = (page: Page | null) => /[?&]flow=([\w-]+)/.exec(page?.location ?? '')?.[1];
