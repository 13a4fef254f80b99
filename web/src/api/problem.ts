/** A service's refusal: RFC 9457 problem+json with a stable code, and a place, reason and what is allowed for each fault. */

export interface Fault {
  /** JSON pointer into the body, or `query:x`, `header:y`. */
  place: string;
  code: string;
  message: string;
  /** What would have been accepted, where that can be listed. */
  allowed: unknown;
}

const fields = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {});

const words = (of: Record<string, unknown>, key: string): string => {
  const value = of[key];
  return typeof value === "string" ? value : "";
};

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** The request's id, under which the service has logged it. */
  readonly request: string;
  readonly faults: readonly Fault[];

  constructor(status: number, body: unknown) {
    const said = fields(body);
    super(words(said, "detail") || words(said, "title") || `HTTP ${status}`);
    this.status = status;
    this.code = words(said, "code") || `http-${status}`;
    this.title = words(said, "title");
    this.detail = words(said, "detail");
    this.request = words(said, "instance");
    const faults: unknown[] = Array.isArray(said["errors"]) ? said["errors"] : [];
    this.faults = faults.map(fields).map((fault) => ({ place: words(fault, "pointer"), code: words(fault, "code"), message: words(fault, "message"), allowed: fault["allowed"] }));
  }
}
