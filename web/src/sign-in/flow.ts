/** OpenID Connect: code flow with PKCE, refresh, and the way out. */
import * as oauth from "oauth4webapi";
import { provider } from "./provider.ts";
import { CALLBACK, currentSession, keepSession } from "./session.ts";
import type { Session } from "./signInTime.ts";

const ASKED = "waymark.sign-in";

interface Asked {
  verifier: string;
  state: string;
  nonce: string;
  returnTo: string;
}

const callback = () => new URL(CALLBACK, location.origin).href;

function keep(tokens: oauth.TokenEndpointResponse): Session {
  const before = currentSession();
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const session: Session = {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? before?.refreshToken ?? null,
    idToken: tokens.id_token ?? before?.idToken ?? null,
    expires: Date.now() + (tokens.expires_in ?? 300) * 1000,
    subject: claims?.sub ?? before?.subject ?? "",
    name: typeof claims?.["name"] === "string" ? claims["name"] : (before?.name ?? null),
  };
  keepSession(session);
  return session;
}

export async function signIn(returnTo: string): Promise<void> {
  const { server, client } = await provider();
  if (!server.authorization_endpoint) throw new Error("The sign-in provider names no authorization_endpoint.");
  const asked: Asked = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), returnTo };
  sessionStorage.setItem(ASKED, JSON.stringify(asked));
  const address = new URL(server.authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: callback(),
    response_type: "code",
    scope: ["openid", ...["profile", "offline_access"].filter((scope) => server.scopes_supported?.includes(scope))].join(" "),
    code_challenge: await oauth.calculatePKCECodeChallenge(asked.verifier),
    code_challenge_method: "S256",
    state: asked.state,
    nonce: asked.nonce,
  }).toString();
  location.assign(address);
}

export async function finishSignIn(address: URL): Promise<string> {
  const text = sessionStorage.getItem(ASKED);
  if (!text) throw new Error("This page was opened without a sign-in that it could finish.");
  const asked = JSON.parse(text) as Asked;
  sessionStorage.removeItem(ASKED);
  const { server, client, http } = await provider();
  const answer = oauth.validateAuthResponse(server, client, address, asked.state);
  const response = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), answer, callback(), asked.verifier, http);
  keep(await oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: asked.nonce, requireIdToken: true }));
  return asked.returnTo;
}

export async function renew(refreshToken: string): Promise<Session> {
  const { server, client, http } = await provider();
  const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, http);
  return keep(await oauth.processRefreshTokenResponse(server, client, response));
}

export async function signOut(): Promise<void> {
  const idToken = currentSession()?.idToken;
  keepSession(null);
  const { server, client } = await provider();
  if (!server.end_session_endpoint) {
    location.assign("/");
    return;
  }
  const address = new URL(server.end_session_endpoint);
  address.search = new URLSearchParams({ client_id: client.client_id, post_logout_redirect_uri: new URL("/", location.origin).href, ...(idToken && { id_token_hint: idToken }) }).toString();
  location.assign(address);
}
