import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import "../../../../styles/emoji.css";
import { language, t } from "../../../../i18n/catalogue";
import { focusIsFree } from "../focus";
import { placeBy } from "../placing";
import { EmojiGrid, columns } from "./emoji_grid";
import type { Place, Section } from "./emoji_grid";
import { emojiGroups, emojiSet, findEmoji } from "./emoji_set";
import type { Emoji, EmojiGroup, EmojiSet } from "./emoji_set";
import { choseEmoji, recentEmoji } from "./recent";

interface EmojiPickerProps {
  readonly anchor: HTMLElement;
  readonly onTake: (sign: string) => void;
  readonly onClose: () => void;
  readonly onFail: () => void;
}

const foundMax = 10 * columns;

/** A sign for each group, on the button that leads there. */
const groupSigns: Readonly<Record<EmojiGroup, string>> = {
  smileys: "😀",
  people: "👋",
  nature: "🌿",
  food: "🍏",
  travel: "🚲",
  activities: "🎉",
  objects: "💡",
  symbols: "💬",
  flags: "🏁",
};

/** All emoji, the recent ones first. The focus stays in the search; the arrows move in the grid. */
export function EmojiPicker(props: EmojiPickerProps) {
  const set = useEmojiSet(props.onFail);
  return set === undefined ? null : <Loaded {...props} set={set} />;
}

function useEmojiSet(onFail: () => void): EmojiSet | undefined {
  const [set, setSet] = useState<EmojiSet>();
  const failed = useRef(onFail);
  failed.current = onFail;
  useEffect(() => {
    let isWanted = true;
    emojiSet(language.value).then(
      (loaded) => isWanted && setSet(loaded),
      () => isWanted && failed.current(),
    );
    return () => {
      isWanted = false;
    };
  }, []);
  return set;
}

function Loaded({ anchor, set, onTake, onClose }: EmojiPickerProps & { readonly set: EmojiSet }) {
  const id = useId();
  const picker = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const sections = useMemo(() => sectionsOf(set, query), [set, query]);
  const rows = useMemo(() => sections.flatMap((section) => section.rows), [sections]);
  const chosen = rows[active.row]?.[active.column];

  useLayoutEffect(() => {
    const element = picker.current;
    if (element === null) return;
    element.showPopover();
    placeBy(element, anchor, "end");
    (focusIsFree() ? search.current : element)?.focus();
  }, [anchor]);
  useOutside(picker, anchor, onClose);

  const go = (to: Place) => {
    setActive(to);
    document.getElementById(cellId(id, to))?.scrollIntoView({ block: "nearest" });
  };
  const take = (emoji: Emoji | undefined) => {
    if (emoji === undefined) return;
    choseEmoji(emoji.sign);
    onTake(emoji.sign);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const next = moved(rows, active, event.key);
    if (event.key === "Escape") {
      anchor.focus();
      onClose();
    } else if (event.target !== search.current) return;
    else if (event.key === "Enter") take(chosen);
    else if (next !== undefined) go(next);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const goToGroup = (group: EmojiGroup) => {
    setQuery("");
    const before = sectionsOf(set, "");
    const at = before.findIndex((section) => section.key === group);
    setActive({ row: before.slice(0, at).reduce((sum, section) => sum + section.rows.length, 0), column: 0 });
    requestAnimationFrame(() => document.getElementById(`${id}-${group}`)?.scrollIntoView({ block: "start" }));
  };
  return (
    <div
      ref={picker}
      class="emoji-picker"
      popover="manual"
      role="dialog"
      aria-label={t("composer.emoji")}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <input
        ref={search}
        class="input"
        type="text"
        role="combobox"
        aria-label={t("emoji.search")}
        placeholder={t("emoji.search")}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-autocomplete="list"
        aria-haspopup="grid"
        aria-expanded
        aria-controls={`${id}-grid`}
        aria-activedescendant={chosen === undefined ? undefined : cellId(id, active)}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive({ row: 0, column: 0 });
        }}
      />
      <div class="emoji-groups">
        {emojiGroups.map((group) => (
          <button key={group} type="button" aria-label={t(`emoji.${group}`)} title={t(`emoji.${group}`)} onClick={() => goToGroup(group)}>
            {groupSigns[group]}
          </button>
        ))}
      </div>
      <EmojiGrid id={id} sections={sections} active={active} onActive={setActive} onTake={({ row, column }) => take(rows[row]?.[column])} />
      {rows.length === 0 && <p class="emoji-none">{t("emoji.none", { q: query })}</p>}
      <p class="emoji-name" aria-hidden="true">
        {chosen !== undefined && (
          <>
            <span class="sign">{chosen.sign}</span>
            <span class="cut">{chosen.name}</span>
            <span class="muted cut">:{chosen.codes[0]}:</span>
          </>
        )}
      </p>
    </div>
  );
}

const cellId = (id: string, { row, column }: Place): string => `${id}-${row}-${column}`;

function sectionsOf(set: EmojiSet, query: string): readonly Section[] {
  if (query.trim() !== "") return [section("found", t("emoji.search"), findEmoji(set, query, foundMax))];
  const known = new Map([...set.values()].flat().map((emoji) => [emoji.sign, emoji]));
  const recent = recentEmoji.value.flatMap((sign) => known.get(sign) ?? []);
  const groups = emojiGroups.map((group) => section(group, t(`emoji.${group}`), set.get(group) ?? []));
  return recent.length === 0 ? groups : [section("recent", t("emoji.recent"), recent), ...groups];
}

function section(key: Section["key"], name: string, emoji: readonly Emoji[]): Section {
  const rows = Array.from({ length: Math.ceil(emoji.length / columns) }, (_, row) => emoji.slice(row * columns, (row + 1) * columns));
  return { key, name, rows };
}

/** Where a key leads in the grid; the ends of the rows are joined. */
function moved(rows: Section["rows"], { row, column }: Place, key: string): Place | undefined {
  const within = (to: number, wanted: number): Place | undefined => {
    const length = rows[to]?.length;
    return length === undefined ? { row, column } : { row: to, column: Math.min(wanted, length - 1) };
  };
  switch (key) {
    case "ArrowDown":
      return within(row + 1, column);
    case "ArrowUp":
      return within(row - 1, column);
    case "ArrowLeft":
      return column > 0 ? { row, column: column - 1 } : within(row - 1, columns);
    case "ArrowRight":
      return column + 1 < (rows[row]?.length ?? 0) ? { row, column: column + 1 } : within(row + 1, 0);
    default:
      return undefined;
  }
}

/** A press elsewhere, or the focus going elsewhere, closes it; the button that opened it does so itself. */
function useOutside(picker: { readonly current: HTMLElement | null }, anchor: HTMLElement, onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const onOutside = ({ target }: Event) => {
      const isInside = target instanceof Node && (picker.current?.contains(target) === true || anchor.contains(target));
      if (!isInside) close.current();
    };
    document.addEventListener("pointerdown", onOutside);
    document.addEventListener("focusin", onOutside);
    return () => {
      document.removeEventListener("pointerdown", onOutside);
      document.removeEventListener("focusin", onOutside);
    };
  }, [picker, anchor]);
}
