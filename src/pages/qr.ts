import { encode } from 'uqr';
import { QR_MODULE_PX, QR_QUIET_MODULES } from '../model/limits/index.ts';

/**
 * ISO/IEC 18004. Dark on white in every colour scheme; hidden from screen readers, because the page repeats it as
 * text.
 */
export function qrSvg(text: string): string {
  const { size, data } = encode(text, { ecc: 'M', boostEcc: true, border: QR_QUIET_MODULES });
  const px = size * QR_MODULE_PX;
  // The style sheet gives every SVG a stroke and no fill.
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${px}" height="${px}" shape-rendering="crispEdges" aria-hidden="true">
<path fill="#fff" stroke="none" d="M0 0h${size}v${size}H0z"/>
<path fill="#000" stroke="none" d="${data.flatMap(runsOf).join('')}"/>
</svg>`;
}

/** One rectangle per run of dark modules. */
function runsOf(row: readonly boolean[], y: number): readonly string[] {
  const modules = row.map((dark) => (dark ? '1' : '0')).join('');
  return [...modules.matchAll(/1+/g)].map(({ index, 0: { length } }) => `M${index} ${y}h${length}v1h-${length}z`);
}
