// The records of docs/api that writing and sending need, as they travel.

/** Who is written to; a name is what the recipients see too. */
export interface Address {
  name: string | null;
  handle: string;
}

export interface DraftFile {
  blobId: string;
  name: string | null;
  type: string;
  size: number;
  cid: string | null;
}

/** What the person writes, and may change at any time. */
export interface DraftWords {
  identityId: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  text: string;
  html: string | null;
  forwards: string | null;
  attachments: DraftFile[];
  keepMetadata: boolean;
  /** Only over servers that prove who they are, up to the last. */
  requiresTls: boolean;
}

/** What is known of every draft: enough to count them, and to find the one of a conversation. */
export interface DraftBrief {
  id: string;
  conversationId: string | null;
  revision: number;
  updatedAt: string;
  /** It quotes what is held back from this device, and so is what it says. */
  hidden?: boolean;
}

export interface Draft extends DraftBrief, DraftWords {
  answers: string | null;
  conflictOf: string | null;
}

export interface Identity {
  id: string;
  address: string;
  /** What others see beside the address. */
  name: string | null;
  textSignature: string;
  htmlSignature: string | null;
  /** Its person chose it. */
  isChosen: boolean;
  /** It takes no mail, and none is written from it. */
  rests: boolean;
}

/** What a person can change of an identity. */
export type IdentityWords = Pick<Identity, 'name' | 'textSignature' | 'htmlSignature'>;

/** What a template says. */
export interface TemplateWords {
  name: string;
  subject: string;
  text: string;
  html: string | null;
}

export interface Template extends TemplateWords {
  id: string;
  updatedAt: string;
}

export type Fate = 'waiting' | 'delivered' | 'deferred' | 'failed';

export type Cause =
  | 'no-such-domain' | 'no-such-recipient' | 'mailbox-full' | 'too-large' | 'refused' | 'unreachable' | 'busy'
  | 'answer-lost' | 'not-private' | 'not-capable' | 'lookup-failed' | 'expired' | 'garbled';

/** What checking a host's certificate found. */
export type CertificateStanding = 'vouched' | 'other-name' | 'out-of-date' | 'unknown-authority' | 'broken';

/** What became of a message for one recipient. */
export interface RecipientFate {
  name: string | null;
  handle: string;
  state: Fate;
  at: string | null;
  host: string | null;
  security: 'clear' | 'opportunistic' | 'authenticated' | 'same-server' | null;
  /** What proved who answered. */
  proof: 'dane' | 'mta-sts' | 'configured' | null;
  tls: { version: string; cipher: string; group: string | null } | null;
  /** `key`: SHA-256 of the public key, in hexadecimal. */
  certificate: { standing: CertificateStanding; key: string | null; issuer: string | null; from: string | null; until: string | null } | null;
  cause: Cause | null;
  status: string | null;
  /** The peer's own words. */
  said: string | null;
  attempts: number;
  nextTryAt: string | null;
}

export interface Submission {
  id: string;
  messageId: string;
  conversationId: string | null;
  sendAt: string;
  undoStatus: 'pending' | 'final' | 'canceled';
  requiresTls: boolean;
  recipients: RecipientFate[];
}

/** What creating a submission says back. */
export type Sent = Pick<Submission, 'id' | 'messageId' | 'conversationId' | 'sendAt'>;
