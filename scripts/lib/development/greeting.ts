import type { Demo } from './demo.ts';

export function greeting(baseUrl: string, demo: Demo): string {
  return `
reseller-edge is ready.

  URL               ${baseUrl}
  API reference     ${baseUrl}/docs
  Sign in           ${baseUrl}/sign-in
  Mails sent        ${baseUrl}/dev/mail
  Demo credentials  .demo.json

Three commands to paste: get a token, create a user, list users.

${commands(baseUrl, demo).join('\n\n')}

Ctrl-C stops it.
`;
}

function commands(baseUrl: string, { credentials: { reseller }, organizationId }: Demo): readonly string[] {
  const users = `${baseUrl}/v3/resellers/${reseller.id}/users`;
  const bearer = '-H "Authorization: Bearer $TOKEN"';
  const body = JSON.stringify({ ...exampleUser, organizationId });
  return [
    `TOKEN=$(curl -s -u '${reseller.clientId}:${reseller.clientSecret}' -d grant_type=client_credentials ${baseUrl}/oauth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s -w '\\n' ${users} ${bearer} -H 'Content-Type: application/json' -d '${body}'`,
    `curl -s -w '\\n' ${users} ${bearer}`,
  ];
}

/** The API reference's example. */
const exampleUser = {
  firstName: 'string',
  lastName: 'string',
  email: 'user@example.com',
  role: 'string',
  company: 'string',
  organizationId: 'string',
  allowCustomerPortalAccess: true,
  password: 'stringst',
};
