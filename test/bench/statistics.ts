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

function sortedUp(values: number[]): number[] {
  return values.toSorted((a, b) => a - b);
}
