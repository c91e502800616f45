// The records of docs/api about other programs, as they travel.

export interface AppPassword {
  id: string;
  name: string;
  createdAt: string;
  lastUsedAt: string | null;
}

/** A password that was just made: its letters are answered this once. */
export interface NewAppPassword extends AppPassword {
  secret: string;
}

/** What is typed into another program beside the address and a password. */
export interface SubmissionServer {
  host: string;
  /** TLS from the first byte; null when that port is not open. */
  port: number | null;
  starttlsPort: number | null;
}
