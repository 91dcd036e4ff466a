import type { DisplayBranding } from '../html/display-branding.ts';
import type { Block, EmailFooter, Letter } from './letter.ts';

export function textOf(
  { title, blocks }: Letter,
  { product, supportEmail }: DisplayBranding,
  { help, sentBy }: EmailFooter,
): string {
  const footer = supportEmail === null ? [product, sentBy] : [product, `${help}${supportEmail}`, sentBy];
  return `${[title, ...blocks.map(blockText), '—', footer.join('\n')].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'words':
    case 'label':
      return block.text;
    case 'lines':
      return block.lines.join('\n');
    case 'facts':
      return block.facts.map(({ label, value }) => `${label}\n  ${value}`).join('\n');
    case 'button':
      return `${block.label}\n${block.link}`;
    case 'unsubscribe':
      return `${block.reason}\n${block.label}\n${block.link}`;
  }
}
