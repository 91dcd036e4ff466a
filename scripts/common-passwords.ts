/** `npm run common-passwords`: copies the list from its package into src/model/factors. */
import { takeNoArguments } from './lib/command-line.ts';
import { writeCommonPasswords } from './lib/common-passwords.ts';
import { main } from './lib/complaint.ts';

await main(async () => {
  takeNoArguments('npm run common-passwords');
  await writeCommonPasswords();
});
