/** Where the parts of a chart stand: pure geometry, in pixels, from the start edge (which the browser mirrors for right-to-left). */

export interface Span {
  start: number;
  size: number;
}

/** A share too small to see is still a student: each part that is not empty gets at least this much. */
const LEAST = 5;
const GAP = 2;

/** Parts of a bar in proportion to their counts, side by side with a gap; an empty part has size 0 and takes no gap. */
export function barSpans(counts: readonly number[], width: number): Span[] {
  const filled = counts.filter((count) => count > 0);
  const room = Math.max(0, width - GAP * Math.max(0, filled.length - 1));
  const total = filled.reduce((sum, count) => sum + count, 0);
  const least = filled.length ? Math.min(LEAST, room / filled.length) : 0;
  const small = filled.filter((count) => (count / total) * room < least);
  // What the small ones got too much is taken from the large ones in proportion to what they have above the least.
  const given = small.reduce((sum, count) => sum + least - (count / total) * room, 0);
  const above = filled.filter((count) => (count / total) * room >= least).reduce((sum, count) => sum + (count / total) * room - least, 0);
  let start = 0;
  return counts.map((count) => {
    if (count <= 0) return { start, size: 0 };
    const fair = (count / total) * room;
    const size = fair < least ? least : fair - (above ? (given * (fair - least)) / above : 0);
    const span = { start, size };
    start += size + GAP;
    return span;
  });
}

/** Rough width of a line of 12 px text; wide scripts take a whole em a letter. */
export const textWidth = (text: string): number => [...text].reduce((sum, letter) => sum + (/[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]/.test(letter) ? 12.5 : /\p{M}/u.test(letter) ? 0 : 7.2), 0);

/** The fullest of the texts that fits, or none. */
export const fittingLabel = (texts: readonly string[], size: number): string | null => texts.find((text) => textWidth(text) + 14 <= size) ?? null;

/** The index that an arrow key leads to inside one tab stop; null for every other key. */
export function arrowTo(key: string, at: number, count: number, rightToLeft: boolean): number | null {
  const forward = rightToLeft ? "ArrowLeft" : "ArrowRight";
  const back = rightToLeft ? "ArrowRight" : "ArrowLeft";
  switch (key) {
    case forward:
    case "ArrowDown":
      return Math.min(count - 1, at + 1);
    case back:
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** Heights of histogram columns as shares of the tallest. */
export function columnShares(counts: readonly number[]): number[] {
  const tallest = Math.max(1, ...counts);
  return counts.map((count) => count / tallest);
}

/** How far along `[low, high]` a value stands, 0 to 1. */
export const along = (value: number, low: number, high: number): number => (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5);
