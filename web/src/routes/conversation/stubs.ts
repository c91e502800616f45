// Where a stub stands among the messages, and what it says. Pure.

import type { Message } from '$lib/jmap/types';
import type { Stub } from '$lib/state/related.svelte';

export type StubText = 'stub_answered_you' | 'stub_you_answered' | 'stub_goes_on_alone' | 'stub_began_alone' | 'stub_continues' | 'stub_goes_on_with';
export interface PlacedStub {
  stub: Stub;
  text: StubText;
}
interface Slot {
  before: PlacedStub[];
  after: PlacedStub[];
}

/** True when the reply stands in the other conversation; then the chain goes on there, else it came from there. */
const isThere = ({ there, at, relation }: Stub): boolean => (there ? there.receivedAt === at : relation === 'narrower');

export function textOf(stub: Stub): StubText {
  if (stub.relation === 'wider') return isThere(stub) ? 'stub_goes_on_with' : 'stub_continues';
  if (!isThere(stub)) return 'stub_began_alone';
  if (stub.there?.direction === 'sent') return 'stub_you_answered';
  return stub.there && stub.people.length === 1 ? 'stub_answered_you' : 'stub_goes_on_alone';
}

/**
 * By message: what goes on elsewhere stands after the last message before it, what came from elsewhere before the
 * message that came. What is older than the first message waits while `more` are to be loaded.
 */
export function placeStubs(messages: readonly Message[], stubs: readonly Stub[], more: boolean): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  for (const stub of stubs) {
    const earlier = messages.findLast((message) => message.receivedAt < stub.at);
    const later = messages.find((message) => message.receivedAt >= stub.at);
    if (!earlier && more) continue;
    const side = earlier && (isThere(stub) || !later) ? 'after' : 'before';
    const beside = side === 'after' ? earlier : later;
    if (!beside) continue;
    const slot = slots.get(beside.id) ?? { before: [], after: [] };
    slots.set(beside.id, slot);
    const text = textOf(stub);
    const said = slot[side].some((one) => one.text === text && one.stub.conversationId === stub.conversationId);
    if (!said) slot[side].push({ stub, text });
  }
  return slots;
}
