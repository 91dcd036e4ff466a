/** `npm run licences`: lists what a deployment contains, with licence texts in dist/licences.txt. */
import { mkdir, writeFile } from 'node:fs/promises';
import { deployedPackages, licenceProblem, noticesOf } from './lib/build/licences.ts';
import { CommandError, main } from './lib/command-error.ts';
import { takeNoArguments } from './lib/command-line.ts';
import { inRoot } from './lib/root.ts';

await main(async () => {
  takeNoArguments('npm run licences');
  const packages = deployedPackages();
  const objections = packages.flatMap((one) => licenceProblem(one, true) ?? []);
  if (objections.length > 0) throw new CommandError(objections.join('\n'));
  const sections = packages.map((one) => {
    const title = `${one.name} ${one.version} (${one.license})`;
    return [title, '='.repeat(title.length), ...noticesOf(one)].join('\n\n');
  });
  await mkdir(inRoot('dist'), { recursive: true });
  await writeFile(inRoot('dist', 'licences.txt'), `${sections.join('\n\n\n')}\n`);
  for (const { name, version, license } of packages) console.log(`${license.padEnd(20)} ${name} ${version}`);
  console.log(`\nThe texts of ${packages.length} packages are in dist/licences.txt.`);
});
