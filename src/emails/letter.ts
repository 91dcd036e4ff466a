/** What a mail says, as plain text without markup: two writers lay it out, so that both bodies hold the same facts. */
export type Letter = {
  readonly subject: string;
  /** What mail programs show beside the subject. */
  readonly preview: string;
  readonly title: string;
  readonly blocks: readonly Block[];
};

/** What every mail ends with: `help` leads in the support address, `sentBy` says who sends it for whom. */
export type Ending = { readonly help: string; readonly sentBy: string };

export type Block =
  | { readonly kind: 'words'; readonly text: string }
  /** A small line that says what is told, and when. */
  | { readonly kind: 'label'; readonly text: string }
  /** Words of others, line for line. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  /** A button, and the bare link for those who see none; `copy` says what to do with that. */
  | { readonly kind: 'button'; readonly label: string; readonly link: string; readonly copy: string }
  /** Why the reader gets this, and the link that ends it. */
  | { readonly kind: 'unsubscribe'; readonly reason: string; readonly label: string; readonly link: string };

export type Fact = { readonly label: string; readonly value: string };
