/** `npm test`: all checks, up to the first failure. */
import { copyAssets } from './lib/build/assets.ts';
import { main } from './lib/command-error.ts';
import { auditPackages } from './lib/database/audit.ts';
import { runStep } from './lib/development/steps.ts';
import { runTests } from './lib/tests.ts';

await main(async () => {
  await copyAssets();
  runStep({ name: 'format and lint', run: ['biome', 'ci', '.'] });
  runStep({ name: 'types', run: ['tsc'] });
  runStep({ name: 'unused files, exports and packages', run: ['knip'] });
  auditPackages();
  const { passed, failed, skipped, ok } = await runTests(process.argv.slice(2));
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (!ok) process.exit(1);
});
