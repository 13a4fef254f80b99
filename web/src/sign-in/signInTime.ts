export interface Session {
  accessToken: string;
  refreshToken: string | null;
  idToken: string | null;
  /** Milliseconds since 1970. */
  expires: number;
  /** The provider's name for the person. */
  subject: string;
  name: string | null;
}

/** A request may be under way for a while: a token with less time left than this counts as ended. */
const MARGIN = 30_000;

export function signInTime(session: Session | null, now: number): "current" | "renew" | "ended" {
  if (!session) return "ended";
  if (session.expires - MARGIN > now) return "current";
  return session.refreshToken ? "renew" : "ended";
}
