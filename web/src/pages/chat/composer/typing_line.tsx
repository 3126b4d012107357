import { useEffect } from "preact/hooks";
import { rich } from "../../../i18n/catalogue";
import type { LoadedRoom, Person } from "../../../model/state";
import { nameOf } from "../../../model/presence";
import { typingIn } from "../../../model/typing";
import { useChat } from "../chat_services";

/** Who else is writing. Its place is kept while nobody is, and it is never read out. */
export function TypingLine({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const { typing, users, me } = chat.state.value;
  const others = typingIn(typing, room.id).filter((id) => id !== me.id);
  const asked = others.join();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the same people are another list each time
  useEffect(() => chat.wantUsers(others), [chat, asked]);
  const known = others.flatMap((id) => users.get(id) ?? []);
  return <>{words(known, others.length)}</>;
}

function words([a, b]: readonly Person[], count: number) {
  if (count > 2) return rich("typing.many");
  if (a === undefined) return null;
  return b === undefined ? rich("typing.1", { a: name(a) }) : rich("typing.2", { a: name(a), b: name(b) });
}

const name = (person: Person) => <bdi>{nameOf(person)}</bdi>;
