/** `npm run --silent secrets`: new secrets as JSON, for `wrangler secret bulk`. */

import { main } from './lib/command-error.ts';
import { takeNoArguments } from './lib/command-line.ts';
import { freshSecrets } from './lib/deployment/settings.ts';

await main(async () => {
  takeNoArguments('npm run --silent secrets');
  const secrets = Object.entries(freshSecrets).map(([name, make]) => [name, make()]);
  console.log(JSON.stringify(Object.fromEntries(secrets)));
});
