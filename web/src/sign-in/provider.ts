import * as oauth from "oauth4webapi";

interface Settings {
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

/** An installation names its sign-in provider in `/config.json`; one that says nothing has the development issuer at `/issuer`. */
async function settings(): Promise<Settings> {
  const standard = { issuer: new URL("/issuer", location.origin).href, clientId: "waymark-web" };
  const response = await fetch("/config.json", { headers: { Accept: "application/json" } });
  if (!response.ok || !response.headers.get("content-type")?.includes("json")) return standard;
  const named = (await response.json()) as Partial<Settings>;
  return { issuer: named.issuer ? new URL(named.issuer, location.origin).href : standard.issuer, clientId: named.clientId ?? standard.clientId };
}

async function discover(): Promise<Provider> {
  const { issuer, clientId } = await settings();
  const address = new URL(issuer);
  // A provider on another machine must answer over TLS; only this machine's own may not.
  const http = address.protocol === "http:" && address.hostname === location.hostname ? SAME_MACHINE : undefined;
  const response = await oauth.discoveryRequest(address, http);
  return { server: await oauth.processDiscoveryResponse(address, response), client: { client_id: clientId }, http };
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
