import { useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { Role, Suggestion } from "../../../api/shapes";
import { rich, t } from "../../../i18n/catalogue";
import type { LoadedRoom } from "../../../model/state";
import { Segmented } from "../../../ui/segmented";
import { toasts } from "../../../ui/toast";
import { useForm } from "../../form";
import { FormDialog } from "../../form_dialog";
import { PeopleSearch } from "../../people_search";
import { refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";
import { Chips } from "../chips";
import { rolesForNew } from "./membership";

interface AddPeopleProps {
  readonly room: LoadedRoom;
  readonly onClose: () => void;
}

/** Several people at once, each with the same role. Who could not be added stays chosen, with the reason. */
export function AddPeople({ room, onClose }: AddPeopleProps) {
  const { calls } = useApp();
  const { chat } = useChat();
  const [people, setPeople] = useState<readonly Suggestion[]>([]);
  const [role, setRole] = useState<Role>("member");

  const form = useForm(
    {},
    {
      send: async () => {
        const answers = await Promise.all(people.map((person) => calls.invite(room.id, person.id, role)));
        const left = people.filter((_, index) => answers[index]?.ok === false);
        if (left.length < people.length) toasts.show(t("add.done", { n: people.length - left.length }));
        setPeople(left);
        const refusal = answers.find((answer) => !answer.ok)?.refusal;
        if (refusal !== undefined) return { form: t("add.failed", { reason: refusalText(refusal) }) };
        onClose();
        return undefined;
      },
    },
  );
  const isHere = ({ id }: Suggestion) => room.members?.has(id) === true;
  return (
    <FormDialog
      title={rich("add.title", { room: <bdi>{room.state.name}</bdi> })}
      form={form}
      act={t("add.act")}
      busyLabel={t("add.busy")}
      disabledWhy={people.length === 0 ? t("add.nobody_why") : undefined}
      onClose={onClose}
    >
      <Chips people={people} onRemove={(gone) => setPeople(people.filter(({ id }) => id !== gone))} />
      <PeopleSearch
        label={t("add.who")}
        hint={t("owners.add_hint")}
        without={people.map(({ id }) => id)}
        noteOf={(person) => (isHere(person) ? t("add.here") : undefined)}
        onChoose={(person) => setPeople([...people, person])}
        onBackspace={() => setPeople(people.slice(0, -1))}
      />
      <div class="field">
        <Segmented<Role>
          label={t("add.role")}
          value={role}
          choices={rolesForNew(chat.state.value, room).map((each) => ({ value: each, label: t(`role.${each}`) }))}
          onChange={setRole}
        />
        <p class="hint">{t(`add.role_${role}`)}</p>
      </div>
    </FormDialog>
  );
}
