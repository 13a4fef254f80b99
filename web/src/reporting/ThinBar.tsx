import { Skeleton } from "@mantine/core";
import { useIntl } from "react-intl";
import { StatusBar } from "../charts/StatusBar.tsx";
import { useText } from "../i18n/text.tsx";
import { answeredOf, segmentsOf } from "./bars.ts";
import type { Bar } from "./queries.ts";

/** A template's overall status at a glance, in a row of a list. Points show their mean: they are never forced into levels. */
export function ThinBar({ name, bar, pending }: { name: string; bar: Bar | undefined; pending: boolean }) {
  const text = useText();
  const intl = useIntl();
  if (!bar) return pending ? <Skeleton height={12} /> : <span aria-label={text("chart.not-counted")}>–</span>;
  if (bar.kind === "levels") return <StatusBar thin name={name} segments={segmentsOf(bar, text("status.none"))} />;
  return (
    <>
      <StatusBar thin name={name} segments={answeredOf(bar, text("chart.answered"), text("status.none"))} />
      {bar.kind === "points" && bar.mean !== null && <small>{text("chart.mean", { mean: intl.formatNumber(bar.mean, { maximumFractionDigits: 1 }) })}</small>}
    </>
  );
}
