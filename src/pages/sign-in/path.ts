/** The page of a sign-in that is under way. */
export function signInPath(flowId: string): string {
  return `/sign-in?flow=${flowId}`;
}
