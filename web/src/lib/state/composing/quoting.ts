// Words of another message inside one's own: a quotation in an answer, the whole under its header in what is forwarded.

import { t } from '$lib/i18n/index.svelte';
import { dayAndTime } from '$lib/i18n/format';
import type { Message, MessageContent } from '$lib/jmap/types';
import { messages } from '../messages.svelte';
import { AttachedFile } from './attached.svelte';
import { Composition } from './composition.svelte';
import { quote, subjectOf, written } from './reply';

async function contentOf(message: Message): Promise<MessageContent | undefined> {
  await messages.need(message.id);
  return messages.contents.get(message.id);
}

const textOf = (content: MessageContent | undefined): string => content?.bodies.map((body) => body.text).join('\n\n').trim() ?? '';

/** The message as a quotation, with a line that says whose it is. */
export async function quotation(message: Message): Promise<string> {
  const content = await contentOf(message);
  const name = written(message.from, content?.headers ?? [], 'from').replace(/\s*<[^>]*>$/, '');
  return `${t('quoted_intro', { date: dayAndTime(message.sentAt ?? message.receivedAt), name })}\n${quote(textOf(content))}\n`;
}

/** A new message that carries another on: its text under its header, and its files. */
export async function forwarded(message: Message, identity: string): Promise<Composition> {
  const content = await contentOf(message);
  const headers = content?.headers ?? [];
  const top = [
    `---------- ${t('forwarded_intro')} ----------`,
    t('forwarded_from', { people: written(message.from, headers, 'from') }),
    t('forwarded_date', { date: dayAndTime(message.sentAt ?? message.receivedAt) }),
    t('forwarded_subject', { subject: message.subject }),
    t('forwarded_to', { people: written(message.to, headers, 'to') }),
  ];
  const files = message.attachments.filter((file) => file.disposition === 'attachment').map((file) => AttachedFile.there(file));
  const text = `\n\n${top.join('\n')}\n\n${textOf(content)}\n`;
  return new Composition({ forwards: message.id, identity, subject: subjectOf(message.subject, 'forward'), text, files });
}
