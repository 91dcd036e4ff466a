/** `npm run sbom`: writes the CycloneDX 1.6 bill of materials to dist/sbom.json. */
import { mkdir, writeFile } from 'node:fs/promises';
import { billOfMaterials } from './lib/build/sbom.ts';
import { main } from './lib/command-error.ts';
import { takeNoArguments } from './lib/command-line.ts';
import { inRoot } from './lib/root.ts';

await main(async () => {
  takeNoArguments('npm run sbom');
  const bill = billOfMaterials();
  await mkdir(inRoot('dist'), { recursive: true });
  await writeFile(inRoot('dist', 'sbom.json'), `${JSON.stringify(bill, null, 2)}\n`);
  console.log(`${bill.components.length} components in dist/sbom.json`);
});
