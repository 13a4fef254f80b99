/** What the reporting service counts, as the charts take it. */
import type { Segment } from "../charts/segments.ts";
import type { Bar, LevelsBar } from "./queries.ts";

/** Not yet updated has no level code; this is its name in addresses and questions. */
export const NOT_YET = "not-yet";

export function segmentsOf(bar: LevelsBar, notYet: string): Segment[] {
  return [
    ...bar.segments.map((segment) => ({ key: String(segment.code), label: segment.label, count: segment.count, percent: segment.percent, colour: segment.colour })),
    { key: NOT_YET, label: notYet, count: bar.not_yet.count, percent: bar.not_yet.percent, colour: null },
  ];
}

/** Items that are not judged by levels, as a bar of those who have an answer and those who have none yet. */
export function answeredOf(bar: Exclude<Bar, LevelsBar>, answered: string, notYet: string): Segment[] {
  const total = bar.answered + bar.not_yet;
  const percent = (count: number) => (total ? (100 * count) / total : 0);
  return [
    { key: "answered", label: answered, count: bar.answered, percent: percent(bar.answered), colour: "#177986" },
    { key: NOT_YET, label: notYet, count: bar.not_yet, percent: percent(bar.not_yet), colour: null },
  ];
}
