// What the palette offers, and which of it fits what was typed: commands, places, people, conversations, templates.

import { t } from '$lib/i18n/index.svelte';
import { address } from '$lib/i18n/format';
import type { Template } from '$lib/jmap/sending';
import { contacts } from '$lib/state/contacts.svelte';
import { conversations } from '$lib/state/conversations.svelte';
import { fit } from '$lib/state/fuzzy';
import { nameOf } from '$lib/state/naming';
import { composeHref, href, router, settingsHref } from '$lib/state/router.svelte';
import { templates } from '$lib/state/templates.svelte';
import type { IconName } from '$lib/ui/Icon.svelte';
import { PAGES } from '../settings/pages';
import { COMMANDS } from '../shell/commands';

export interface Entry {
  id: string;
  icon: IconName;
  text: string;
  /** What stands behind it, softer; it is searched too. */
  more: string;
  keys: string;
  /** Of two that fit as well, the greater one is meant. */
  weight: number;
  run: () => void;
}

const SHOWN_MOST = 40;
const CONVERSATIONS_MOST = 300;
const ROOM = () => import('../compose/room');

const entry = (id: string, icon: IconName, text: string, run: () => void, rest: Partial<Entry> = {}): Entry => ({ id, icon, text, more: '', keys: '', weight: 1, run, ...rest });

function commands(): Entry[] {
  const usable = COMMANDS.filter(({ offered }) => offered === 'always' || (offered === 'open' && router.conversationId !== null));
  return usable.map(({ keys, icon, label, run }) => entry(`key ${keys}`, icon, t(label), run, { keys, weight: 1.3 }));
}

const pages = (): Entry[] => PAGES.map(({ id, icon, label }) => entry(`page ${id}`, icon, t(label), () => router.go(settingsHref(id)), { more: t('settings') }));

function talks(): Entry[] {
  const newest = [...conversations.byId.values()].toSorted((a, b) => (a.latestAt < b.latestAt ? 1 : -1)).slice(0, CONVERSATIONS_MOST);
  return newest.map((one) => entry(one.id, 'envelope', nameOf(one), () => router.go(href(one.place, one.id)), { more: one.subject ?? '', weight: 1.1 }));
}

function people(): Entry[] {
  const known = [...contacts.byId.values()].filter((contact) => !contact.blocked && contact.handles.length);
  return known.map((one) => entry(one.id, 'person', t('palette_write_to', { name: one.displayName }), () => void write({ to: [{ name: null, handle: one.handles[0] ?? '' }] }), { more: address(one.handles[0] ?? ''), weight: one.state === 'confirmed' ? 1.05 : 1 }));
}

const texts = (): Entry[] => templates.all.map((one) => entry(one.id, 'template', t('palette_template', { name: one.name }), () => void write(ofTemplate(one)), { more: one.subject }));

const ofTemplate = ({ subject, text }: Template) => ({ subject, text });

/** A new message that begins with something. */
async function write(beginning: Parameters<Awaited<ReturnType<typeof ROOM>>['begin']>[0]): Promise<void> {
  const { begin } = await ROOM();
  begin(beginning);
  router.go(composeHref(null));
}

/** What fits, best first; what one does most often, and the newest conversations, when nothing was typed. */
export function fitting(typed: string): Entry[] {
  if (!typed.trim()) return [...commands(), ...talks().slice(0, 8)];
  const all = [...commands(), ...pages(), ...talks(), ...people(), ...texts()];
  const scored = all.map((one) => ({ one, score: fit(typed, `${one.text} ${one.more}`) * one.weight }));
  return scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score).slice(0, SHOWN_MOST).map(({ one }) => one);
}
