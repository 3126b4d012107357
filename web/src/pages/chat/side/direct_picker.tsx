import { useState } from "preact/hooks";
import type { Suggestion } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { nameOf } from "../../../model/presence";
import { Avatar } from "../../../ui/avatar";
import { Icon } from "../../../ui/icon";
import { useForm } from "../../form";
import { FormDialog } from "../../form_dialog";
import { PeopleSearch } from "../../people_search";
import { refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";
import { useOpenDirect } from "../open_direct";

/** Whom to write to, one or several: they share one room, which is there already if they have written before. */
export function DirectPicker({ onClose }: { readonly onClose: () => void }) {
  const { chat } = useChat();
  const openDirect = useOpenDirect();
  const [chosen, setChosen] = useState<readonly Suggestion[]>([]);
  const form = useForm(
    {},
    {
      send: async () => {
        if (chosen.length === 0) return undefined;
        const refusal = await openDirect(chosen.map(({ id }) => id));
        return refusal === null ? undefined : { form: refusalText(refusal) };
      },
    },
  );
  const remove = (person: Suggestion) => setChosen(chosen.filter(({ id }) => id !== person.id));
  const onKeyDown = ({ key, target }: KeyboardEvent) => {
    if (key === "Backspace" && target instanceof HTMLInputElement && target.value === "") setChosen(chosen.slice(0, -1));
  };
  return (
    <FormDialog
      title={t("direct.title")}
      form={form}
      act={t("direct.start")}
      busyLabel={t("direct.start")}
      disabledWhy={chosen.length === 0 ? t("direct.nobody_why") : undefined}
      onClose={onClose}
    >
      {chosen.length > 0 && (
        <ul class="chips" aria-label={t("direct.chosen")}>
          {chosen.map((person) => (
            <li key={person.id} class="chip">
              <Avatar id={person.id} name={nameOf(person)} size="sm" />
              <bdi class="cut">{nameOf(person)}</bdi>
              <button type="button" aria-label={t("direct.remove", { name: nameOf(person) })} onClick={() => remove(person)}>
                <Icon name="x" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div onKeyDown={onKeyDown}>
        <PeopleSearch
          label={t("direct.to")}
          hint={t("direct.hint")}
          without={[chat.state.value.me.id, ...chosen.map(({ id }) => id)]}
          onChoose={(person) => setChosen([...chosen, person])}
        />
      </div>
    </FormDialog>
  );
}
