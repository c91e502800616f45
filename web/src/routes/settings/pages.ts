// The settings: which pages there are, and which sections stand on each. A section is one line here and one file
// in `sections`, loaded when its page is opened; it draws itself with `Section.svelte`.

import type { Component } from 'svelte';
import type { Key } from '$lib/i18n/index.svelte';
import type { IconName } from '$lib/ui/Icon.svelte';

export interface SettingsPage {
  /** What stands in the address: `#/settings/looks`. */
  id: string;
  label: PageLabel;
  icon: IconName;
  sections: (() => Promise<{ default: Component }>)[];
}
/** Words without parameters. */
type PageLabel = Extract<Key, `settings_${string}` | 'password_change' | 'programs_title'>;

export const PAGES: SettingsPage[] = [
  {
    id: 'looks', label: 'settings_looks', icon: 'sun', sections: [
      () => import('./sections/Looks.svelte'),
    ],
  },
  {
    id: 'mine', label: 'settings_mine', icon: 'privacy', sections: [
      () => import('./sections/Mine.svelte'),
      () => import('./sections/Quests.svelte'),
    ],
  },
  {
    id: 'shown', label: 'settings_shown', icon: 'lock', sections: [
      () => import('./sections/Shown.svelte'),
    ],
  },
  {
    id: 'routes', label: 'settings_routes', icon: 'link', sections: [
      () => import('./sections/Routes.svelte'),
    ],
  },
  {
    id: 'reading', label: 'settings_reading', icon: 'eye', sections: [
      () => import('./sections/Remote.svelte'),
    ],
  },
  {
    id: 'writing', label: 'settings_writing', icon: 'pen', sections: [
      () => import('./sections/Identities.svelte'),
      () => import('./sections/UndoDelay.svelte'),
    ],
  },
  {
    id: 'templates', label: 'settings_templates', icon: 'template', sections: [
      () => import('./sections/Templates.svelte'),
    ],
  },
  {
    id: 'senders', label: 'settings_senders', icon: 'person', sections: [
      () => import('./sections/Screener.svelte'),
    ],
  },
  {
    id: 'keyboard', label: 'settings_keyboard', icon: 'keyboard', sections: [
      () => import('./sections/Keyboard.svelte'),
    ],
  },
  {
    id: 'storage', label: 'settings_storage', icon: 'archive', sections: [
      () => import('./sections/Storage.svelte'),
    ],
  },
  {
    id: 'transfer', label: 'settings_transfer', icon: 'download', sections: [
      () => import('./sections/Import.svelte'),
      () => import('./sections/Export.svelte'),
    ],
  },
  {
    id: 'entry', label: 'settings_entry', icon: 'device', sections: [
      () => import('./sections/Devices.svelte'),
      () => import('./sections/ThisDevice.svelte'),
      () => import('./sections/Passkeys.svelte'),
      () => import('./sections/PasswordChange.svelte'),
      () => import('./sections/SecondFactor.svelte'),
      () => import('./sections/Recovery.svelte'),
      () => import('./sections/SignOut.svelte'),
    ],
  },
  {
    id: 'programs', label: 'programs_title', icon: 'send', sections: [
      () => import('./sections/Programs.svelte'),
    ],
  },
  {
    id: 'services', label: 'settings_services', icon: 'envelope', sections: [
      () => import('./sections/Services.svelte'),
    ],
  },
];
