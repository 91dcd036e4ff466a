const NewStatusUpdate = {
  title: 'Uploads fail in the region eu-central',
  body: 'Since 17:40 UTC about one upload in ten fails.\n\nWe expect to be done by 20:00.',
  severity: 'incident',
};

export const examples = {
  NewStatusUpdate,
  StatusUpdate: {
    id: '01979d3e-8f2a-7c10-8d5b-2f6a1c0e9b3a',
    ...NewStatusUpdate,
    dateCreated: '2026-01-01T18:05:00.0000000Z',
    state: 'sending',
    recipients: 10_000,
    sent: 7_412,
    failed: 3,
    pending: 2_585,
  },
};
