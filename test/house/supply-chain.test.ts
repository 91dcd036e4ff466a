import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Schema, Validator } from '@cfworker/json-schema';
import { expect, test } from 'vitest';
import { deployedPackages, licenceProblem, lockedPackages, noticesOf } from '../../scripts/lib/build/licences.ts';
import { billOfMaterials } from '../../scripts/lib/build/sbom.ts';
import { CommandError } from '../../scripts/lib/command-error.ts';
import { verdictOf } from '../../scripts/lib/database/audit.ts';

const locked = [...lockedPackages().values()].filter(({ path }) => path !== '');
const deployed = deployedPackages();
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

test('every package has a licence that allows what is done with it', () => {
  const paths = new Set(deployed.map(({ path }) => path));
  const objections = locked.flatMap((one) => {
    const objection = licenceProblem(one, paths.has(one.path));
    return objection === undefined ? [] : [`${one.path}: ${objection}`];
  });
  expect(objections).toEqual([]);
  expect(locked.length).toBeGreaterThan(200);
});

test.each([
  ['GPL-3.0-only', true, 'licence GPL-3.0-only'],
  ['MPL-2.0', true, 'licence MPL-2.0'],
  ['MPL-2.0', false, undefined],
  ['MIT AND GPL-3.0-only', false, 'licence MIT AND GPL-3.0-only'],
  ['(MIT OR GPL-3.0-only)', true, undefined],
  ['', false, 'licence unknown'],
])('of a package under %j, deployed: %j, it is said: %j', (license, isDeployed, objection) => {
  const one = { path: 'node_modules/x', name: 'x', version: '1.0.0', dependencies: {}, license };
  expect(licenceProblem(one, isDeployed)).toBe(objection);
});

/** Packages that bring no text, though their package.json names a licence. */
const WITHOUT_NOTICE = ['drizzle-orm (Apache-2.0)', 'rfc6902 (MIT)'];

test('what is deployed brings its notices along', () => {
  expect(deployed.map(({ name }) => name)).toEqual(
    expect.arrayContaining([...Object.keys(dependencies), 'swagger-ui-dist']),
  );
  const without = deployed.filter((one) => noticesOf(one).length === 0);
  expect(without.map(({ name, license }) => `${name} (${license})`)).toEqual(WITHOUT_NOTICE);
});

test('the bill of materials is CycloneDX 1.6 and lists every package', () => {
  const bill = billOfMaterials();
  const folder = createRequire(import.meta.url)
    .resolve('@cyclonedx/cyclonedx-library/package.json')
    .replace('package.json', 'res/schema/');
  const read = (name: string): Schema => JSON.parse(readFileSync(`${folder}${name}.SNAPSHOT.schema.json`, 'utf8'));
  const validator = new Validator(read('bom-1.6'), '7');
  for (const name of ['spdx', 'jsf-0.82'])
    validator.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  expect(validator.validate(bill)).toMatchObject({ valid: true });
  expect(validator.validate({ ...bill, components: [{ type: 'library' }] })).toMatchObject({ valid: false });
  const listed = new Set(bill.components.map(({ name, version }) => `${name}@${version}`));
  expect(locked.map(({ name, version }) => `${name}@${version}`).filter((one) => !listed.has(one))).toEqual([]);
  expect(bill.metadata.component.name).toBe('reseller-edge');
});

const report = (severity: string) =>
  JSON.stringify({
    vulnerabilities: { x: { name: 'x', severity, range: '<1.2' } },
    metadata: { dependencies: { total: 3 } },
  });

test('a high finding of npm audit stops the tests, a moderate one does not, and no answer is not taken for a good one', () => {
  for (const severity of ['high', 'critical']) expect(() => verdictOf(report(severity), '')).toThrow(CommandError);
  expect(() => verdictOf(report('high'), '')).toThrow('x <1.2: high');
  expect(verdictOf(report('moderate'), '')).toBe('ok (3 packages)');
  const unanswered = verdictOf(
    '{"message":"405"}',
    'npm warn audit 405 Method Not Allowed - POST https://registry/x\n',
  );
  expect(unanswered).toBe('skipped: the registry did not answer it (405 Method Not Allowed - POST https://registry/x)');
});
