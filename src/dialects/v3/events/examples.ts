import { stamps } from '../examples.ts';
import { examples as tenants } from '../resellers/examples.ts';

export const examples = {
  AuditEntry: {
    id: '01f0c3a4-0b7e-7c1d-9e2f-3a4b5c6d7e8f',
    occurredAt: stamps.createdAt,
    type: 'client.created',
    actor: 'client:01f0c3a4-0b7e-7c1d-9e2f-3a4b5c6d7e90',
    subject: '01f0c3a4-0b7e-7c1d-9e2f-3a4b5c6d7e91',
    resellerId: tenants.Reseller.id,
    requestId: 'req-1',
    address: '192.0.2.1',
    userAgent: 'curl/8.5.0',
    before: null,
    after: { name: 'Back office', scopes: ['reseller:user:read'] },
    hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
};
