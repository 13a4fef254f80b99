import type { HistoryScale } from "../charts/HistoryGraph.tsx";

export interface Level {
  code: number;
  label: string;
  short: string;
  colour: string;
}

export interface LevelScale {
  kind: "levels";
  title: string;
  levels: Level[];
}

export interface PointsScale {
  kind: "points";
  title: string;
  minimum: number;
  maximum: number;
}

export type Scale = LevelScale | PointsScale;

export const levelOf = (scale: Scale | null, code: number): Level | null => (scale?.kind === "levels" ? (scale.levels.find((level) => level.code === code) ?? null) : null);

/** The whole scale as a chart's y axis: levels by their rank, lowest first, points as they are. */
export function axisOf(scale: Scale): HistoryScale {
  if (scale.kind === "levels") {
    return { low: -0.5, high: scale.levels.length - 0.5, ticks: scale.levels.map((level, rank) => ({ value: rank, label: level.short })) };
  }
  const { minimum, maximum } = scale;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round((minimum + share * (maximum - minimum)) * 100) / 100);
  return { low: minimum, high: maximum, ticks: ticks.map((value) => ({ value, label: String(value) })) };
}

/** Where a value stands on that axis; null when the scale no longer has it. */
export function heightOf(scale: Scale, value: number): number | null {
  if (scale.kind === "points") return value;
  const rank = scale.levels.findIndex((level) => level.code === value);
  return rank < 0 ? null : rank;
}

/** Colours for new levels, ordered from needing help to doing well. Each passes 3:1 on both surfaces after adjustment. */
export const LEVEL_COLOURS = ["#c0392b", "#d9822b", "#c9a400", "#3f8f4f", "#1f6fb2", "#6b4fa0"] as const;
