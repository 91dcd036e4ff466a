import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import worker from '../../src/index.ts';
import { makePerson, type Person } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { unique } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

const [old] = JSON.parse(env.PASSWORD_PEPPER);
const young = { id: 'p2', pepper: unique('a pepper that is long enough to pass') };

/** Signs in at a Worker with these peppers. */
async function enter(person: Person, peppers: readonly object[], password = person.credentials.password) {
  const request = new Request('https://edge.localhost/v3/accounts/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': unique('address') },
    body: JSON.stringify({ ...person.credentials, password }),
  });
  const settings = { ...env, PASSWORD_PEPPER: JSON.stringify(peppers) };
  const response = await worker.fetch(request as never, settings as never, createExecutionContext());
  return { status: response.status, text: await response.text() };
}

const pepperOf = async (person: Person) => (await person.row()).password_hash.split('$')[0];

test('passwords move to a new pepper at sign-in, after which the old one can go', async () => {
  const [person, absent] = [await makePerson(), await makePerson()];
  expect((await enter(person, [young, old], 'wrong')).status).toBe(400);
  expect(await pepperOf(person)).toBe('p1');
  expect((await enter(person, [old, young])).status).toBe(200);
  expect(await pepperOf(person)).toBe('p1');
  expect((await enter(person, [young, old])).status).toBe(200);
  expect(await pepperOf(person)).toBe('p2');
  expect((await enter(person, [young])).status).toBe(200);
  expect(await pepperOf(absent)).toBe('p1');
});

test('without its pepper a password is answered like a wrong one, and stays as it is', async () => {
  const person = await makePerson();
  const { password_hash: before } = await person.row();
  const lost = await enter(person, [young]);
  const wrong = await enter(person, [old], 'wrong');
  expect([lost.status, withoutTime(lost.text)]).toEqual([400, withoutTime(wrong.text)]);
  expect((await person.row()).password_hash).toBe(before);
  expect((await enter(person, [young, old])).status).toBe(200);
});

test('several sign-ins at once during a rotation all succeed', async () => {
  const person = await makePerson();
  const many = await Promise.all([1, 2, 3].map(() => enter(person, [young, old])));
  expect(many.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await pepperOf(person)).toBe('p2');
});

function withoutTime(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, '');
}
