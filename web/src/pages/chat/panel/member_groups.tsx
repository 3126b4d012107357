import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { UserId } from "../../../api/shapes";
import type { NamedMember } from "../../../model/member_list";
import type { LoadedRoom } from "../../../model/state";
import { useClock } from "../../../ui/time";
import { useChat } from "../chat_services";
import { MemberRow } from "./member_row";

export interface ShownGroup {
  readonly key: string;
  readonly title: string;
  readonly members: readonly NamedMember[];
}

interface MemberGroupsProps {
  readonly room: LoadedRoom;
  readonly groups: readonly ShownGroup[];
  readonly online: ReadonlySet<UserId>;
  readonly showsRoles: boolean;
  /** What scrolls: around the groups. */
  readonly scroller: RefObject<HTMLElement | null>;
}

/** The rows of one group that are in the page; the others only take their place. */
interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Rows above and below what is in sight, so that scrolling shows no gap. */
const beyond = 12;
const restMs = 300;
/** Before anything has a size. */
const firstSlice: Slice = { from: 0, to: 40 };

/** Lists of people, of which only what is in sight is in the page: thousands are as quick as ten. One tab stop: arrows,
 *  Home and End move in it. */
export function MemberGroups({ room, groups, online, showsRoles, scroller }: MemberGroupsProps) {
  const slices = useSlices(scroller, groups);
  useProfiles(groups, slices);
  const { stop, keys } = useRowKeys(scroller, groups);
  return (
    <div {...keys}>
      {groups.map(({ key, title, members }, index) => (
        <section key={key} aria-label={title}>
          <h3 class="side-title">{title}</h3>
          <ul class="members" style={{ "--size": members.length }}>
            {rowsIn(members, slices[index] ?? firstSlice, stop).map(({ member, at }) => (
              <MemberRow
                key={member.person.id}
                room={room}
                member={member}
                at={at}
                size={members.length}
                isOnline={online.has(member.person.id)}
                showsRole={showsRoles}
                isTabStop={member.person.id === stop}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** What is in sight, and the tab stop wherever it is: the focus may be on it. */
function rowsIn(members: readonly NamedMember[], { from, to }: Slice, stop: UserId | undefined) {
  const rows = members.slice(from, to).map((member, index) => ({ member, at: from + index }));
  const stopAt = members.findIndex(({ person }) => person.id === stop);
  const stopped = members[stopAt];
  if (stopped === undefined || (stopAt >= from && stopAt < to)) return rows;
  const row = { member: stopped, at: stopAt };
  return stopAt < from ? [row, ...rows] : [...rows, row];
}

function slicesIn(scroller: HTMLElement, sizes: readonly number[]): readonly Slice[] {
  const lists = [...scroller.querySelectorAll<HTMLElement>(".members")];
  const { scrollTop, clientHeight } = scroller;
  return sizes.map((size, index) => {
    const list = lists[index];
    if (list === undefined || list.offsetHeight === 0) return firstSlice;
    const row = list.offsetHeight / size;
    const above = scrollTop - list.offsetTop;
    return {
      from: Math.max(0, Math.floor(above / row) - beyond),
      to: Math.min(size, Math.ceil((above + clientHeight) / row) + beyond),
    };
  });
}

const isSame = (a: readonly Slice[], b: readonly Slice[]) =>
  a.length === b.length && a.every(({ from, to }, index) => from === b[index]?.from && to === b[index].to);

function useSlices(scroller: RefObject<HTMLElement | null>, groups: readonly ShownGroup[]): readonly Slice[] {
  const [slices, setSlices] = useState<readonly Slice[]>([]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const sizes = groups.map(({ members }) => members.length);
    const look = () => {
      const next = slicesIn(element, sizes);
      setSlices((before) => (isSame(before, next) ? before : next));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const sight = new ResizeObserver(look);
    sight.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      sight.disconnect();
    };
  }, [scroller, groups]);
  return slices;
}

/** Of members the list tells the names alone; who is a bot is asked for those in sight, once the scrolling rests. */
function useProfiles(groups: readonly ShownGroup[], slices: readonly Slice[]): void {
  const { chat } = useChat();
  const clock = useClock();
  useEffect(
    () =>
      clock.after(restMs, () => {
        const inSight = groups.flatMap(({ members }, index) => {
          const { from, to } = slices[index] ?? firstSlice;
          return members.slice(from, to).map(({ person }) => person.id);
        });
        chat.wantUsers(inSight);
      }),
    [chat, clock, groups, slices],
  );
}

const nameIn = (scroller: HTMLElement | null, user: UserId) =>
  scroller?.querySelector<HTMLElement>(`[data-stop="${user}"]`);

function useRowKeys(scroller: RefObject<HTMLElement | null>, groups: readonly ShownGroup[]) {
  const [wanted, setWanted] = useState<UserId>();
  const moved = useRef<UserId | undefined>(undefined);
  const users = () => groups.flatMap(({ members }) => members.map(({ person }) => person.id));
  const isThere = wanted !== undefined && groups.some(({ members }) => members.some(({ person }) => person.id === wanted));
  const stop = isThere ? wanted : groups[0]?.members[0]?.person.id;

  // The row that one moves to may not have been in the page before this.
  useLayoutEffect(() => {
    if (moved.current === undefined) return;
    nameIn(scroller.current, moved.current)?.focus();
    moved.current = undefined;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const all = users();
    const at = all.findIndex((user) => document.activeElement === nameIn(scroller.current, user));
    if (at === -1) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    moved.current = all[to];
    setWanted(all[to] ?? all[at]);
  };
  /** A press on a row makes it the stop, too. */
  const onFocusIn = ({ target }: FocusEvent) => {
    const pressed = target instanceof HTMLElement ? target.dataset["stop"] : undefined;
    const found = users().find((user) => user === pressed);
    if (found !== undefined) setWanted(found);
  };
  return { stop, keys: { onKeyDown, onFocusIn } };
}
