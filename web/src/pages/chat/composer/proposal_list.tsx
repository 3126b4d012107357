import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../../i18n/catalogue";
import type { LoadedRoom } from "../../../model/state";
import { useListbox } from "../../../ui/listbox";
import { hasModifier } from "./keys";
import { placeBy } from "./placing";
import type { Asked, ListHandle } from "./proposals";
import { useProposed } from "./proposed";
import { replaceText } from "./writing";

interface ProposalListProps {
  readonly box: HTMLTextAreaElement;
  readonly room: LoadedRoom;
  readonly asked: Asked;
  readonly handle: { current: ListHandle | null };
  readonly onTaken: () => void;
  readonly onClose: () => void;
}

/** What may take the place of what is being written; nothing is shown where nothing may. */
export function ProposalList({ box, room, asked, handle, onTaken, onClose }: ProposalListProps) {
  const proposed = useProposed(room, asked);
  const take = (index: number) => {
    const proposal = proposed[index];
    if (proposal === undefined) return;
    const { value, selectionEnd } = box;
    const hasSpace = /^\s/.test(value.slice(selectionEnd, selectionEnd + 1));
    replaceText(box, asked.start, selectionEnd, hasSpace ? proposal.text : `${proposal.text} `);
    onTaken();
  };
  const list = useListbox({ count: proposed.length, onChoose: take });

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (proposed.length === 0 || hasModifier(event)) return false;
    if (event.key === "Tab") take(list.active);
    else if (event.key === "Escape") onClose();
    else {
      list.input.onKeyDown(event);
      return event.defaultPrevented;
    }
    event.preventDefault();
    return true;
  };
  useLayoutEffect(() => {
    handle.current = { onKeyDown, reset: list.reset };
    return () => {
      handle.current = null;
    };
  });
  useToldTo(box, proposed.length > 0 ? list.list.id : null, list.input["aria-activedescendant"]);

  const element = useRef<HTMLUListElement>(null);
  const isShown = proposed.length > 0;
  useLayoutEffect(() => element.current?.showPopover(), [isShown]);
  useLayoutEffect(() => {
    if (element.current !== null) placeBy(element.current, box.closest(".box") ?? box, "start");
  }, [box, proposed.length]);
  if (!isShown) return null;
  return (
    // In the top layer, for a box in the log would cut it off. Whatever is pressed in it, the focus stays in the box.
    <ul
      ref={element}
      class="proposals"
      popover="manual"
      {...list.list}
      aria-label={t(asked.kind === "emoji" ? "composer.emoji" : "composer.people")}
      onPointerDown={(event) => event.preventDefault()}
    >
      {proposed.map(({ key, title, row }, index) => (
        <li key={key} {...list.option(index)} title={title}>
          {row}
        </li>
      ))}
    </ul>
  );
}

/** No combobox: HTML allows a text of several lines no role but its own, which knows proposals as well. */
function useToldTo(box: HTMLTextAreaElement, listId: string | null, activeId: string | undefined): void {
  useLayoutEffect(() => {
    if (listId === null) return undefined;
    const told = { "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": listId };
    for (const [name, value] of Object.entries(told)) box.setAttribute(name, value);
    return () => {
      for (const name of Object.keys(told)) box.removeAttribute(name);
    };
  }, [box, listId]);
  useLayoutEffect(() => {
    if (activeId === undefined) return undefined;
    box.setAttribute("aria-activedescendant", activeId);
    return () => box.removeAttribute("aria-activedescendant");
  }, [box, activeId]);
}
