import { useMemo } from "preact/hooks";
import type { Emoji, EmojiGroup } from "./emoji_set";

/** As many as fit on the narrowest phone, each as large as a thumb. */
export const columns = 8;

/** A cell, by its row among all that are shown. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface Section {
  readonly key: EmojiGroup | "recent" | "found";
  readonly name: string;
  /** Of at most `columns` each. */
  readonly rows: readonly (readonly Emoji[])[];
}

interface EmojiGridProps {
  readonly id: string;
  readonly sections: readonly Section[];
  readonly active: Place;
  readonly onActive: (place: Place) => void;
  readonly onTake: (place: Place) => void;
}

export function EmojiGrid({ id, sections, active, onActive, onTake }: EmojiGridProps) {
  const on = (act: (place: Place) => void) => (event: Event) => {
    const place = placeOf(event.target);
    if (place !== undefined) act(place);
  };
  let first = 0;
  return (
    <div class="emoji-grid" role="grid" id={`${id}-grid`} onClick={on(onTake)} onPointerMove={on(onActive)}>
      {sections.map((section) => {
        const from = first;
        first += section.rows.length;
        const isIn = from <= active.row && active.row < first;
        return <Rows key={section.key} id={id} section={section} from={from} active={isIn ? active : undefined} />;
      })}
    </div>
  );
}

/** Where a cell is, from what it carries for that: one listener serves two thousand of them. */
function placeOf(target: EventTarget | null): Place | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  return cell === null ? undefined : { row: Number(cell.dataset["row"]), column: Number(cell.dataset["column"]) };
}

interface RowsProps {
  readonly id: string;
  readonly section: Section;
  readonly from: number;
  /** None: elsewhere. */
  readonly active: Place | undefined;
}

function Rows({ id, section, from, active }: RowsProps) {
  // Of all the cells only those change that the activity moves between: the same elements are not looked at again.
  const still = useMemo(() => section.rows.map((row, at) => <Row key={at} id={id} row={row} at={from + at} active={undefined} />), [id, section, from]);
  return (
    <div class="emoji-section" role="rowgroup" aria-label={section.name} id={`${id}-${section.key}`}>
      <p aria-hidden="true">{section.name}</p>
      {still.map((row, at) =>
        active?.row === from + at ? (
          <Row key={at} id={id} row={section.rows[at] ?? []} at={active.row} active={active.column} />
        ) : (
          row
        ),
      )}
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly row: readonly Emoji[];
  readonly at: number;
  readonly active: number | undefined;
}

const Row = ({ id, row, at, active }: RowProps) => (
  <div role="row">
    {row.map(({ sign, name }, column) => (
      <span
        key={column}
        role="gridcell"
        id={`${id}-${at}-${column}`}
        aria-label={name}
        aria-selected={column === active}
        data-row={at}
        data-column={column}
      >
        {sign}
      </span>
    ))}
  </div>
);
