// Phones that are enrolled already, as nearly every journey finds its own. They are made once, by the app itself, before
// all journeys; a test takes a copy into its hand, and its own server hears of it as of any phone that comes in.
import fs from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test';
import type { Introduction } from './api.ts';
import { Device } from './devices.ts';
import { TEMPLATE, WORK } from './paths.ts';
import { TestServer, invite } from './server.ts';

/** Whose phones most journeys are about: a delegate, the presidium, a desk, an organiser. */
const PEOPLE = ['p100', 'p001', 's01', 's07'];

const KEPT = path.join(WORK, 'enrolled');
const profileOf = (person: string) => path.join(KEPT, person);
const introductionOf = (person: string) => path.join(KEPT, `${person}.json`);

/** A phone as somebody left it: what its browser holds, and how it came in. */
export interface Enrolled {
  profile: string;
  introduction: Introduction;
}

export function enrolled(person: string): Enrolled | null {
  const introduction = introductionOf(person);
  if (!fs.existsSync(introduction)) return null;
  return { profile: profileOf(person), introduction: JSON.parse(fs.readFileSync(introduction, 'utf8')) };
}

export default async function enrolPhones(config: FullConfig): Promise<void> {
  const launch = config.projects[0]?.use.launchOptions ?? {};
  // Every server of a test is a copy of this one, and so knows these invitations.
  const links = new Map<string, string>();
  for (const person of PEOPLE) links.set(person, (await invite(TEMPLATE, person)).link);
  const server = await TestServer.launch();
  const host = { url: server.url, enrol: async (person: string) => links.get(person) ?? '' };
  fs.mkdirSync(KEPT);
  await Promise.all(PEOPLE.map(async person => {
    const phone = await Device.start(host, launch, {});
    const asked = phone.page.waitForRequest('**/api/v1/enrolments');
    await phone.enrol(person);
    fs.writeFileSync(introductionOf(person), (await asked).postData() ?? '');
    await phone.leaveTo(profileOf(person));
  }));
  await server.dispose();
}
