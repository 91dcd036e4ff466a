import { expect, test } from 'vitest';
import { PASSWORD_RULE } from '../../src/model/factors/password.ts';
import { LANGUAGES } from '../../src/model/language.ts';
import { PASSWORD_MAX_CHARS } from '../../src/model/limits/index.ts';
import de from '../../src/pages/static/activate/texts/texts.de.json';
import en from '../../src/pages/static/activate/texts/texts.en.json';
import es from '../../src/pages/static/activate/texts/texts.es.json';
import fr from '../../src/pages/static/activate/texts/texts.fr.json';
import ja from '../../src/pages/static/activate/texts/texts.ja.json';

type Texts = Readonly<Record<string, string>>;

const english: Texts = en;
const translations: Readonly<Record<string, Texts>> = { de, ja, fr, es };
const all = Object.entries({ en: english, ...translations });
const placeholders = (text = '') => (text.match(/\{\w+\}/g) ?? []).sort();

test('there are texts in each language', () => {
  expect(all.map(([language]) => language).sort()).toEqual([...LANGUAGES].sort());
});

test.each(all)('%s has the same texts as English, in the same order, and none is empty', (_, texts) => {
  expect(Object.keys(texts)).toEqual(Object.keys(english));
  expect(Object.entries(texts).filter(([, text]) => text.trim() === '')).toEqual([]);
});

test.each(Object.entries(translations))('%s is translated throughout', (_, texts) => {
  expect(Object.entries(texts).filter(([key, text]) => text === english[key])).toEqual([]);
});

test.each(all)('%s names the same things in each text', (_, texts) => {
  for (const [key, text] of Object.entries(texts)) expect(placeholders(text), key).toEqual(placeholders(english[key]));
});

test.each(all)('%s has words for each part of the password rule', (_, texts) => {
  for (const { name } of PASSWORD_RULE) expect(texts).toHaveProperty(`rule${name[0]?.toUpperCase()}${name.slice(1)}`);
});

test.each(all)('%s says how long a password may be', (_, { errorRejected }) => {
  expect(errorRejected).toMatch(new RegExp(`\\b${PASSWORD_MAX_CHARS}\\b`));
});

test.each(all)('%s can stand in HTML as it is', (_, texts) => {
  expect(Object.values(texts).filter((text) => /[<>&"]/.test(text))).toEqual([]);
});
