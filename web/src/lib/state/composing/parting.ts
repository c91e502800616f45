// One message leaves as two: some of its recipients get one of their own. Nothing is lost on the way: both are drafts
// before either leaves, and one undo makes them a single draft again.

import { t } from '$lib/i18n/index.svelte';
import { dayAndTime } from '$lib/i18n/format';
import { ApiError } from '$lib/jmap/http';
import type { Address, Sent } from '$lib/jmap/sending';
import { explain } from '../explain';
import { notices } from '../notices.svelte';
import { composeHref, router } from '../router.svelte';
import { session } from '../session.svelte';
import { audienceWords } from './audience';
import { AttachedFile } from './attached.svelte';
import { composing } from './composing.svelte';
import { Composition, FIELDS, type Field } from './composition.svelte';
import { offerUndo, restore, send, takeBack, tell, type Departure } from './sending';

type Audience = Record<Field, Address[]>;

/** A message that became two. */
export interface Parted {
  one: Composition;
  /** The same words, to the others. */
  other: Composition;
  /** To whom it went while it was one. */
  whole: Audience;
}

/** Makes two drafts of one. Null when that did not work: then it is as it was, and says why. */
export async function part(one: Composition, handles: readonly string[]): Promise<Parted | null> {
  const other = twin(one, audience(one, ({ handle }) => handles.includes(handle)));
  one.leaving = true;
  other.saving.touch();
  if (!(await other.saving.flush())) {
    const cause = other.saving.cause ?? new ApiError('network');
    other.saving.stop();
    one.leaving = false;
    if (!session.noticeEnd(cause)) one.problem = `${t('not_sent_kept')} ${explain(cause)}`;
    return null;
  }
  const whole = audience(one, () => true);
  Object.assign(one, audience(one, ({ handle }) => !handles.includes(handle)));
  one.saving.touch();
  return { one, other, whole };
}

/** Sends both; resolves with what became of the first, as `send` does. */
export async function sendBoth(parted: Parted, when: Departure, restored: (one: Composition) => void): Promise<Sent | null> {
  const { one, other } = parted;
  const quiet = () => {};
  const [first, second] = await Promise.all([send(one, when, restored, quiet), send(other, when, kept, quiet)]);
  if (first && second) tellBoth(parted, [first, second], when, restored);
  else if (first) tell(one, first, when, restored);
  else if (second) tell(other, second, when, open);
  return first;
}

const audience = (one: Composition, wanted: (address: Address) => boolean): Audience =>
  Object.fromEntries(FIELDS.map((field) => [field, one[field].filter(wanted)])) as Audience;

function twin(one: Composition, people: Audience): Composition {
  const { answers, identity, subject, text, html, forwards, keepMetadata, requiresTls, signed, noFileMeant } = one;
  const other = new Composition({ answers, identity, subject, text });
  const files = one.files.flatMap((file) => file.asDraft() ?? []).map((file) => AttachedFile.there(file));
  return Object.assign(other, { html, forwards, keepMetadata, requiresTls, signed, noFileMeant, files, ...people });
}

const open = (one: Composition): void => router.go(composeHref(one.id ?? one.key));

/** The other one did not leave while the first may have: it is a draft, and a word says so. */
function kept(other: Composition): void {
  const text = t('apart_kept', { names: audienceWords(other.recipients), why: other.problem ?? '' });
  notices.error(text, { label: t('apart_open'), run: () => open(other) });
}

function tellBoth(parted: Parted, sent: [Sent, Sent], when: Departure, restored: (one: Composition) => void): void {
  const names = { first: audienceWords(parted.one.recipients), second: audienceWords(parted.other.recipients) };
  const text = when.sendAt ? t('apart_later', { ...names, time: dayAndTime(when.sendAt.toISOString()) }) : t('apart_sent', names);
  offerUndo(text, when, () => void undo(parted, sent, restored));
}

/** Takes one of both back. What fails is tried again by itself, and is a draft of its own then. */
function takeOne(one: Composition, sent: Sent, to: (one: Composition) => void): Promise<boolean> {
  const again = () => void takeBack(sent, again).then((back) => {
    if (back) void restore(one, sent, to);
  });
  return takeBack(sent, again);
}

/** Takes both back. One that left already stays; the other is a draft again. */
async function undo({ one, other, whole }: Parted, [first, second]: [Sent, Sent], restored: (one: Composition) => void): Promise<void> {
  const [back, otherBack] = [await takeOne(one, first, restored), await takeOne(other, second, open)];
  if (!back) return otherBack ? restore(other, second, open) : undefined;
  if (otherBack) Object.assign(one, whole);
  await restore(one, first, restored);
  if (!otherBack) return;
  one.saving.touch();
  // The words of the other are here too, once the draft says to whom they go.
  if (await one.saving.flush()) await composing.drop(other);
}
