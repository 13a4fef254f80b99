import { useCallback, type ReactNode } from "react";
import { FormattedMessage, useIntl } from "react-intl";
import type en from "./en.json";

export type MessageId = keyof typeof en;
type Values = Record<string, string | number | Date>;

/** The catalogue's text for attributes and for sentences built outside JSX. */
export function useText(): (id: MessageId, values?: Values) => string {
  const intl = useIntl();
  return useCallback((id, values) => intl.formatMessage({ id }, values), [intl]);
}

/** The catalogue's text as an element; `values` may hold elements. */
export function Text({ id, values }: { id: MessageId; values?: Record<string, ReactNode> }) {
  return <FormattedMessage id={id} {...(values && { values })} />;
}
