import { getPlatformProxy } from 'wrangler';
import type { Tree } from './tree.ts';

export type Bindings = { readonly DB: D1Database; readonly STORAGE: R2Bucket };

/** Opens what `npm start` in the tree would serve, for as long as the work runs. */
export async function within<T>(tree: Tree, work: (bindings: Bindings) => Promise<T>): Promise<T> {
  const { env, dispose } = await getPlatformProxy<Bindings>({
    configPath: tree.path('wrangler.toml'),
    persist: { path: tree.path('.wrangler', 'state', 'v3') },
    remoteBindings: false,
  });
  try {
    return await work(env);
  } finally {
    await dispose();
  }
}
