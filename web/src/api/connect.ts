/** The generated client, wired once: the token on every request, positions from every write, refusals as `Problem`. */
import { client } from "../client/client.gen.ts";
import { accessToken, signIn, tokenRefused } from "../sign-in/session.ts";
import { setParked } from "./parked.ts";
import { noteWrite } from "./positions.ts";
import { Problem } from "./problem.ts";

/** Leaves for the sign-in page; the promise never settles, because the page goes away. */
async function leave(): Promise<never> {
  await signIn(location.pathname + location.search);
  return new Promise<never>(() => undefined);
}

async function withToken(request: Request): Promise<Response> {
  const token = (await accessToken()) ?? (await leave());
  const signed = new Request(request);
  signed.headers.set("Authorization", `Bearer ${token}`);
  return fetch(signed);
}

/** A refused token is renewed once; when that is not possible, the person signs in again and comes back here. */
async function signedFetch(request: Request): Promise<Response> {
  const response = await withToken(request.clone());
  if (response.status !== 401) return response;
  tokenRefused();
  return withToken(request);
}

client.setConfig({ baseUrl: "", fetch: signedFetch as typeof fetch, throwOnError: true });

client.interceptors.response.use((response) => {
  const position = response.headers.get("Waymark-Position");
  noteWrite(position, Date.now());
  if (position) setParked(false);
  if (response.headers.has("Waymark-Parked")) setParked(true);
  return response;
});

client.interceptors.error.use((error, response) => (response ? new Problem(response.status, error) : error));
