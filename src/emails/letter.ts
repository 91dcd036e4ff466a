/** Plain text without markup, laid out as text and as HTML. */
export type Letter = {
  readonly subject: string;
  readonly preview: string;
  readonly title: string;
  readonly blocks: readonly Block[];
};

export type EmailFooter = { readonly help: string; readonly sentBy: string };

export type Block =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'label'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'button'; readonly label: string; readonly link: string; readonly copy: string }
  | { readonly kind: 'unsubscribe'; readonly reason: string; readonly label: string; readonly link: string };

export type Fact = { readonly label: string; readonly value: string };
