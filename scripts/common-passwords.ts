/** `npm run common-passwords`: takes the most used passwords from their package into src/model. */
import { writeCommonPasswords } from './lib/common-passwords.ts';
import { main } from './lib/complaint.ts';

await main(writeCommonPasswords);
