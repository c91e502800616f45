// The records of docs/api, as they travel. Nothing here does anything.

export type { MessageContent } from './content';
import type { Fate } from './sending';

export type Place = 'inbox' | 'archive' | 'bin' | 'snoozed' | 'new-senders' | 'spam';
export type Kind = 'direct' | 'group' | 'room' | 'list' | 'automated';
export type Locale = 'en' | 'fr' | 'it';
export type LevelNumber = 1 | 2 | 3 | 4 | 5;

export interface Privacy {
  score: number;
  approximate: boolean;
  level: LevelNumber;
  formula: number;
}

export interface Person {
  contactId: string | null;
  name: string;
  handle: string;
  isMe: boolean;
}

export interface Conversation {
  id: string;
  kind: Kind;
  place: Place;
  title: string | null;
  people: Person[];
  protocol: string;
  identity: string;
  listedAt: string; // What lists are ordered by.
  pinned: boolean;
  muted: boolean;
  snoozedUntil: string | null;
  returned: boolean; // It came back from a snooze, and nothing happened since.
  labels: Record<string, true>;
  latestAt: string;
  latestMessageId: string;
  subject: string;
  excerpt: string;
  hidden?: boolean; // What its newest message says is held back from this device.
  latestDirection: 'received' | 'sent';
  messageCount: number;
  unreadCount: number;
  hasAttachment: boolean;
  importance: number;
  privacy: Privacy;
  suspicious: boolean;
  protection: string;
}

/** A stub: `narrower` leads to fewer people, `wider` to more. Given only when the property is named. */
export interface Related {
  conversationId: string;
  /** The message there; null once it was removed. */
  messageId: string | null;
  relation: 'narrower' | 'wider';
  /** When the reply came, here or there. */
  at: string;
  people: Person[];
}

export interface Attachment {
  partId: number;
  blobId: string;
  type: string;
  name: string | null;
  size: number;
  disposition: 'inline' | 'attachment';
  cid: string | null;
}

export interface TextBody {
  type: 'text';
  text: string;
  quotedLines: [number, number][];
}

export interface HtmlBody {
  type: 'html';
  html: string;
  css: string;
  text: string;
  remoteCount: number;
  /** Pictures elsewhere that can be fetched; `html` counts them. */
  remoteImages: number;
  contentIds: string[];
}

export type Body = TextBody | HtmlBody;

export interface Message {
  id: string;
  conversationId: string;
  segmentId: string;
  blobId: string;
  direction: 'received' | 'sent';
  protocol: string;
  from: Person[];
  to: Person[];
  cc: Person[];
  /** Known for what the user sent, and to nobody else. */
  bcc?: Person[];
  replyTo: Person[];
  subject: string;
  sentAt: string | null;
  receivedAt: string;
  size: number;
  excerpt: string;
  keywords: Record<string, boolean>;
  privacy: Privacy;
  importance: number;
  importanceReasons: string[];
  protection: string;
  warnings: string[];
  suspicious: boolean;
  /** What became of a sent message: the worst of its recipients. Null for received ones. */
  sending?: Fate | null;
  leftAt?: string | null; // When the user left its list.
  hidden?: boolean; // What it says is held back from this device.
  attachments: Attachment[];
}

export interface Contact {
  id: string;
  name: string | null;
  suggestedName: string | null;
  displayName: string;
  note: string | null;
  state: 'suggested' | 'confirmed';
  handles: string[];
  blocked: boolean;
  /** Pictures elsewhere are fetched for their messages. */
  showsPictures: boolean;
  /** What the next message would get; null while nobody looked, or where none would arrive. */
  privacy?: Privacy | null;
  /** What else the card says, and what is known of each handle: only in a card that was opened. */
  fields?: CardField[];
  ways?: Way[];
  conversations?: string[];
}

export type FieldKind = 'phone' | 'address' | 'organisation' | 'title' | 'birthday' | 'url' | 'nickname';
export type FieldUse = 'home' | 'work' | 'mobile' | 'fax';

export interface CardField {
  kind: FieldKind;
  use: FieldUse | null;
  value: string;
}

export interface Way {
  handle: string;
  blocked: boolean;
  confirmed: boolean;
  /** The contact that it came with when two were put together. */
  linkedId: string | null;
  linkedAt: string | null;
}

export interface SignedInSession {
  id: string;
  client: string;
  createdAt: string;
  lastUsedAt: string;
  current: boolean;
  /** Null for a program. */
  deviceId: string | null;
}

export type Axis = 'technical' | 'behaviour' | 'context';

export interface Point {
  component: string;
  label: string;
  axis: Axis;
  points: number;
  most: number;
  known: boolean;
  reason: string;
  evidence: string[];
}

export interface Raise {
  who: 'you' | 'contact' | 'provider';
  whoLabel: string;
  axis: Axis;
  action: string;
  projected: number;
}

export interface Cap {
  limit: number;
  reason: string;
}

/** An index with its reasons and what would raise it, in one language. */
export interface Explanation {
  privacy: Privacy;
  levelWord: string;
  sentence: string;
  suspicious: boolean;
  readers: string[];
  watchers: string[];
  cap: Cap | null;
  caps: Cap[];
  points: Point[];
  raises: Raise[];
  formula: number;
}

/** The index of a message, as it was assessed. */
export interface PrivacyReport extends Explanation {
  id: string;
  assessedAt: string;
}

export interface SignedIn {
  accountId: string;
  address: string;
  language: Locale;
  recoveryCodeConfirmed: boolean;
  /** The password was asked for something beside it, and is not any more. */
  secondFactorEnded: boolean;
}

/** One sort of the lists: newest first, unread first, or most important first. */
export type Sort = 'latestAt' | 'unread' | 'importance';

export interface SessionResource {
  apiUrl: string;
  downloadUrl: string;
  uploadUrl: string;
  eventSourceUrl: string;
  state: string;
  username: string;
  primaryAccounts: Record<string, string>;
  accounts: Record<string, { name: string; accountCapabilities?: Record<string, unknown> }>;
  capabilities: Record<string, Record<string, unknown>>;
}
