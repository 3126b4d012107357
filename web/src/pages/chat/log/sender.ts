import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Message } from "../../../api/shapes";
import { nameOf } from "../../../model/presence";
import type { State } from "../../../model/state";
import type { NamesMeant } from "../../../text/mentions";
import { useLog } from "./log_view";

/** A bot or hook goes by the name in its message; people by the one that they have now. */
export function senderName(state: State, { sender, username, bot }: Pick<Message, "sender" | "username" | "bot">): string {
  const person = bot ? undefined : state.users.get(sender);
  return person === undefined ? username : nameOf(person);
}

/** Renders again when the name has changed, and not when anything else has. */
export function useSenderName(message: Message): string {
  const { chat } = useLog().services;
  return useMemo(() => computed(() => senderName(chat.state.value, message)), [chat, message]).value;
}

/** The usernames of those whom a message mentions, in one string, so that only another name is a change. */
function namesOf(state: State, message: Message): string {
  return message.mentions.map((id) => (id === state.me.id ? `me:${state.me.username}` : `other:${state.users.get(id)?.username ?? ""}`)).join();
}

/** Whom the names in a message mean, as the server has found them. */
export function useNamesMeant(message: Message): NamesMeant {
  const { chat } = useLog().services;
  const names = useMemo(() => computed(() => namesOf(chat.state.value, message)), [chat, message]).value;
  const { mentionsAll } = message;
  return useMemo(() => {
    const people = new Map<string, "me" | "other">();
    for (const each of names.split(",")) {
      const [who, name] = each.split(":");
      if (name !== undefined && name !== "") people.set(name.toLowerCase(), who === "me" ? "me" : "other");
    }
    return { people, everybody: mentionsAll };
  }, [names, mentionsAll]);
}
