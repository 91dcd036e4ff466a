/** `npm run schema`: writes what the migrations come to into src/db/schema/schema.sql, for readers. */
import { writeFile } from 'node:fs/promises';
import { main } from './lib/command-error.ts';
import { takeNoArguments } from './lib/command-line.ts';
import { SCHEMA_FILE, schemaSql } from './lib/database/schema.ts';

await main(async () => {
  takeNoArguments('npm run schema');
  await writeFile(SCHEMA_FILE, schemaSql());
});
