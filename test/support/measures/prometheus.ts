import { METRICS_MEDIA_TYPE } from '../../../src/http/metrics/exposition.ts';
import { operator } from '../world.ts';

/** A family as the text-based format has it (prometheus.io, Exposition formats, 0.0.4). */
export type Parsed = { type: string; help: string; samples: { name: string; labels: Labels; value: number }[] };
type Labels = Readonly<Record<string, string>>;

const METRIC = /^[a-zA-Z_:][\w:]*$/;
const SAMPLE =
  /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\d+(?:\.\d+)?(?:e[+-]\d+)?)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/gy;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: [''],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count'],
};

/** Reads an exposition strictly: throws at anything that the format, or promtool's conventions, do not have. */
export function parseExposition(text: string): Map<string, Parsed> {
  const families = new Map<string, Parsed>();
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const seen = new Set<string>();
  let current: [name: string, family: Parsed] | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (!METRIC.test(name) || families.has(name)) throw new Error(`no new name: ${line}`);
      current = [name, { type: '', help: rest, samples: [] }];
      families.set(...current);
    } else if (keyword === 'TYPE') {
      if (current?.[0] !== name || SUFFIXES[rest] === undefined || current[1].type !== '')
        throw new Error(`no type: ${line}`);
      if (rest === 'counter' && !name.endsWith('_total')) throw new Error(`a counter without _total: ${line}`);
      current[1].type = rest;
    } else {
      const [, sample = '', inside = '', value] = SAMPLE.exec(line) ?? [];
      const known = (SUFFIXES[current?.[1].type ?? ''] ?? []).some((suffix) => sample === `${current?.[0]}${suffix}`);
      if (current === undefined || !known) throw new Error(`no sample: ${line}`);
      const labels = labelsIn(inside);
      const key = `${sample} ${JSON.stringify(Object.entries(labels).sort())}`;
      if (seen.has(key)) throw new Error(`twice: ${line}`);
      seen.add(key);
      current[1].samples.push({ name: sample, labels, value: Number(value) });
    }
  }
  return families;
}

function labelsIn(text: string): Labels {
  const found = [...text.matchAll(LABEL)];
  if (found.map(([whole]) => whole).join('') !== text || text.endsWith(',')) throw new Error(`no labels: ${text}`);
  const labels = Object.fromEntries(found.map(([, name, value = '']) => [name, unescaped(value)]));
  if (Object.keys(labels).length < found.length) throw new Error(`a label twice: ${text}`);
  return labels;
}

const unescaped = (value: string) => value.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));

/** The metrics as the operator reads them by now. */
export async function readMetrics() {
  const reply = await (await operator()).get('/v3/operations/metrics');
  if (reply.headers.get('Content-Type') !== METRICS_MEDIA_TYPE) throw new Error(reply.text);
  const families = parseExposition(reply.text);
  /** The sum of the samples of this name that have these labels. */
  const value = (name: string, labels: Labels = {}) => {
    const samples = [...families.values()].flatMap((family) => family.samples);
    const fits = samples.filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted),
    );
    return fits.reduce((total, sample) => total + sample.value, 0);
  };
  return { families, value };
}
