const SVG = 'http://www.w3.org/2000/svg';

export function tick() {
  return icon('M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', 'M7.5 12.5l3 3 6-7');
}

export function eye() {
  return icon(
    'M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
    'M4 20L20 4',
  );
}

export function envelope() {
  return icon('M3 6h18v13H3z', 'M3 7l9 7 9-7');
}

function icon(shape, mark) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  for (const [name, path] of Object.entries({ shape, mark })) {
    const node = document.createElementNS(SVG, 'path');
    node.setAttribute('d', path);
    node.setAttribute('class', name);
    svg.append(node);
  }
  return svg;
}
