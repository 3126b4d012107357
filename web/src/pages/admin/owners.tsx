import { useCallback, useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { Answer } from "../../api/http";
import type { Member, Room, Suggestion } from "../../api/shapes";
import { rich, t } from "../../i18n/catalogue";
import { Avatar } from "../../ui/avatar";
import { Button, IconButton } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { FormError } from "../form";
import { Listed } from "../listed";
import { useListing } from "../listing";
import { PeopleSearch } from "../people_search";
import { isRefused, refusalText } from "../refusal_text";
import { wholeList } from "../whole_list";

/** Who owns a room; each change takes effect as it is made. */
export function Owners({ room, onClose }: { readonly room: Room; readonly onClose: () => void }) {
  const { calls } = useApp();
  const ask = useCallback(() => wholeList((part) => calls.members(room.id, part)), [calls, room.id]);
  const { listing, reload } = useListing(ask);
  const [error, setError] = useState<string>();

  const tell = (answer: Answer<Member>) => {
    if (answer.ok) setError(undefined);
    else setError(isRefused(answer.refusal, 409) ? t("room.last_owner") : refusalText(answer.refusal));
    reload();
  };
  const add = async ({ id }: Suggestion) => {
    const joined = await calls.invite(room.id, id, "owner");
    // Who is in the room already keeps the role that he has there.
    if (joined.ok && joined.value.role !== "owner") tell(await calls.changeRole(room.id, joined.value.id, "owner"));
    else tell(joined);
  };
  const remove = async (owner: Member) => tell(await calls.changeRole(room.id, owner.id, "member"));

  return (
    <Dialog
      title={rich("admin_rooms.owners_title", { room: <bdi>{room.name}</bdi> })}
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={onClose}>
          {t("tokens.done")}
        </Button>
      }
    >
      <Listed listing={listing} onRetry={reload}>
        {(members) => {
          const owners = members.filter((member) => member.role === "owner");
          return (
            <>
              {owners.length === 0 && <p>{t("owners.none")}</p>}
              <ul class="list">
                {owners.map((owner) => (
                  <OwnerRow key={owner.user} owner={owner} onRemove={() => void remove(owner)} />
                ))}
              </ul>
              <FormError text={error} />
              <PeopleSearch
                label={t("owners.add")}
                hint={t("owners.add_hint")}
                without={owners.map((owner) => owner.user)}
                onChoose={(person) => void add(person)}
              />
            </>
          );
        }}
      </Listed>
    </Dialog>
  );
}

function OwnerRow({ owner, onRemove }: { readonly owner: Member; readonly onRemove: () => void }) {
  const name = owner.displayName === "" ? owner.username : owner.displayName;
  return (
    <li>
      <Avatar id={owner.user} name={name} size="md" online={owner.online} />
      <div>
        <b>
          <bdi>{name}</bdi>
        </b>
        <small>@{owner.username}</small>
      </div>
      <IconButton icon="x" label={t("owners.remove", { name })} onClick={onRemove} />
    </li>
  );
}
