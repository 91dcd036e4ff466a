import { time } from '../examples.ts';

const NewStorageAccount = { name: 'Backups', jurisdiction: 'eu', quotaBytes: 1_099_511_627_776 };

export const examples = {
  NewStorageAccount,
  updateStorageAccount: [{ op: 'replace', path: '/quotaBytes', value: 2_199_023_255_552 }],
  StorageAccount: {
    id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b37',
    ...NewStorageAccount,
    usedBytes: 10_485_760,
    objectCount: 3,
    dateCreated: time,
    purge: null,
  },
  StoredObject: {
    key: 'reports/2026/january.pdf',
    sizeBytes: 5_242_880,
    etag: '"b1946ac92492d2347c6235b4d2611184"',
    contentType: 'application/pdf',
    lastModified: time,
  },
};
