// The table of known services, as docs/api has it.

/** How a service lives, the best first. */
export type HandlerClass = 'A' | 'B' | 'C' | 'D' | 'E';

/** The table of known services. */
export interface Services {
  version: number;
  reviewedOn: string;
  list: { name: string; class: HandlerClass; why: string; domains: string[]; /** What the administrator gives it instead. */ lowered: HandlerClass | null }[];
  /** Those that only the administrator names. */
  lowered: { name: string; class: HandlerClass }[];
}
