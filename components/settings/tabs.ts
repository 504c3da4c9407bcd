/** Parts of the settings; each is an address of its own. */
export const SETTINGS_TABS = [
  { name: "profile", admin: false },
  { name: "freezes", admin: false },
  { name: "people", admin: true },
  { name: "environments", admin: true },
  { name: "clusters", admin: true },
  { name: "build-servers", admin: true },
  { name: "source-hosts", admin: true },
  { name: "registries", admin: true },
  { name: "signing-keys", admin: true },
] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number]["name"];
