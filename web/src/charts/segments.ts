/** One part of a status distribution, in scale order; the last is those not yet updated. */
export interface Segment {
  /** The level's code, or "none" for not yet updated. */
  key: string;
  label: string;
  count: number;
  /** Of the whole, as it was counted: the percentages of a bar add up to 100. */
  percent: number;
  /** As the scale chose it; null for not yet updated. */
  colour: string | null;
}

/** How a share is written. */
export const SHARE = { style: "percent", maximumFractionDigits: 1 } as const;

export const totalOf = (segments: readonly Segment[]): number => segments.reduce((sum, segment) => sum + segment.count, 0);

/** The segment that says most about the distribution: the largest among the levels, or "not yet updated" when nobody has one. */
export function largest(segments: readonly Segment[]): Segment | null {
  const levels = segments.filter((segment) => segment.colour !== null && segment.count > 0);
  const pool = levels.length ? levels : segments.filter((segment) => segment.count > 0);
  return pool.reduce<Segment | null>((best, segment) => (best && best.count >= segment.count ? best : segment), null);
}
