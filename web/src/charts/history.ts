/** Geometry of one item's history: days on x, the whole scale on y. */

/** Days since 1970 of a calendar date such as 2026-11-22. */
export const dayNumber = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);

export const dateOf = (day: number): Date => new Date(day * 86_400_000);

export interface Line {
  from: { day: number; value: number };
  to: { day: number; value: number };
}

/** The days between which the line is thought to run, for each of which the interval says how sure that is. */
export type Band = readonly { day: number; low: number; high: number }[];

/** The interval cut off at the ends of the scale: outside there is nothing to be. */
export const bandWithin = (band: Band, low: number, high: number): { day: number; range: [number, number] }[] =>
  band.map((at) => ({ day: at.day, range: [Math.min(high, Math.max(low, at.low)), Math.max(low, Math.min(high, at.high))] }));

/** About `wanted` whole days, evenly spread, the first and the last among them. */
export function dayTicks(first: number, last: number, wanted: number): number[] {
  if (last <= first) return [first];
  const steps = Math.min(wanted - 1, last - first);
  return [...new Set(Array.from({ length: steps + 1 }, (_, i) => Math.round(first + ((last - first) * i) / steps)))];
}

/** For points that share a spot: which of them each is, so that they can be drawn side by side. */
export function placesInSpot(points: readonly { day: number; value: number }[]): number[] {
  const seen = new Map<string, number>();
  return points.map(({ day, value }) => {
    const spot = `${day}/${value}`;
    const place = seen.get(spot) ?? 0;
    seen.set(spot, place + 1);
    return place;
  });
}

export type AuthorKind = "educator" | "administrator" | "student" | "family";

/** The roster's many roles as the four that a reader tells apart. */
export function authorKind(role: string): AuthorKind {
  if (role === "student") return "student";
  if (/guardian|parent|relative/i.test(role)) return "family";
  return /administrator|principal/i.test(role) ? "administrator" : "educator";
}
