import { useCallback } from "react";
import { useIntl } from "react-intl";
import { Problem, type Fault } from "../api/problem.ts";
import { useText, type MessageId } from "../i18n/text.tsx";

/** What is wrong at one place, in the reader's language where the catalogue knows its code. */
export function useFaultText(): (fault: Fault) => string {
  const text = useText();
  const intl = useIntl();
  return useCallback(
    (fault) => {
      const id = `fault.${fault.code}`;
      const allowed = typeof fault.allowed === "number" || typeof fault.allowed === "string" ? fault.allowed : "";
      return id in intl.messages ? text(id as MessageId, { allowed }) : fault.message;
    },
    [intl, text],
  );
}

/** What is wrong at a place of what was sent, for the field that holds it. */
export function useErrorAt(error: unknown): (pointer: string) => string | undefined {
  const faultText = useFaultText();
  return (pointer) => {
    const fault = error instanceof Problem ? error.faults.find(({ place }) => place === pointer) : undefined;
    return fault && faultText(fault);
  };
}

/** A problem in the reader's language: by its stable code where the catalogue knows it, else in the service's own words. */
export function useProblemText(): (error: unknown) => string {
  const text = useText();
  const intl = useIntl();
  return useCallback(
    (error) => {
      if (!(error instanceof Problem)) return text(navigator.onLine ? "problem.unreachable" : "problem.offline");
      const id = `problem.${error.code}`;
      return id in intl.messages ? text(id as MessageId, { request: error.request }) : error.detail || error.title;
    },
    [intl, text],
  );
}
