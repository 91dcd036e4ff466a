/** `npm run deploy`: applies the migrations to the deployed database and uploads the Worker. */
import { spawnSync } from 'node:child_process';
import { unstable_readConfig } from 'wrangler';
import { copyAssets } from './lib/assets.ts';
import { takeNoArguments } from './lib/command-line.ts';
import { Complaint, main } from './lib/complaint.ts';
import { inRoot, root } from './lib/root.ts';

await main(async () => {
  takeNoArguments('npm run deploy');
  const { vars, d1_databases: databases } = unstable_readConfig({ config: inRoot('wrangler.toml') });
  if (String(vars['PUBLIC_URL']).includes('localhost')) throw new Complaint('Set PUBLIC_URL in wrangler.toml first.');
  if (/^[0-]+$/.test(databases[0]?.database_id ?? '')) throw new Complaint('Set database_id in wrangler.toml first.');
  await copyAssets();
  wrangler('d1', 'migrations', 'apply', 'DB', '--remote');
  wrangler('deploy');
});

function wrangler(...args: string[]): void {
  const { status } = spawnSync(inRoot('node_modules', '.bin', 'wrangler'), args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Complaint(`wrangler ${args.join(' ')} failed.`);
}
