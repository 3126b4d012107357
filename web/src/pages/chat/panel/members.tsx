import { computed } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { UserId } from "../../../api/shapes";
import { language, t } from "../../../i18n/catalogue";
import { findMembers, groupsOf, membersByName } from "../../../model/member_list";
import type { MemberGroup, NamedMember } from "../../../model/member_list";
import { mayManage } from "../../../model/state";
import type { LoadedRoom } from "../../../model/state";
import { EmptyState } from "../../../ui/empty_state";
import { SearchField } from "../../../ui/field";
import { Icon } from "../../../ui/icon";
import { Lazy } from "../../../ui/lazy";
import { Skeleton } from "../../../ui/skeleton";
import { useChat } from "../chat_services";
import { MissingDialog } from "../later";
import { MemberGroups } from "./member_groups";
import { beingRemoved, removalOf } from "./membership";

/** Fewer are seen at a glance. */
const searchedFrom = 15;

const collator = computed(() => new Intl.Collator(language.value, { numeric: true, sensitivity: "base" }));
const loadAddPeople = () => import("./add_people");

/** Who is in the room. */
export function Members({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const [query, setQuery] = useState("");
  const [isAdding, setAdding] = useState(false);
  useEffect(() => chat.refreshMembers(room.id), [chat, room.id]);
  const clearFirst = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || query === "") return;
    event.preventDefault();
    setQuery("");
  };
  return (
    <>
      <div class="people-head">
        {room.membersTotal >= searchedFrom && (
          <div onKeyDown={clearFirst}>
            <SearchField label={t("members.search")} hint={t("members.search")} value={query} onInput={setQuery} />
          </div>
        )}
        {mayManage(chat.state.value, room) && (
          <button class="add-people" type="button" aria-haspopup="dialog" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            {t("members.add")}
          </button>
        )}
      </div>
      {room.members === null ? <Skeleton rows={6} /> : <People room={room} query={query.trim()} />}
      {isAdding && (
        <Lazy load={loadAddPeople} waiting={null} failed={<MissingDialog onClose={() => setAdding(false)} />}>
          {({ AddPeople }) => <AddPeople room={room} onClose={() => setAdding(false)} />}
        </Lazy>
      )}
    </>
  );
}

function People({ room, query }: { readonly room: LoadedRoom; readonly query: string }) {
  const { chat } = useChat();
  const { users, online } = chat.state.value;
  const scroller = useRef<HTMLDivElement>(null);
  const { settled, holding } = useSettled(online);
  useLayoutEffect(() => scroller.current?.scrollTo(0, 0), [query]);
  const order = collator.value;
  const before = useRef<readonly NamedMember[]>([]);
  const named = useMemo(
    () => (room.members === null ? [] : membersByName(room.members, users, order, before.current)),
    [room.members, users, order],
  );
  useEffect(() => {
    before.current = named;
  }, [named]);
  const gone = beingRemoved.value;
  const present = useMemo(
    () => named.filter(({ person }) => !gone.has(removalOf(room.id, person.id))),
    [named, gone, room.id],
  );
  const groups = useMemo(
    () => (query === "" ? groupsOf(present, settled).map(groupTitled) : foundGroups(findMembers(present, query))),
    [present, settled, query],
  );
  return (
    <div class="people" ref={scroller} {...holding}>
      {query !== "" && groups.length === 0 ? (
        <EmptyState text={t("members.none", { q: query })} />
      ) : (
        <MemberGroups room={room} groups={groups} online={online} showsRoles={query !== ""} scroller={scroller} />
      )}
    </div>
  );
}

const groupTitled = ({ role, members }: MemberGroup) => ({
  key: role,
  title: t(`members.${role}`, { n: members.length }),
  members,
});

const foundGroups = (members: readonly NamedMember[]) =>
  members.length === 0 ? [] : [{ key: "found", title: t("members.found", { n: members.length }), members }];

/** Who was online when the list was last left alone: nobody is moved under a pointer or a focus. */
function useSettled(online: ReadonlySet<UserId>) {
  const settled = useRef(online);
  const [isPointed, setPointed] = useState(false);
  const [hasFocus, setFocus] = useState(false);
  if (!isPointed && !hasFocus) settled.current = online;
  return {
    settled: settled.current,
    holding: {
      onPointerEnter: (event: PointerEvent) => event.pointerType === "mouse" && setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocusIn: () => setFocus(true),
      onFocusOut: () => setFocus(false),
    },
  };
}
