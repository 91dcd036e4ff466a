import fc from 'fast-check';

const PLACES = 16;
const STAND_IN = /ffffffff-ffff-7([0-9a-f]{3})-8000-0000000000([0-9a-f]{2})/g;

/** What answers have told so far, by the name of what it is: ids, tokens, tags, cursors. */
export type Memory = Map<string, string[]>;

/**
 * Requests are drawn before anything is there that they could be about. So they hold UUIDs that stand for the n-th thing
 * of a name, which take every schema that asks for an id, and are replaced right before the request is sent.
 */
export class StandIns {
  readonly #names: string[] = [];

  of(name: string): fc.Arbitrary<string> {
    if (!this.#names.includes(name)) this.#names.push(name);
    const hex = this.#names.indexOf(name).toString(16).padStart(3, '0');
    return fc
      .nat(PLACES - 1)
      .map((place) => `ffffffff-ffff-7${hex}-8000-0000000000${place.toString(16).padStart(2, '0')}`);
  }

  /** The text with what is remembered in the place of each; one of which nothing is known stays, and leads nowhere. */
  fill(text: string, memory: Memory): string {
    return text.replace(STAND_IN, (whole, name: string, place: string) => {
      const known = memory.get(this.#names[Number.parseInt(name, 16)] ?? '') ?? [];
      return known[Number.parseInt(place, 16) % known.length] ?? whole;
    });
  }
}

/** Remembers the newest things of a name, as many as stand-ins can tell apart. */
export function remember(memory: Memory, name: string, value: string | null | undefined): void {
  if (!value) return;
  const known = (memory.get(name) ?? []).filter((one) => one !== value);
  memory.set(name, [...known, value].slice(-PLACES));
}
