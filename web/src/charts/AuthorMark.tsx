import classes from "./charts.module.css";
import type { AuthorKind } from "./history.ts";
import { useMarks } from "./marks.ts";

const COLOUR: Record<AuthorKind, string> = { educator: "#0f5f6b", administrator: "#6b4fa0", student: "#b35309", family: "#a3195b" };
const OUTLINE: Record<AuthorKind, string> = {
  educator: "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0",
  administrator: "M-5 -5H5V5H-5Z",
  student: "M0 -6.5L6 5H-6Z",
  family: "M0 -7L7 0L0 7L-7 0Z",
};

/** A dot whose shape and colour say who wrote it. */
export function AuthorMark({ kind }: { kind: AuthorKind }) {
  const { fill } = useMarks().mark(COLOUR[kind]);
  return (
    <>
      <circle className={classes["halo"]} r={10} fill="transparent" />
      <path d={OUTLINE[kind]} fill={fill} stroke="var(--mantine-color-body)" strokeWidth={1.5} />
    </>
  );
}
