// Somebody who writes from elsewhere: hands in comments over the same protocol as the app, for tests whose subject is
// what others see of them.
import { randomUUID } from 'node:crypto';
import type { TestServer } from './server.ts';

export interface Comment {
  text: string;
  stance?: 'agree' | 'partial' | 'disagree';
  /** Minutes asked for. */
  floor?: number;
  anchor?: { about: 'congress' } | { about: 'item'; item: string } | { about: 'document'; document: string; version: number };
}

export class Pen {
  readonly #client = randomUUID();
  #seq = 0;

  private constructor(private readonly api: string, private readonly cookie: string) {}

  static async of(server: TestServer, person: string): Promise<Pen> {
    const link = await server.enrol(person);
    const answer = await post(`${server.url}/api/v1/enrolments`, {
      code: link.slice(link.indexOf('#') + 1),
      device_id: randomUUID(),
      label: 'e2e',
    });
    const { api } = (await answer.json()) as { api: string };
    const cookie = answer.headers.getSetCookie().map(cookie => cookie.split(';')[0]).join('; ');
    return new Pen(server.url + api, cookie);
  }

  async submit(...comments: Comment[]): Promise<void> {
    const commands = comments.map(({ text, stance = 'agree', floor, anchor = { about: 'congress' } }) => ({
      seq: ++this.#seq,
      command_id: randomUUID(),
      kind: 'comment.submit',
      v: 1,
      created_at: Date.now(),
      payload: { id: randomUUID(), anchor, stance, text, ...(floor ? { floor_minutes: floor } : {}) },
    }));
    const body = { protocol: 1, client_id: this.#client, commands };
    const answer = await post(`${this.api}/sync/push`, body, { cookie: this.cookie });
    const { receipts } = (await answer.json()) as { receipts: { status: string }[] };
    const refused = receipts.filter(receipt => receipt.status !== 'accepted');
    if (receipts.length !== comments.length || refused.length) throw new Error(JSON.stringify(receipts));
  }
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-delegate-app': '1', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
