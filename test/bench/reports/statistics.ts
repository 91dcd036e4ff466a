/** The value below which the given part (0 to 1) of the values lies. */
export function quantile(values: number[], part: number): number {
  return sortedUp(values)[Math.ceil((values.length - 1) * part)] ?? Number.NaN;
}

/**
 * The mean of the middle half. Like a median it forgets rounds that something else on the machine disturbed;
 * unlike a median it averages away the coarse steps of the kernel's CPU clock.
 */
export function middleMean(values: number[]): number {
  const cut = Math.floor(values.length / 4);
  const middle = sortedUp(values).slice(cut, values.length - cut);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** The geometric mean over turns that ran side by side, without the extremes: a shared machine's speed drifts. */
export function p99Ratio(a: number[][], b: number[][]): number {
  const logarithms = a.flatMap((latencies, index) => {
    const other = b[index];
    return other ? [Math.log(quantile(latencies, 0.99) / quantile(other, 0.99))] : [];
  });
  return Math.exp(middleMean(logarithms));
}

export type Latency = { p50Ms: number; p99Ms: number };

export function latencyOf(latenciesMs: number[]): Latency {
  return { p50Ms: quantile(latenciesMs, 0.5), p99Ms: quantile(latenciesMs, 0.99) };
}

function sortedUp(values: number[]): number[] {
  return values.toSorted((a, b) => a - b);
}
