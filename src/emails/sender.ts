import { oneLine } from '../html/clean-text.ts';
import { foldCase } from '../model/fields.ts';
import type { Branding } from '../model/resellers/branding.ts';

/** Names the operator, so that no tenant can pose as another sender. */
export function senderNameFor({ senderName }: Pick<Branding, 'senderName'>, operator: string): string {
  const [name, via] = [oneLine(senderName), oneLine(operator)];
  return name === '' || foldCase(name) === foldCase(via) ? via : `${name} via ${via}`;
}
