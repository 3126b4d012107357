import type { Suggestion, UserId } from "../../api/shapes";
import { t } from "../../i18n/catalogue";
import { nameOf } from "../../model/presence";
import { Avatar } from "../../ui/avatar";
import { IconButton } from "../../ui/button";

interface ChipsProps {
  readonly people: readonly Suggestion[];
  readonly onRemove: (person: UserId) => void;
}

/** The people that are chosen so far. */
export const Chips = ({ people, onRemove }: ChipsProps) =>
  people.length === 0 ? null : (
    <ul class="chips">
      {people.map((person) => (
        <li key={person.id} class="chip">
          <Avatar id={person.id} name={nameOf(person)} size="sm" />
          <span class="cut">
            <bdi>{nameOf(person)}</bdi>
          </span>
          <IconButton icon="x" label={t("chip.remove", { name: nameOf(person) })} onClick={() => onRemove(person.id)} />
        </li>
      ))}
    </ul>
  );
