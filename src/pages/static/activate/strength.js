/** Common words, long enough not to occur by chance. */
const COMMON = /pass(?:wor[dt]|e)|passwort|kennwort|contrase|motdepasse|qwert[yz]|azerty|asdf|welcome|admin|letmein/g;

/** Bits from which a password is fair, good and strong. */
const STEPS_BITS = [45, 65, 85];

/**
 * A rough guide, not a rule: from 0 (none) to 4 (strong), and its weakness: `Personal`, `Pattern` or null. Counts
 * bits by length and variety; predictable characters add none.
 */
export function estimate(password, personal) {
  if (password === '') return { level: 0, weakness: null };
  const lower = password.toLowerCase();
  const unpersonal = personal
    .filter((word) => word.length > 2)
    .reduce((text, word) => text.replaceAll(word, '\0'), lower);
  const rest = unpersonal.replace(COMMON, '\0');
  const distinct = new Set(rest).size;
  const fresh = Math.min(countUnforeseen(rest), distinct * 1.5);
  const bits = fresh * Math.log2(alphabetSize(password));
  const level = 1 + STEPS_BITS.filter((step) => bits >= step).length;
  const regular = level < 3 && fresh < 0.7 * [...password].length;
  return { level, weakness: unpersonal !== lower ? 'Personal' : regular ? 'Pattern' : null };
}

/** The parts of the name, and of the address before the @. */
export function personalWords(name, email) {
  return `${name ?? ''} ${email.replace(/@[^@]*$/, '')}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
}

/** Skips characters that repeat or continue a sequence such as abc or 321. */
function countUnforeseen(text) {
  const codes = [...text].map((character) => character.codePointAt(0));
  const steps = codes.map((code, index) => (index === 0 ? Number.NaN : code - codes[index - 1]));
  return steps.filter((step, index) => !(step === 0 || (Math.abs(step) === 1 && step === steps[index - 1]))).length;
}

function alphabetSize(password) {
  const kinds = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[ -/:-@[-`{-~]/, 33],
    [/[^ -~]/, 100],
  ];
  return kinds.reduce((size, [kind, count]) => size + (kind.test(password) ? count : 0), 0);
}
