/** `npm run common-passwords`: copies the list from its package into src/model/factors. */

import { writeCommonPasswords } from './lib/build/common-passwords.ts';
import { main } from './lib/command-error.ts';
import { takeNoArguments } from './lib/command-line.ts';

await main(async () => {
  takeNoArguments('npm run common-passwords');
  await writeCommonPasswords();
});
