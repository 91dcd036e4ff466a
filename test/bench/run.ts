/**
 * `npm run bench [-- --only requests|deliveries] [--json <path>]`: measures, prints the tables as Markdown, and
 * writes all figures as JSON.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureDeliveries } from './deliveries.ts';
import { deliveriesToMarkdown, toDeliveryLine } from './delivery-report.ts';
import { bundleOurs } from './ours.ts';
import { toMarkdown } from './report.ts';
import { measureRequests } from './requests.ts';

const options = { json: { type: 'string', default: 'dist/bench.json' }, only: { type: 'string' } } as const;
const { only, json } = parseArgs({ options }).values;
if (only !== undefined && !['requests', 'deliveries'].includes(only)) {
  throw new Error(`--only takes requests or deliveries, not ${only}`);
}
const folder = await mkdtemp(join(tmpdir(), 'bench-'));
try {
  const code = await bundleOurs(folder);
  const requests = only === 'deliveries' ? undefined : await measureRequests(code, folder);
  if (requests !== undefined) console.log(toMarkdown(requests));
  const deliveries = only === 'requests' ? undefined : (await measureDeliveries(code)).map(toDeliveryLine);
  if (deliveries !== undefined) console.log(`\n${deliveriesToMarkdown(deliveries)}`);
  await mkdir(dirname(json), { recursive: true });
  await writeFile(json, `${JSON.stringify({ ...requests, deliveries }, null, 2)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
