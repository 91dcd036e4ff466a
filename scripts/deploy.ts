/** `npm run deploy`: applies migrations and uploads the Worker. Refuses a development configuration. */
import { spawnSync } from 'node:child_process';
import { unstable_readConfig } from 'wrangler';
import { isLoopback } from '../src/model/address.ts';
import { copyAssets } from './lib/build/assets.ts';
import { CommandError, main } from './lib/command-error.ts';
import { takeNoArguments } from './lib/command-line.ts';
import { runWrangler } from './lib/deployment/run-wrangler.ts';
import { inRoot, root } from './lib/root.ts';

await main(async () => {
  takeNoArguments('npm run deploy');
  const { vars, d1_databases: databases } = unstable_readConfig({ config: inRoot('wrangler.toml') });
  const address = URL.parse(String(vars['PUBLIC_URL']));
  if (address === null || isLoopback(address.hostname))
    throw new CommandError('Set PUBLIC_URL in wrangler.toml first.');
  if (/^[0-]+$/.test(databases[0]?.database_id ?? ''))
    throw new CommandError('Set database_id in wrangler.toml first.');
  if ('DEVELOPMENT' in vars) throw new CommandError('Remove DEVELOPMENT from wrangler.toml first.');
  if ((await secretNames()).includes('DEVELOPMENT'))
    throw new CommandError('Delete the secret DEVELOPMENT first, by npx wrangler secret delete DEVELOPMENT.');
  await copyAssets();
  wrangler('d1', 'migrations', 'apply', 'DB', '--remote');
  wrangler('deploy');
});

/** Secrets persist, and override variables. */
async function secretNames(): Promise<string[]> {
  const secrets: { readonly name: string }[] = JSON.parse(await runWrangler('secret', 'list'));
  return secrets.map(({ name }) => name);
}

function wrangler(...args: string[]): void {
  const { status } = spawnSync(inRoot('node_modules', '.bin', 'wrangler'), args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new CommandError(`wrangler ${args.join(' ')} failed.`);
}
