/** RFC 9110 §15.4.4. */
export function seeOther(path: string, ...cookies: readonly (string | null)[]): Response {
  const headers = new Headers({ Location: path });
  for (const cookie of cookies) if (cookie !== null) headers.append('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}
