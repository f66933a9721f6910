// Somebody who writes from elsewhere: hands in comments over the same protocol as the app, for tests whose subject is
// what others see of them.
import { randomUUID } from 'node:crypto';
import { introduce, post } from './api.ts';
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
    const code = link.slice(link.indexOf('#') + 1);
    const { api, cookies } = await introduce(server, { code, device_id: randomUUID(), label: 'e2e' });
    return new Pen(api, cookies.map(cookie => cookie.split(';')[0]).join('; '));
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
