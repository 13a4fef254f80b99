import { Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import { NavigationType, useLocation, useNavigationType } from "react-router";
import { useText } from "../i18n/text.tsx";

/** State of a navigation that leaves the person where they are: only the address becomes another. */
export const STAYING = { staying: true } as const;

/** The page's heading. A move to another page puts the focus here, so that a screen reader says where one is; a changed filter does not. */
export function PageTitle({ children }: { children: string }) {
  const text = useText();
  const { pathname, state } = useLocation() as { pathname: string; state: Partial<typeof STAYING> | null };
  const moved = useNavigationType() !== NavigationType.Pop && !state?.staying;
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    document.title = text("app.page-title", { page: children });
  }, [children, text]);

  useEffect(() => {
    if (moved) heading.current?.focus({ preventScroll: false });
    // Only a change of the page moves the focus.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [pathname]);

  return (
    <Title order={1} ref={heading} tabIndex={-1} style={{ outline: "none", overflowWrap: "anywhere" }}>
      {children}
    </Title>
  );
}
