import { useState } from "preact/hooks";
import type { Suggestion } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { useForm } from "../../form";
import { FormDialog } from "../../form_dialog";
import { PeopleSearch } from "../../people_search";
import { refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";
import { Chips } from "../chips";
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
  return (
    <FormDialog
      title={t("direct.title")}
      form={form}
      act={t("direct.start")}
      busyLabel={t("direct.start")}
      disabledWhy={chosen.length === 0 ? t("direct.nobody_why") : undefined}
      onClose={onClose}
    >
      <Chips people={chosen} onRemove={(person) => setChosen(chosen.filter(({ id }) => id !== person))} />
      <PeopleSearch
        label={t("direct.to")}
        hint={t("direct.hint")}
        without={[chat.state.value.me.id, ...chosen.map(({ id }) => id)]}
        onChoose={(person) => setChosen([...chosen, person])}
        onBackspace={() => setChosen(chosen.slice(0, -1))}
      />
    </FormDialog>
  );
}
