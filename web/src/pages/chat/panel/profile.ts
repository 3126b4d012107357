import { signal } from "@preact/signals";
import type { UserId } from "../../../api/shapes";

/** Whose profile is asked for; its card comes with the first. */
export const profileShown = signal<UserId | null>(null);

/** Who this is: wherever a name or an avatar is pressed. */
export function openProfile(id: UserId): void {
  profileShown.value = id;
}

export function closeProfile(): void {
  profileShown.value = null;
}
