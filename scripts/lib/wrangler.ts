import { inRoot } from './root.ts';

/** Wrangler's command line, to be run by Node. */
export const wranglerCli = inRoot('node_modules', 'wrangler', 'bin', 'wrangler.js');

/** Where `wrangler dev` keeps D1 and queues; `getPlatformProxy` wants the folder of this version of their layout. */
export const stateFolder = inRoot('.wrangler', 'state');
export const stateVersionFolder = inRoot('.wrangler', 'state', 'v3');

/** Keeps wrangler to this folder and this machine: no telemetry, no look-ups, no registry shared with other projects. */
export const wranglerEnvironment: Readonly<Record<string, string>> = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_LOG: 'error',
  WRANGLER_LOG_PATH: inRoot('.wrangler', 'logs'),
  WRANGLER_REGISTRY_PATH: inRoot('.wrangler', 'registry'),
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  // Would write every request, its token included, to a file.
  X_LOCAL_OBSERVABILITY: 'false',
  NO_COLOR: '1',
};
