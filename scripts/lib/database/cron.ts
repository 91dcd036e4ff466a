const periodMs = 60_000;

/** `wrangler dev` fires no cron triggers. */
export function fireEachMinute(port: number): void {
  const url = new URL(`http://127.0.0.1:${port}/cdn-cgi/local/scheduled`);
  url.searchParams.set('cron', '* * * * *');
  setInterval(() => {
    fetch(url, { signal: AbortSignal.timeout(periodMs) }).catch(() => {});
  }, periodMs);
}
