import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { measureCleanup } from './cleanup.ts';
import { measureDeliveries } from './deliveries.ts';
import { cleanupToMarkdown, toCleanupReport } from './reports/cleanup-report.ts';
import { deliveriesToMarkdown, toDeliveryLine } from './reports/delivery-report.ts';
import { toMarkdown } from './reports/report.ts';
import { statusToMarkdown, toStatusLine } from './reports/status-report.ts';
import { tenantsToMarkdown, toTenantsReport } from './reports/tenants-report.ts';
import { measureRequests } from './requests.ts';
import { bundleOurs } from './servers/ours.ts';
import { measureStatusUpdate } from './status-updates.ts';
import { measureTenants } from './tenants.ts';

/** What can be measured by itself. */
export const PARTS = ['requests', 'deliveries', 'mails', 'cleanup', 'tenants'] as const;

/** Measures all parts or only one, prints the tables as Markdown, and writes all figures into a file as JSON. */
export async function runBench(only: string | undefined, json: string): Promise<void> {
  const wants = (part: (typeof PARTS)[number]) => only === undefined || only === part;
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const code = await bundleOurs(folder);
    const requests = wants('requests') ? await measureRequests(code, folder) : undefined;
    if (requests !== undefined) console.log(toMarkdown(requests));
    const deliveries = wants('deliveries') ? (await measureDeliveries(code)).map(toDeliveryLine) : undefined;
    if (deliveries !== undefined) console.log(`\n${deliveriesToMarkdown(deliveries)}`);
    const mails = wants('mails') ? toStatusLine(await measureStatusUpdate(code)) : undefined;
    if (mails !== undefined) console.log(`\n${statusToMarkdown(mails)}`);
    const cleanup = wants('cleanup') ? toCleanupReport(await measureCleanup(code)) : undefined;
    if (cleanup !== undefined) console.log(`\n${cleanupToMarkdown(cleanup)}`);
    const tenants = wants('tenants') ? toTenantsReport(await measureTenants(code)) : undefined;
    if (tenants !== undefined) console.log(`\n${tenantsToMarkdown(tenants)}`);
    await mkdir(dirname(json), { recursive: true });
    await writeFile(json, `${JSON.stringify({ ...requests, deliveries, mails, cleanup, tenants }, null, 2)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
