/** What the reporting service counts, as the charts take it. */
import type { Segment } from "../charts/segments.ts";
import type { LevelsBar } from "./queries.ts";

/** Not yet updated has no level code; this is its name in addresses and questions. */
export const NOT_YET = "not-yet";

export function segmentsOf(bar: LevelsBar, notYet: string): Segment[] {
  return [
    ...bar.segments.map((segment) => ({ key: String(segment.code), label: segment.label, count: segment.count, colour: segment.colour })),
    { key: NOT_YET, label: notYet, count: bar.not_yet.count, colour: null },
  ];
}
