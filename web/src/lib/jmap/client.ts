// JMAP Core (RFC 8620): sessions, requests with back-references, and the answers taken apart.

import { ApiError, preloaded, send } from './http';
import type { SessionResource } from './types';

const CORE = 'urn:ietf:params:jmap:core';
export const CORRESPONDENCE = 'urn:caliopen:params:jmap:correspondence';

export type Arguments = Record<string, unknown>;
export type Call = [method: string, args: Arguments, callId: string];
type Response = [name: string, args: Arguments, callId: string];

/** A method-level error (RFC 8620 §3.6.2), for example `cannotCalculateChanges`. */
export class MethodError extends Error {
  constructor(readonly type: string) {
    super(type);
  }
}

export interface GetAnswer<T> {
  state: string;
  list: T[];
  notFound: string[];
}

export interface QueryAnswer {
  ids: string[];
  position: number;
  total?: number;
}

export interface ChangesAnswer {
  newState: string;
  hasMoreChanges: boolean;
  created: string[];
  updated: string[];
  destroyed: string[];
}

/** Why one object was not set (RFC 8620 §5.3). */
export interface SetError {
  type: string;
  properties?: string[];
  description?: string;
}

/** One object of a set was refused: the server's own words say why. */
export class Refused extends MethodError {
  constructor(readonly error: SetError) {
    super(error.type);
  }
}

export interface SetAnswer {
  created?: Record<string, Arguments> | null;
  updated?: Record<string, Arguments | null> | null;
  notCreated?: Record<string, SetError> | null;
  notUpdated?: Record<string, SetError> | null;
  notDestroyed?: Record<string, SetError> | null;
}

/** What takes up changes that can wait while there is no network. */
export interface Later {
  /** True when others wait already, which this one may not overtake. */
  behind(type: string, what: Arguments): boolean;
  /** Takes a change; false when this one cannot wait. */
  add(type: string, what: Arguments): boolean;
}

let later: Later | null = null;
export const waitWith = (queue: Later): void => void (later = queue);

/** One signed-in account. */
export class Client {
  private constructor(
    readonly session: SessionResource,
    readonly accountId: string,
  ) {}

  static async open(): Promise<Client> {
    return Client.of((await (await send('/.well-known/jmap')).json()) as SessionResource);
  }

  /** The client and the first page of its inbox, in one answer: what the application starts with. */
  static async start(): Promise<{ client: Client; inbox: Answers }> {
    const { session, inbox } = (await preloaded('/jmap/start')) as { session: SessionResource; inbox: { methodResponses: Response[] } };
    return { client: Client.of(session), inbox: new Answers(inbox.methodResponses) };
  }

  /** The client of a session that is known already. */
  static of(session: SessionResource): Client {
    const accountId = session.primaryAccounts[CORRESPONDENCE] ?? Object.keys(session.accounts)[0];
    if (!accountId) throw new ApiError('server');
    return new Client(session, accountId);
  }

  /** The value of our capability: the session's, or the account's own. */
  get capability(): Record<string, unknown> {
    const own = this.session.accounts[this.accountId]?.accountCapabilities?.[CORRESPONDENCE];
    return { ...this.session.capabilities[CORRESPONDENCE], ...(own as Record<string, unknown> | undefined) };
  }

  /** Several calls in one request; the answers by their call ids. An error answer throws when it is read. */
  async call(calls: Call[], signal?: AbortSignal, outlives?: 'page'): Promise<Answers> {
    const methodCalls = calls.map(([method, args, id]) => [method, { accountId: this.accountId, ...args }, id]);
    const response = await send(this.session.apiUrl, { using: [CORE, CORRESPONDENCE], methodCalls }, signal, outlives);
    const { methodResponses } = (await response.json()) as { methodResponses: Response[] };
    return new Answers(methodResponses);
  }

  async get<T>(type: string, ids: string[] | null, more: Arguments = {}): Promise<GetAnswer<T>> {
    return (await this.call([[`${type}/get`, { ids, ...more }, 'g']])).read<GetAnswer<T>>('g');
  }

  /** Updates one object, or throws what the server said about it (RFC 8620 §5.3). */
  async update(type: string, patches: Record<string, Arguments>): Promise<void> {
    await this.set(type, { update: patches });
  }

  async destroy(type: string, ids: string[]): Promise<void> {
    await this.set(type, { destroy: ids });
  }

  /** Creates, updates or destroys; throws the first refusal. Without a network, what can wait does, and counts as done. */
  async set(type: string, what: Arguments, outlives?: 'page'): Promise<SetAnswer> {
    if (later?.behind(type, what) && later.add(type, what)) return {};
    try {
      return await this.#set(type, what, outlives);
    } catch (cause) {
      if (cause instanceof ApiError && cause.kind === 'network' && later?.add(type, what)) return {};
      throw cause;
    }
  }

  async #set(type: string, what: Arguments, outlives?: 'page'): Promise<SetAnswer> {
    const answer = (await this.call([[`${type}/set`, what, 's']], undefined, outlives)).read<SetAnswer>('s');
    for (const refusals of [answer.notCreated, answer.notUpdated, answer.notDestroyed]) {
      const refused = Object.values(refusals ?? {})[0];
      if (refused) throw new Refused(refused);
    }
    return answer;
  }
}

export class Answers {
  constructor(private readonly responses: Response[]) {}

  read<T>(callId: string): T {
    const found = this.responses.find(([, , id]) => id === callId);
    if (!found) throw new ApiError('server');
    const [name, args] = found;
    if (name === 'error') throw new MethodError(String(args['type']));
    return args as T;
  }
}

/** A back-reference (RFC 8620 §3.7) to the result of an earlier call of the same request. */
export function resultOf(callId: string, name: string, path: string) {
  return { resultOf: callId, name, path };
}
