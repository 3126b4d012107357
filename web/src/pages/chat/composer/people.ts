import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { Suggestion, UserId } from "../../../api/shapes";
import { goTo, readings } from "../../../model/goto";
import type { Place } from "../../../model/goto";
import type { Shown } from "../../../model/log_window";
import { mayManage } from "../../../model/state";
import type { LoadedRoom, Person, State } from "../../../model/state";
import { useClock } from "../../../ui/time";
import { useChat } from "../chat_services";

export interface ProposedPerson {
  readonly person: Suggestion | Person;
  /** Of whom is not, a mention is only text. */
  readonly isMember: boolean;
}

/** Whom one may mean by what stands behind an `@`. */
export type ProposedName = ProposedPerson | "all" | "here";

const peopleMax = 8;
/** The next letter mostly comes within that. */
const askAfterMs = 150;

/** Members at once, those first who spoke last; then whom else the server finds. None while nobody is asked for. */
export function useNames(room: LoadedRoom, query: string | null): readonly ProposedName[] {
  const { chat } = useChat();
  const state = chat.state.value;
  const isAsked = query !== null;
  const places = useMemo(
    () => (isAsked ? placesOf(room.members, state.users, state.me.id, lastSaid(chat.logOf(room.id).window.peek()?.shown ?? [])) : []),
    [chat, room.id, room.members, state.users, state.me.id, isAsked],
  );
  const members = useMemo(() => (query === null ? [] : goTo(query, places, peopleMax)), [query, places]);
  const found = useFound(members.length < peopleMax ? query : null);
  if (query === null) return [];
  const known = new Set([state.me.id, ...members.map(({ person }) => person.id)]);
  const others = found
    .filter(({ id }) => !known.has(id))
    .map((person) => ({ person, isMember: room.members?.has(person.id) ?? true }));
  const people = [...members.map(({ person }) => ({ person, isMember: true })), ...others].slice(0, peopleMax);
  const names = mayMentionAll(state, room) ? everybody(query) : [];
  return names.some((name) => name === query) ? [...names, ...people] : [...people, ...names];
}

interface PersonPlace extends Place {
  readonly person: Person;
}

function placesOf(
  members: LoadedRoom["members"],
  users: State["users"],
  me: UserId,
  said: ReadonlyMap<UserId, number>,
): readonly PersonPlace[] {
  return [...(members?.keys() ?? [])].flatMap((id) => {
    const person = users.get(id);
    if (person === undefined || person.isDisabled || id === me) return [];
    return [{ person, names: namesOf(person), isUnread: false, lastAt: said.get(id) ?? 0 }];
  });
}

const namesOf = ({ displayName, username }: Suggestion): readonly string[] => [displayName, username];

/** Where in what is shown each of them spoke last. */
function lastSaid(shown: readonly Shown[]): ReadonlyMap<UserId, number> {
  return new Map(shown.flatMap((entry) => (entry.type === "message" ? [[entry.message.sender, entry.seq] as const] : [])));
}

/** Whom the server finds by name (for an administrator it searches addresses, too). Of an earlier query those stay, until
 *  the answer comes, who fit the present one. */
function useFound(query: string | null): readonly Suggestion[] {
  const { calls } = useApp();
  const clock = useClock();
  const [answer, setAnswer] = useState<readonly Suggestion[]>([]);
  useEffect(() => {
    if (query === null || query === "") return undefined;
    let isCurrent = true;
    const callOff = clock.after(askAfterMs, () => {
      void calls.findUsers(query).then((found) => {
        if (isCurrent && found.ok) setAnswer(found.value);
      });
    });
    return () => {
      isCurrent = false;
      callOff();
    };
  }, [calls, clock, query]);
  if (query === null || query === "") return [];
  const places = answer.map((person) => ({ person, names: namesOf(person), isUnread: false, lastAt: 0 }));
  return goTo(query, places, peopleMax).map(({ person }) => person);
}

/** As the server lets one; in a talk between two nobody needs it. */
function mayMentionAll(state: State, room: LoadedRoom): boolean {
  if (room.state.kind === "direct" && room.membersTotal < 3) return false;
  return room.state.mentionAllBy === "members" || mayManage(state, room);
}

const everybody = (query: string): readonly ("all" | "here")[] =>
  (["all", "here"] as const).filter((name) => readings(query).some((reading) => name.startsWith(reading)));
