// What kinds and uses of fields are called.

import type { FieldKind, FieldUse } from '$lib/jmap/types';

export const KIND_WORDS = {
  phone: 'field_phone', address: 'field_address', organisation: 'field_organisation', title: 'field_title',
  birthday: 'field_birthday', url: 'field_url', nickname: 'field_nickname',
} as const satisfies Record<FieldKind, string>;

export const USE_WORDS = { home: 'field_home', work: 'field_work', mobile: 'field_mobile', fax: 'field_fax' } as const satisfies Record<FieldUse, string>;

export const KINDS = Object.keys(KIND_WORDS) as FieldKind[];
export const USES = Object.keys(USE_WORDS) as FieldUse[];
/** Kinds that are for a part of somebody's life. */
export const HAS_USE: ReadonlySet<FieldKind> = new Set(['phone', 'address', 'url']);
