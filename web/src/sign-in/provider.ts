import * as oauth from "oauth4webapi";

interface Settings {
  /** An address, or a path on this application's own origin. */
  issuer: string;
  clientId: string;
}

// eslint-disable-next-line @typescript-eslint/no-deprecated -- the library marks it so that nobody uses it elsewhere
const SAME_MACHINE = { [oauth.allowInsecureRequests]: true } as const;

export interface Provider {
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  http: typeof SAME_MACHINE | undefined;
}

/** An installation names its sign-in provider in `/config.json`; the file that is built in names the development issuer. */
async function settings(): Promise<Settings> {
  const response = await fetch("/config.json", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`/config.json answers ${response.status}.`);
  return (await response.json()) as Settings;
}

async function discover(): Promise<Provider> {
  const { issuer, clientId } = await settings();
  const address = new URL(issuer, location.origin);
  // A provider on another machine must answer over TLS; only this machine's own may not.
  const http = address.protocol === "http:" && address.hostname === location.hostname ? SAME_MACHINE : undefined;
  const response = await oauth.discoveryRequest(address, { ...http });
  // One machine may be called localhost and 127.0.0.1: what our own origin says about itself is true under either name.
  const expected = address.origin === location.origin ? new URL(((await response.clone().json()) as oauth.AuthorizationServer).issuer) : address;
  return { server: await oauth.processDiscoveryResponse(expected, response), client: { client_id: clientId }, http };
}

let known: Promise<Provider> | undefined;

/** The sign-in provider, asked for once; asked again after a failure. */
export function provider(): Promise<Provider> {
  known ??= discover().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}
