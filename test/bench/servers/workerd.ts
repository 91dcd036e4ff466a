import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Log, LogLevel, Miniflare, type MiniflareOptions } from 'miniflare';
import type { Bundle } from './bundle.ts';
import { childrenNamed } from './process.ts';

type Config = MiniflareOptions['workers'][number]['config'];
export type Bindings = NonNullable<Config['env']>;
export type Triggers = NonNullable<Config['triggers']>;

/** A Worker alone in its own workerd, reached on its own socket. */
export type Running = {
  origin: URL;
  pid: number;
  db: D1Database;
  /** Fires a cron trigger and waits until its work is done. */
  scheduled: (cron: string) => Promise<void>;
  stop: () => Promise<void>;
};

const host = '127.0.0.1';
const name = 'bench';

/**
 * Starts a bundle in a workerd process of its own with an empty D1 as `DB`.
 * The socket is the Worker's: neither wrangler's proxy nor Miniflare's entry Worker stands before it.
 * One call at a time: the new process is told from the others by comparing before and after.
 */
export async function startWorkerd(code: Bundle, env: Bindings = {}, triggers: Triggers = []): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-d1-'));
  const before = await childrenNamed('workerd');
  const { mainModule, modules, compatibilityDate, compatibilityFlags } = code;
  const miniflare = new Miniflare({
    host,
    cf: false,
    log: new Log(LogLevel.WARN),
    telemetry: { enabled: false },
    enableDevRegistry: false,
    resourcePersistencePath: folder,
    workers: [
      {
        config: {
          name,
          compatibilityDate,
          compatibilityFlags,
          manifest: { mainModule, modulesRoot: '/', modules },
          env: { ...env, DB: { type: 'd1', id: 'bench' } },
          triggers,
        },
        dev: { unsafeDirectSockets: [{ host, port: 0 }] },
      },
    ],
  });
  const stop = async () => {
    await miniflare.dispose();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await miniflare.ready;
    const [pid] = (await childrenNamed('workerd')).filter((child) => !before.includes(child));
    if (pid === undefined) throw new Error('workerd did not start');
    const db = (await miniflare.getD1Database('DB')) as unknown as D1Database;
    const worker = await miniflare.getWorker(name);
    const scheduled = async (cron: string) => {
      const { outcome } = await worker.scheduled({ cron });
      if (outcome !== 'ok') throw new Error(`cron ${cron}: ${outcome}`);
    };
    return { origin: await miniflare.unsafeGetDirectURL(name), pid, db, scheduled, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
