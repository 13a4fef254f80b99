/** Who is signed in here, and for how long. The protocol itself is in flow.ts, which is loaded when it is needed. */
import { signInTime, type Session } from "./signInTime.ts";

const SESSION = "waymark.session";

/** The one place the provider sends people back to; registered there. */
export const CALLBACK = "/signed-in";

function kept(): Session | null {
  const text = sessionStorage.getItem(SESSION);
  return text ? (JSON.parse(text) as Session) : null;
}

let session = kept();
let renewing: Promise<Session | null> | undefined;

export const currentSession = (): Session | null => session;

export function keepSession(next: Session | null): void {
  session = next;
  if (next) sessionStorage.setItem(SESSION, JSON.stringify(next));
  else sessionStorage.removeItem(SESSION);
}

async function renewed(refreshToken: string): Promise<Session | null> {
  try {
    const { renew } = await import("./flow.ts");
    return await renew(refreshToken);
  } catch {
    keepSession(null);
    return null;
  }
}

/** The token for the next request, renewed in silence when it is about to end; null when the person must sign in. */
export async function accessToken(): Promise<string | null> {
  switch (signInTime(session, Date.now())) {
    case "current":
      return session?.accessToken ?? null;
    case "renew":
      renewing ??= renewed(session?.refreshToken ?? "").finally(() => (renewing = undefined));
      return (await renewing)?.accessToken ?? null;
    case "ended":
      return null;
  }
}

export const signedIn = (): boolean => signInTime(session, Date.now()) !== "ended";

/** A service refused the token: the next request tries a new one, or the person signs in again. */
export function tokenRefused(): void {
  keepSession(session?.refreshToken ? { ...session, expires: 0 } : null);
}

export const personName = (): string | null => session?.name ?? null;

/** Whose drafts are whose on a shared computer. */
export const draftOwner = (): string => session?.subject ?? "";

/** Leaves the page for the provider's, which comes back to `returnTo`. */
export const signIn = async (returnTo: string): Promise<void> => (await import("./flow.ts")).signIn(returnTo);

/** Turns the provider's answer in the address into a session. Returns the page that was asked for before. */
export const finishSignIn = async (address: URL): Promise<string> => (await import("./flow.ts")).finishSignIn(address);

/** Ends the session here and, where the provider can, there. */
export const signOut = async (): Promise<void> => (await import("./flow.ts")).signOut();
