import { time } from '../examples.ts';

const NewClient = {
  name: 'Billing',
  scopes: ['reseller:user:read'],
  redirectUris: ['https://billing.example.com/callback'],
};
const Client = { id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b36', ...NewClient, dateCreated: time };
const secret = 'x9w0v1u2t3s4r5q6p7o8n9m0l1k2j3i4h5g6f7e8d9c';

export const examples = {
  updateClient: [
    { op: 'replace', path: '/name', value: 'Accounting' },
    { op: 'add', path: '/redirectUris/-', value: 'com.example.billing:/callback' },
  ],
  NewClient,
  Client,
  ClientWithSecret: { ...Client, secret, apiKey: `${Client.id}.${secret}` },
};
