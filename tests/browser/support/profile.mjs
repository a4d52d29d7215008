// A profile that Firefox has started with once: with a copy of it a start takes half the time.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import puppeteer from 'puppeteer-core';

/** Where the profile is, for the processes of the tests. */
const PREPARED = 'ENTROPIX_FIREFOX_PROFILE';
/** What says that a profile is in use. */
const LOCKS = ['lock', '.parentlock'];

export const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

const folder = () => mkdtemp(join(tmpdir(), 'entropix-firefox-'));
const remove = (path) => rm(path, { recursive: true, force: true });

/** Makes one, for this process and those that it starts; returns what removes it. */
export async function prepare() {
  const path = await folder();
  const options = { executablePath: FIREFOX, headless: true, userDataDir: path };
  const browser = await puppeteer.launch({
    browser: 'firefox',
    protocol: 'webDriverBiDi',
    ...options,
  });
  await browser.close();
  process.env[PREPARED] = path;
  return () => remove(path);
}

/** A profile of one's own: a copy of the prepared one, where there is one, with what removes it. */
export async function profile() {
  const path = await folder();
  const prepared = process.env[PREPARED];
  if (prepared) {
    const options = { recursive: true, preserveTimestamps: true };
    await cp(prepared, path, { ...options, filter: (from) => !LOCKS.includes(basename(from)) });
  }
  return { path, remove: () => remove(path) };
}
