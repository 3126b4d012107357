const browsers = [
  // Each of them names those below it, too.
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["YaBrowser", "Yandex Browser"],
  ["Firefox", "Firefox"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
  ["curl", "curl"],
] as const;

const systems = [
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Windows", "Windows"],
  ["Mac OS X", "macOS"],
  ["CrOS", "ChromeOS"],
  ["Linux", "Linux"],
] as const;

/** What a User-Agent line says that a person can use; null where it says nothing known. */
export function readAgent(agent: string): { readonly browser: string | null; readonly system: string | null } {
  const nameIn = (table: readonly (readonly [string, string])[]) =>
    table.find(([sign]) => agent.includes(sign))?.[1] ?? null;
  return { browser: nameIn(browsers), system: nameIn(systems) };
}
