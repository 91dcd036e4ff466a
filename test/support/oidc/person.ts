/** Who somebody says to be at a provider's page. */
export type Person = {
  readonly sub: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  readonly hd?: string;
  /** When it proved that at the provider, in seconds; null: its browser has the provider not say. */
  readonly authTime?: number | null;
};

const MOST_STEPS = 10;

/** Goes where the browser would be sent, fills the page in and gives the address that the provider sends it back to. */
export async function visitProvider(authorizationUrl: string, person: Person | 'declines'): Promise<URL> {
  const home = new URL(authorizationUrl).origin;
  const cookies = new Map<string, string>();
  let [url, form] = [new URL(authorizationUrl), null as URLSearchParams | null];
  if (person !== 'declines' && person.authTime === null)
    for (const name of ['claims', 'max_age', 'prompt']) url.searchParams.delete(name);
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const response = await fetch(url, {
      method: form === null ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { Cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      body: form,
    });
    keep(cookies, response.headers.getSetCookie());
    const text = await response.text();
    const next = response.headers.get('Location');
    if (next === null && !text.includes('<form')) throw new Error(`${url} answered ${response.status}: ${text}`);
    form = next === null ? formOf(person) : null;
    if (next !== null) url = new URL(next, url);
    if (url.origin !== home) return url;
  }
  throw new Error(`no way back from ${authorizationUrl}`);
}

function formOf(person: Person | 'declines'): URLSearchParams {
  if (person === 'declines') return new URLSearchParams({ answer: 'no' });
  const { sub, email = '', emailVerified = true, hd = '', authTime } = person;
  const said = { sub, email, hd, ...(emailVerified && { email_verified: 'on' }) };
  return new URLSearchParams({ answer: 'yes', ...said, ...(authTime && { auth_time: String(authTime) }) });
}

function keep(cookies: Map<string, string>, set: readonly string[]): void {
  for (const cookie of set) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === '') cookies.delete(name);
    else cookies.set(name, value);
  }
}
