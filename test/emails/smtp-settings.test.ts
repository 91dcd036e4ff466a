import * as v from 'valibot';
import { expect, test } from 'vitest';
import { SmtpUrl } from '../../src/model/emails/smtp-url.ts';

const credentials = { username: 'user', password: 'secret' };

test.each([
  ['smtp://user:secret@mail.test:2525', { host: 'mail.test', port: 2525, secure: false, startTls: true, credentials }],
  ['smtp://user:secret@mail.test', { host: 'mail.test', port: 587, secure: false, startTls: true, credentials }],
  ['smtps://user:secret@mail.test/', { host: 'mail.test', port: 465, secure: true, startTls: false, credentials }],
  ['smtp://mail.test', { host: 'mail.test', port: 587, secure: false, startTls: true, credentials: null }],
  [
    'smtp://localhost:1025?starttls=off',
    { host: 'localhost', port: 1025, secure: false, startTls: false, credentials: null },
  ],
  ['smtp://Bücher.TEST', { host: 'xn--bcher-kva.test', port: 587, secure: false, startTls: true, credentials: null }],
])('%s', (url, settings) => {
  expect(v.parse(SmtpUrl, url)).toEqual(settings);
});

test('user and password are percent-decoded', () => {
  const [username, password] = ['ada@mail.test', 'p:ä/s?s#w%r d+@🎉'];
  const url = `smtp://${encodeURIComponent(username)}:${encodeURIComponent(password)}@mail.test`;
  expect(v.parse(SmtpUrl, url).credentials).toEqual({ username, password });
});

test.each([
  ['', 'Must be an smtp or smtps URL.'],
  ['mail.test:587', 'Must be an smtp or smtps URL.'],
  ['https://user:secret@mail.test', 'Must be an smtp or smtps URL.'],
  ['smtp://user:secret@mail.test:99999', 'Must be an smtp or smtps URL.'],
  ['smtp:mail.test', 'Must name a host.'],
  ['smtp://', 'Must name a host.'],
  ['smtp://mail.test:0', 'Must not name port 0.'],
  ['smtp://user:secret@mail.test/inbox', 'Must end after the port or the option.'],
  ['smtp://user:secret@mail.test#there', 'Must end after the port or the option.'],
  ['smtp://user:secret@mail.test?starttls=no', 'Knows no option but starttls=off.'],
  ['smtp://mail.test?starttls=off&x=1', 'Knows no option but starttls=off.'],
  ['smtps://user:secret@mail.test?starttls=off', 'Has TLS from the start with smtps: starttls=off is for smtp.'],
  ['smtp://user@mail.test', 'Must have both user and password, or neither.'],
  ['smtp://:secret@mail.test', 'Must have both user and password, or neither.'],
  ['smtp://user:secret@localhost?starttls=off', 'Must not have a user and password without TLS.'],
  ['smtp://user:secret%0d%0aDATA@mail.test', 'Must have no control characters in user and password.'],
  ['smtp://user:sec%ret@mail.test', 'Must have user and password percent-encoded.'],
  ['smtp://user:sec%ffret@mail.test', 'Must have user and password percent-encoded.'],
])('%s is refused without being repeated', (url, problem) => {
  const result = v.safeParse(SmtpUrl, url);
  expect(result.issues?.map(({ message }) => message)).toEqual([problem]);
});

test('what is no text is refused', () => {
  expect(v.safeParse(SmtpUrl, undefined).success).toBe(false);
});
