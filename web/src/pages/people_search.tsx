import { useCallback, useId } from "preact/hooks";
import { useApp } from "../app_context";
import type { Suggestion, UserId } from "../api/shapes";
import { t } from "../i18n/catalogue";
import { Avatar } from "../ui/avatar";
import { useListbox } from "../ui/listbox";
import { useListing } from "./listing";
import { useSearch } from "./search";

interface PeopleSearchProps {
  readonly label: string;
  readonly hint: string;
  /** Already chosen: they are not proposed again. */
  readonly without: readonly UserId[];
  /** Why somebody is found and yet cannot be chosen. */
  readonly noteOf?: (person: Suggestion) => string | undefined;
  readonly onChoose: (person: Suggestion) => void;
  /** In the empty field: takes back the last choice. */
  readonly onBackspace?: () => void;
}

const nobody = () => Promise.resolve({ ok: true as const, value: [], status: 200, total: 0, goesOn: false });

/** Finds people by a part of their name; the choice empties the field for the next. */
export function PeopleSearch({ label, hint, without, noteOf, onChoose, onBackspace }: PeopleSearchProps) {
  const { calls } = useApp();
  const id = useId();
  const { typed, query, setTyped } = useSearch();
  const ask = useCallback(() => (query === "" ? nobody() : calls.findUsers(query)), [calls, query]);
  const { listing } = useListing<readonly Suggestion[]>(ask);
  const isSettled = listing.kind === "there" && typed.trim() === query && query !== "";
  const found = isSettled ? listing.value.filter((person) => !without.includes(person.id)) : [];
  const box = useListbox({
    count: found.length,
    onChoose: (index) => {
      const person = found[index];
      if (person === undefined || noteOf?.(person) !== undefined) return;
      setTyped("");
      onChoose(person);
    },
  });
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        type="text"
        list={undefined}
        value={typed}
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={`${id}-hint`}
        {...box.input}
        onKeyDown={(event) => {
          if (event.key === "Backspace" && typed === "") onBackspace?.();
          box.input.onKeyDown(event);
        }}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          box.reset();
        }}
      />
      <ul class="found" {...box.list} aria-label={label}>
        {found.map((person, index) => (
          <li key={person.id} {...box.option(index)} aria-disabled={noteOf?.(person) !== undefined || undefined}>
            <Avatar id={person.id} name={person.displayName === "" ? person.username : person.displayName} size="md" />
            <span class="cut">
              <bdi>{person.displayName === "" ? person.username : person.displayName}</bdi>
            </span>
            <span class="muted">{noteOf?.(person) ?? `@${person.username}`}</span>
          </li>
        ))}
      </ul>
      <p class="hint" id={`${id}-hint`} role="status">
        {isSettled && found.length === 0 ? t("owners.nobody", { q: query }) : hint}
      </p>
    </div>
  );
}
