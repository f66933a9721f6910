// What the app asks the server by itself, for tests that have no app at hand.
import type { TestServer } from './server.ts';

/** How a device introduces itself with an invitation. */
export interface Introduction {
  code: string;
  device_id: string;
  label: string;
}

/** A device that the server knows: where it asks, and what proves that it is this one. */
export interface Admission {
  api: string;
  /** As `Set-Cookie` says it. */
  cookies: string[];
}

export async function introduce(server: TestServer, introduction: Introduction): Promise<Admission> {
  const answer = await post(`${server.url}/api/v1/enrolments`, introduction);
  const { api } = (await answer.json()) as { api: string };
  return { api: server.url + api, cookies: answer.headers.getSetCookie() };
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-delegate-app': '1', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
