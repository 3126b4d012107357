import type { ComponentChild } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import type { LoadedRoom } from "../../../model/state";
import { useListbox } from "../../../ui/listbox";
import { hasModifier } from "./keys";
import { placeBy } from "./placing";
import { askedAt, useProposed } from "./proposed";
import type { Asked } from "./proposed";
import { replaceText } from "./writing";

interface Box {
  readonly current: HTMLTextAreaElement | null;
}

/** The list over a box, while something is being written there that can be completed. */
export function useProposals(box: Box, room: LoadedRoom) {
  const [asked, setAsked] = useState<Asked | null>(null);
  /** Where the list was closed and stays so. */
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const proposed = useProposed(room, asked?.start === closedAt ? null : asked);
  const isOpen = proposed.length > 0;

  const look = () => {
    const next = box.current === null ? null : askedAt(box.current);
    setClosedAt((start) => (start === next?.start ? start : null));
    if (next?.start === asked?.start && next?.query === asked?.query) return;
    setAsked(next);
    list.reset();
  };
  const take = (index: number) => {
    const proposal = proposed[index];
    if (box.current === null || asked === null || proposal === undefined) return;
    const { value, selectionEnd } = box.current;
    const hasSpace = /^\s/.test(value.slice(selectionEnd, selectionEnd + 1));
    replaceText(box.current, asked.start, selectionEnd, hasSpace ? proposal.text : `${proposal.text} `);
    setAsked(null);
  };
  const list = useListbox({ count: proposed.length, onChoose: take });

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
      <ProposalList box={box} id={list.list.id} label={t(asked?.kind === "emoji" ? "composer.emoji" : "composer.people")}>
        {proposed.map(({ key, title, row }, index) => (
          <li key={key} {...list.option(index)} title={title}>
            {row}
          </li>
        ))}
      </ProposalList>
    ),
  };
}

interface ProposalListProps {
  readonly box: Box;
  readonly id: string;
  readonly label: string;
  readonly children: ComponentChild;
}

/** In the top layer, for a box in the log would be cut off at its edges. */
function ProposalList({ box, id, label, children }: ProposalListProps) {
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
      role="listbox"
      id={id}
      aria-label={label}
      onPointerDown={(event) => event.preventDefault()}
    >
      {children}
    </ul>
  );
}
