import { useCallback } from "react";
import { useIntl } from "react-intl";
import { Problem } from "../api/problem.ts";
import { useText, type MessageId } from "../i18n/text.tsx";

/** A problem in the reader's language: by its stable code where the catalogue knows it, else in the service's own words. */
export function useProblemText(): (error: unknown) => string {
  const text = useText();
  const intl = useIntl();
  return useCallback(
    (error) => {
      if (!(error instanceof Problem)) return text(navigator.onLine ? "problem.unreachable" : "problem.offline");
      const id = `problem.${error.code}`;
      return id in intl.messages ? text(id as MessageId) : error.detail || error.title;
    },
    [intl, text],
  );
}
