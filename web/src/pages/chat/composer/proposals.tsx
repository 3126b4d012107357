import type { ComponentChild } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import { nameOf } from "../../../model/presence";
import type { LoadedRoom } from "../../../model/state";
import { mentionBeingWritten } from "../../../text/mentions";
import { Avatar } from "../../../ui/avatar";
import { Icon } from "../../../ui/icon";
import { useListbox } from "../../../ui/listbox";
import { useChat } from "../chat_services";
import { hasModifier } from "./keys";
import { useNames } from "./people";
import type { ProposedName } from "./people";
import { placeBy } from "./placing";
import { replaceText } from "./writing";

/** What is being written that can be completed, and where it begins. */
interface Asked {
  readonly start: number;
  readonly query: string;
}

interface Box {
  readonly current: HTMLTextAreaElement | null;
}


/** The list of people over a box, while a name is being written there behind an `@`. */
export function useProposals(box: Box, room: LoadedRoom) {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** Where the list was closed and stays so. */
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const isWanted = asked !== null && asked.start !== closedAt;
  const names = useNames(room, isWanted ? asked.query : null);

  const look = () => {
    const next = box.current === null ? null : askedAt(box.current);
    if (next?.start !== closedAt) setClosedAt(null);
    if (next?.start === asked?.start && next?.query === asked?.query) return;
    setAsked(next);
    list.reset();
  };
  const take = (index: number) => {
    const name = names[index];
    if (box.current === null || asked === null || name === undefined) return;
    replaceText(box.current, asked.start, box.current.selectionEnd, `@${textOf(name)} `);
    setAsked(null);
  };
  const list = useListbox({ count: names.length, onChoose: take });
  const isOpen = names.length > 0;

  /** Whether the press was the list's. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!isOpen || hasModifier(event)) return false;
    if (event.key === "Tab") take(list.active);
    else if (event.key === "Escape") setClosedAt(asked?.start ?? null);
    else {
      list.input.onKeyDown(event);
      return event.defaultPrevented;
    }
    event.preventDefault();
    return true;
  };
  // No combobox: HTML allows a text of several lines no role but its own, which knows proposals as well.
  const input = isOpen
    ? ({
        "aria-autocomplete": "list",
        "aria-haspopup": "listbox",
        "aria-controls": list.input["aria-controls"],
        "aria-activedescendant": list.input["aria-activedescendant"],
      } as const)
    : {};
  return {
    look,
    close: () => setAsked(null),
    onKeyDown,
    input,
    list: isOpen && (
      <ProposalList box={box} role={list.list.role} id={list.list.id}>
        {names.map((name, index) => (
          <li key={keyOf(name)} {...list.option(index)} title={titleOf(name)}>
            <Name of={name} />
          </li>
        ))}
      </ProposalList>
    ),
  };
}

function askedAt({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Asked | null {
  return selectionStart === selectionEnd ? mentionBeingWritten(value, selectionEnd) : null;
}

const textOf = (name: ProposedName): string => (typeof name === "string" ? name : name.person.username);
const keyOf = (name: ProposedName): string => (typeof name === "string" ? name : name.person.id);
const titleOf = (name: ProposedName): string | undefined =>
  typeof name === "string" ? undefined : `${nameOf(name.person)} @${name.person.username}`;

function Name({ of: name }: { readonly of: ProposedName }) {
  const { chat } = useChat();
  if (typeof name === "string")
    return (
      <>
        <span class="proposal-icon">
          <Icon name="people" />
        </span>
        <span>@{name}</span>
        <span class="muted cut">{t(`composer.${name}`)}</span>
      </>
    );
  const { person, isMember } = name;
  const bot = "bot" in person && person.bot;
  return (
    <>
      <Avatar
        id={person.id}
        name={nameOf(person)}
        size="md"
        bot={bot}
        online={isMember && !bot ? chat.state.value.online.has(person.id) : undefined}
      />
      <bdi class="cut">{nameOf(person)}</bdi>
      <span class="muted cut">@{person.username}</span>
      {!isMember && <span class="note">{t("composer.not_here")}</span>}
    </>
  );
}

interface ProposalListProps {
  readonly box: Box;
  readonly role: "listbox";
  readonly id: string;
  readonly children: ComponentChild;
}

/** In the top layer, for a box in the log would be cut off at its edges. */
function ProposalList({ box, role, id, children }: ProposalListProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => list.current?.showPopover(), []);
  useLayoutEffect(() => {
    const frame = box.current?.closest(".box");
    if (frame != null && list.current !== null) placeBy(list.current, frame, "start");
  });
  return (
    // Whatever is pressed here, the focus stays in the box.
    <ul
      ref={list}
      class="proposals"
      popover="manual"
      role={role}
      id={id}
      aria-label={t("composer.people")}
      onPointerDown={(event) => event.preventDefault()}
    >
      {children}
    </ul>
  );
}
