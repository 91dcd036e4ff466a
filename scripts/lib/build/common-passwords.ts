import { readFile, writeFile } from 'node:fs/promises';
import { dictionary } from '@zxcvbn-ts/language-common';
import { foldCase } from '../../../src/model/fields.ts';
import { COMMON_PASSWORDS, PASSWORD_MIN_CHARS } from '../../../src/model/limits/index.ts';
import { inRoot } from '../root.ts';

const list = inRoot('src', 'model', 'factors', 'common-passwords.json');
const licence = inRoot('src', 'model', 'factors', 'common-passwords.LICENSE.txt');

export async function commonPasswordFiles(): Promise<Readonly<Record<string, string>>> {
  const licenceText = inRoot('node_modules', '@zxcvbn-ts', 'language-common', 'LICENSE.txt');
  return { [list]: `${JSON.stringify(longPasswords(), null, 2)}\n`, [licence]: await readFile(licenceText, 'utf8') };
}

export async function writeCommonPasswords(): Promise<void> {
  for (const [file, text] of Object.entries(await commonPasswordFiles())) await writeFile(file, text);
}

/** In order of use; too short ones are dropped. */
function longPasswords(): readonly string[] {
  const mostUsed = dictionary['passwords-common'].slice(0, COMMON_PASSWORDS).map(foldCase);
  return [...new Set(mostUsed)].filter((password) => password.length >= PASSWORD_MIN_CHARS).sort();
}
