import * as v from 'valibot';
import { CommandError } from '../command-error.ts';
import { runNpm } from './npm.ts';

const Named = v.looseObject({ 'bom-ref': v.string(), name: v.string(), version: v.string() });
const Bill = v.looseObject({
  bomFormat: v.literal('CycloneDX'),
  metadata: v.looseObject({ component: Named }),
  components: v.array(Named),
});

/** npm writes CycloneDX 1.5, of which 1.6 is a superset, and uses the folder's name as the project's. */
export function billOfMaterials() {
  const { status, stdout, stderr } = runNpm(
    'sbom',
    '--package-lock-only',
    '--sbom-format=cyclonedx',
    '--sbom-type=application',
  );
  if (status !== 0) throw new CommandError(`npm sbom failed:\n${stderr}`);
  const { metadata, ...bill } = v.parse(Bill, JSON.parse(stdout));
  const [name = ''] = metadata.component['bom-ref'].split('@');
  return {
    ...bill,
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    specVersion: '1.6',
    metadata: { ...metadata, component: { ...metadata.component, name } },
  };
}
