import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { object, oneOf, text } from "./api/decode";
import type { Call } from "./api/http";
import type { Account } from "./api/shapes";

/** What the server tells anybody of itself. */
export interface About {
  readonly name: string;
  readonly version: string;
  readonly registration: "open" | "closed";
  readonly roomsCreatedBy: "everyone" | "admins";
}

const current = signal<About>({ name: "makechat", version: "", registration: "open", roomsCreatedBy: "everyone" });

export const about: ReadonlySignal<About> = current;

const reader = object((get) => ({
  name: get("name", text),
  version: get("version", text),
  registration: get("registration", oneOf("open", "closed")),
  roomsCreatedBy: get("rooms_created_by", oneOf("everyone", "admins")),
}));

/** Nobody is offered what the server would refuse. */
export const mayCreateRooms = ({ isSuperuser }: Pick<Account, "isSuperuser">): boolean =>
  isSuperuser || current.value.roomsCreatedBy === "everyone";

/** Without an answer the pages show makechat's own name, and sign-up says itself when it is closed. */
export async function askAbout(call: Call): Promise<void> {
  const answer = await call({ method: "GET", path: "/api/about", read: reader });
  if (answer.ok) current.value = answer.value;
}
