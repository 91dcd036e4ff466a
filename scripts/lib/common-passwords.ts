import { readFile, writeFile } from 'node:fs/promises';
import { dictionary } from '@zxcvbn-ts/language-common';
import { fold } from '../../src/model/fields.ts';
import { COMMON_PASSWORDS, PASSWORD_MIN_CHARS } from '../../src/model/limits/index.ts';
import { inRoot } from './root.ts';

const list = inRoot('src', 'model', 'factors', 'common-passwords.json');
const licence = inRoot('src', 'model', 'factors', 'common-passwords.LICENSE.txt');

/** The files that hold the list of common passwords, and what its package says that they hold. */
export async function commonPasswordFiles(): Promise<Readonly<Record<string, string>>> {
  const terms = inRoot('node_modules', '@zxcvbn-ts', 'language-common', 'LICENSE.txt');
  return { [list]: `${JSON.stringify(longOnes(), null, 2)}\n`, [licence]: await readFile(terms, 'utf8') };
}

/** Writes them anew. */
export async function writeCommonPasswords(): Promise<void> {
  for (const [file, text] of Object.entries(await commonPasswordFiles())) await writeFile(file, text);
}

/** Of the most used passwords, which the package has in order of use, those not too short anyway, in alphabetical order. */
function longOnes(): readonly string[] {
  const mostUsed = dictionary['passwords-common'].slice(0, COMMON_PASSWORDS).map(fold);
  return [...new Set(mostUsed)].filter((password) => password.length >= PASSWORD_MIN_CHARS).sort();
}
