import { useIntl } from "react-intl";
import { Text } from "../i18n/text.tsx";
import classes from "./charts.module.css";

/** How new the facts in a figure are; with the day when that is not today. */
export function FactsUpTo({ at }: { at: string | null }) {
  const intl = useIntl();
  if (!at) return null;
  const when = new Date(at);
  const time = intl.formatTime(when, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const today = when.toDateString() === new Date().toDateString();
  return (
    <span className={classes["upTo"]}>
      <Text id="chart.facts-up-to" values={{ when: today ? time : `${intl.formatDate(when, { day: "numeric", month: "short" })} ${time}` }} />
    </span>
  );
}
