/** What a mail says, as plain text without markup: two writers lay it out, so that both bodies hold the same facts. */
export type Letter = {
  readonly subject: string;
  /** What mail programs show beside the subject. */
  readonly preview: string;
  readonly title: string;
  readonly blocks: readonly Block[];
};

export type Block =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  /** A button, and the bare link for those who see none; `copy` says what to do with that. */
  | { readonly kind: 'button'; readonly label: string; readonly link: string; readonly copy: string };

export type Fact = { readonly label: string; readonly value: string };
