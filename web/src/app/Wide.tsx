import type { ReactNode } from "react";
import classes from "./Wide.module.css";

/** What may be wider than the page scrolls in its own frame, by keyboard too. */
export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    // A scrolling region must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes["wide"]} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
