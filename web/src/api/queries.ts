import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem.ts";

const worthRetrying = (error: Error) => !(error instanceof Problem) || error.status >= 500 || error.status === 429;

export const queries = new QueryClient({
  defaultOptions: {
    // Being offline is told, not waited for in silence.
    queries: { networkMode: "always", staleTime: 15_000, retry: (count, error) => count < 2 && worthRetrying(error) },
    // A write is sent again with the same Idempotency-Key, so that an answer lost on the way does not double it.
    mutations: { retry: (count, error) => count < 2 && !(error instanceof Problem), networkMode: "always" },
  },
});
