// An error as one sentence that says what to do.

import { t } from '$lib/i18n/index.svelte';
import { MethodError } from '$lib/jmap/client';
import { ApiError } from '$lib/jmap/http';

/** It is too private for this device, whichever way that was said. */
export const isHidden = (cause: unknown): boolean =>
  cause instanceof ApiError ? cause.kind === 'hidden' : cause instanceof MethodError && cause.type === 'hidden';

export function explain(cause: unknown): string {
  if (!(cause instanceof ApiError)) return t(isHidden(cause) ? 'error_hidden' : 'error_server');
  switch (cause.kind) {
    case 'network':
      return navigator.onLine ? t('error_unreachable') : t('error_offline');
    case 'credentials':
      return t('error_credentials');
    case 'rate':
      return cause.retryAfterSeconds > 0 ? t('error_rate_wait', { count: cause.retryAfterSeconds }) : t('error_rate');
    case 'first-start':
      return t('error_first_start');
    case 'password-weak':
      return t('error_password_weak');
    case 'address':
      return t('error_address');
    case 'signed-out':
      return t('error_signed_out');
    case 'request':
      return t('error_request');
    case 'not-found':
      return t('error_not_found');
    case 'hidden':
      return t('error_hidden');
    case 'mailbox-full':
      return t('error_mailbox_full');
    case 'passkey':
      return t('error_passkey');
    case 'passkey-none':
      return t('error_passkey_none');
    case 'passkey-known':
      return t('error_passkey_known');
    case 'passkey-many':
      return t('error_passkey_many');
    case 'passkey-only-confirms':
      return t('error_passkey_only_confirms');
    case 'passkey-name':
      return t('error_passkey_name');
    case 'second-factor':
    case 'second-factor-wrong':
      return t('error_second_wrong');
    case 'second-factor-none':
      return t('error_second_none');
    case 'server':
      return t('error_server');
  }
}
