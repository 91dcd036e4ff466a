import { LIST_EXAMINED_ROWS } from '../../model/limits/index.ts';

export const parameters: Readonly<Record<string, string>> = {
  accountId: 'The id of the account.',
  userId: 'The id of the user.',
  clientId: 'The id of the API client.',
  statusUpdateId: 'The id of the status update.',
  storageAccountId: 'The id of the storage account.',
  key: 'The key of the object: all the rest of the path, slashes included.',
  pageIndex: `Which page, from 0; where \`after\` is given, that decides. Pages beyond the first ${LIST_EXAMINED_ROWS} rows return 400; use \`after\` instead.`,
  pageSize: 'How many there are on a page.',
  prefix: 'Only objects whose keys begin with this.',
  purge: 'Whether the objects in it may be deleted, too.',
};
