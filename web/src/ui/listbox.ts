import { useEffect, useId, useState } from "preact/hooks";

interface ListboxOptions {
  readonly count: number;
  readonly onChoose: (index: number) => void;
}

/** The keys and roles of a field with a list of proposals: the focus stays in the field, one option is active.
 *  Home and End are the text's own. */
export function useListbox({ count, onChoose }: ListboxOptions) {
  const listId = useId();
  const [wanted, setActive] = useState(0);
  const active = count === 0 ? -1 : Math.min(wanted, count - 1);
  const optionId = (index: number) => `${listId}-${index}`;

  useEffect(() => {
    if (active >= 0) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active, listId]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (count === 0 || event.isComposing) return;
    if (event.key === "ArrowDown") setActive((active + 1) % count);
    else if (event.key === "ArrowUp") setActive((active - 1 + count) % count);
    else if (event.key === "Enter") onChoose(active);
    else return;
    event.preventDefault();
  };

  return {
    active,
    /** After another search the first is active again. */
    reset: () => setActive(0),
    input: {
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": count > 0,
      "aria-controls": listId,
      "aria-activedescendant": active < 0 ? undefined : optionId(active),
      onKeyDown,
    },
    list: { role: "listbox", id: listId },
    option: (index: number) => ({
      role: "option" as const,
      id: optionId(index),
      class: "opt",
      "aria-selected": index === active,
      onPointerMove: () => setActive(index),
      onPointerDown: (event: Event) => event.preventDefault(), // the focus stays in the field
      onClick: () => onChoose(index),
    }),
  } as const;
}
