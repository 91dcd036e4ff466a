/** `npm run --silent secrets`: fresh secrets for a deployment as JSON, for `wrangler secret bulk`. */
import { freshSecrets } from './lib/settings.ts';

const made = Object.entries(freshSecrets).map(([name, make]) => [name, make()]);
console.log(JSON.stringify(Object.fromEntries(made)));
