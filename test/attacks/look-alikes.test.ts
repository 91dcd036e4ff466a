import { domainToASCII } from 'node:url';
import { beforeAll, expect, test, vi } from 'vitest';
import { Caller } from '../support/api.ts';
import { makeAccount, newUser } from '../support/people/accounts.ts';
import { login, makePerson, post } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { rows, unique } from '../support/world.ts';

beforeAll(muteQueues);

const local = () => `ki${unique('user').replace('user-', '')}`;

/** Ways to write the very same address: whatever fits them is that one user. */
const SAME: Readonly<Record<string, (address: string) => string>> = {
  'in capitals': (address) => address.toUpperCase(),
  'with spaces about it': (address) => ` \t${address}\u00a0`,
  'with the sign for kelvin, whose composed form is the letter': (address) => address.replace('k', '\u212a'),
  'in capitals at the host only': (address) => address.replace('example.com', 'EXAMPLE.Com'),
  'in full width at the host': (address) => address.replace('example', 'ｅxample'),
  'with a letter of mathematics at the host': (address) => address.replace('.com', '.𝐜om'),
  'with a mark that hides at the host': (address) => address.replace('example', 'exam\ufe0fple'),
};
/** Addresses that look the same and are another's. */
const OTHER: Readonly<Record<string, (address: string) => string>> = {
  'a dotless i': (address) => address.replace('i', 'ı'),
  'a capital I with a dot': (address) => address.replace('i', 'İ'),
  'a Cyrillic letter': (address) => address.replace('e', 'е'),
  'a Greek letter': (address) => address.replace('i', 'ι'),
  'full width': (address) => address.replace('k', 'ｋ'),
  'a letter of mathematics': (address) => address.replace('k', '𝐤'),
  'a ligature': (address) => `ﬁ${address}`,
  'a zero width space': (address) => address.replace('k', 'k\u200b'),
  'a zero width joiner': (address) => address.replace('k', 'k\u200d'),
  'a soft hyphen': (address) => address.replace('k', 'k\u00ad'),
  'a turn of direction': (address) => address.replace('k', 'k\u202e'),
  'an accent set apart': (address) => address.replace('i', 'i\u0301'),
  'an accent that hides': (address) => address.replace('k', 'k\u034f'),
  'a dot more': (address) => address.replace('k', 'k.'),
  'a tag': (address) => address.replace('@', '+tag@'),
  'a dot at the end of the host': (address) => `${address}.`,
  'a Cyrillic letter at the host': (address) => address.replace('example', 'ехample'),
  'another dot in the host': (address) => address.replace('.com', '。com'),
};

async function makeVictim() {
  const address = `${local()}@example.com`;
  const person = await makePerson({ email: address });
  await rows('delete from sign_in_attempts');
  return { ...person, address };
}

test.each(Object.entries(SAME))('an address %s is the same user: it signs in, and is taken', async (_, written) => {
  const person = await makeVictim();
  const email = written(person.address);
  const reply = await login({ ...person.credentials, email });
  expect(reply.status).toBe(200);
  expect((await new Caller(reply.body.accessToken).get('/v3/me')).body.email).toBe(person.address);
  const again = await person.api.post(`/v1.0/accounts/${person.id}/users`, newUser({ email }));
  expect(again.status).toBe(409);
});

test('a host in Punycode is the same as in letters', async () => {
  const local = `${unique('user')}`;
  const person = await makePerson({ email: `${local}@xn--bcher-kva.example` });
  expect((await person.row()).email).toBe(`${local}@bücher.example`);
  for (const host of ['bücher.example', 'BÜCHER.example', 'XN--BCHER-KVA.example', 'ｂücher.example']) {
    expect((await login({ ...person.credentials, email: `${local}@${host}` })).status).toBe(200);
  }
});

/** Hosts that fold alike, or would by an older rule, and are two in the DNS (UTS #46). */
const TWO_HOSTS: readonly (readonly [string, string])[] = [
  ['βόλος.example', 'βόλοσ.example'],
  ['straße.example', 'strasse.example'],
  ['İzmir.example', 'izmir.example'],
];

test.each(TWO_HOSTS)('%s and %s are the hosts of two people, whatever each is spelled like', async (one, other) => {
  const local = unique('user');
  const first = await makePerson({ email: `${local}@${one}` });
  const second = await makePerson({ email: `${local}@${other}` });
  const spellings = (host: string) => [host, domainToASCII(host), domainToASCII(host).toUpperCase()];
  for (const person of [first, second]) {
    const host = person === first ? one : other;
    for (const spelling of spellings(host)) {
      const email = `${local}@${spelling}`;
      const own = await login({ ...person.credentials, email });
      expect(own.status).toBe(200);
      expect((await new Caller(own.body.accessToken).get('/v3/me')).body.id).toBe(person.userId);
      const found = await person.api.get(`${person.base}/users?email[eq]=${encodeURIComponent(email)}`);
      expect(found.body.map(({ id }: { readonly id: string }) => id)).toEqual([person.userId]);
    }
  }
  const stranger = { ...second.credentials, accountId: first.id };
  expect((await login(stranger)).status).toBe(400);
});

test('a host with the sign for kelvin is the host of ASCII, and dots of full width are none', async () => {
  const local = unique('user');
  const person = await makePerson({ email: `${local}@kiosk.example.com` });
  const signIn = async (host: string) => (await login({ ...person.credentials, email: `${local}@${host}` })).status;
  expect(await Promise.all(['\u212aiosk.example.com', '\u212aIOSK.EXAMPLE.com'].map(signIn))).toEqual([200, 200]);
  expect(await Promise.all(['kiosk．example.com', 'kiosk.example｡com'].map(signIn))).toEqual([400, 400]);
});

test('a host whose letters no address has stays in Punycode', async () => {
  const local = `${unique('user')}`;
  const person = await makePerson({ email: `${local}@xn--e28h.example` });
  expect((await person.row()).email).toBe(`${local}@xn--e28h.example`);
  expect((await login({ ...person.credentials, email: `${local}@ｘn--e28h.example` })).status).toBe(200);
});

test('composed or not, an address is the same', async () => {
  const composed = `é${local()}@example.com`;
  const person = await makePerson({ email: composed });
  const decomposed = composed.normalize('NFD');
  expect(decomposed).not.toBe(composed);
  expect((await login({ ...person.credentials, email: decomposed })).status).toBe(200);
  expect((await login({ ...person.credentials, email: decomposed.toUpperCase() })).status).toBe(200);
});

test.each(Object.entries(OTHER))('%s makes another address: nobody gets in by it, and no mail', async (_, disguise) => {
  const person = await makeVictim();
  const email = disguise(person.address);
  expect(email).not.toBe(person.address);
  expect((await login({ ...person.credentials, email })).status).toBe(400);
  expect(await person.sessions()).toEqual([]);
  const mails = await person.mails();
  const asked = await post('/v3/accounts/reset-password-request', { email });
  expect(asked.status).toBeOneOf([204, 400]);
  const byLink = await post('/activate/mail', { email });
  expect(byLink.status).toBeOneOf([202, 400]);
  // Asked for after them: once this one is there, they are done.
  const later = await makePerson();
  await post('/v3/accounts/reset-password-request', { email: later.email });
  await vi.waitFor(async () => expect(await later.mails()).toHaveLength(1));
  expect(await person.mails()).toEqual(mails);
});

test.each(Object.entries(OTHER))('whoever is invited as %s is somebody else, if anybody', async (_, disguise) => {
  const person = await makeVictim();
  const before = await person.row();
  const attacker = await makeAccount();
  const email = disguise(person.address);
  const made = await attacker.api.post(attacker.users, newUser({ email, roles: ['user.admin'] }));
  expect(made.status).toBeOneOf([201, 400]);
  expect(await person.row()).toEqual(before);
  if (made.status === 400) return;
  expect(made.body.data.id).not.toBe(person.userId);
  // It is written to as it was given, never to the address that it looks like.
  const [stored] = await rows('select email, email_key from users where id = ?', made.body.data.id);
  expect(stored.email).toBe(email.trim().normalize('NFC'));
  expect(stored.email_key).not.toBe(person.address);
  const [mine] = await rows('select email_key from users where id = ?', person.userId);
  expect(stored.email_key).not.toBe(mine.email_key);
});
