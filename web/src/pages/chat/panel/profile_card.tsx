import { useEffect, useState } from "preact/hooks";
import type { UserId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { nameOf } from "../../../model/presence";
import type { Person, RoomInChat } from "../../../model/state";
import { go } from "../../../routes";
import { Avatar } from "../../../ui/avatar";
import { Tag } from "../../../ui/badge";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { FormError } from "../../form";
import { refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";
import { useOpenDirect } from "../open_direct";
import { PresenceOrLastSeen } from "./last_seen";
import { closeProfile, profileShown } from "./profile";

/** The profile that was asked for, over the room one is in. */
export function ProfileCard({ room }: { readonly room: RoomInChat }) {
  const { chat } = useChat();
  const id = profileShown.value;
  useEffect(() => {
    if (id !== null) chat.wantUsers([id]);
  }, [chat, id]);
  const person = id === null ? undefined : chat.state.value.users.get(id);
  return person === undefined ? null : <Card key={person.id} person={person} room={room} onClose={closeProfile} />;
}

interface CardProps {
  readonly person: Person;
  readonly room: RoomInChat;
  readonly onClose: () => void;
}

function Card({ person, room, onClose }: CardProps) {
  const { chat } = useChat();
  const state = chat.state.value;
  const name = nameOf(person);
  const isMe = person.id === state.me.id;
  const online = state.online.has(person.id);
  return (
    <Dialog
      title={<bdi>{name}</bdi>}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("act.close")}</Button>
          {isMe ? <EditOwn onClose={onClose} /> : !person.bot && <Message id={person.id} onClose={onClose} />}
        </>
      }
    >
      <div class="profile">
        <Avatar id={person.id} name={name} bot={person.bot} />
        <p class="cut">
          <span>@{person.username}</span>
          {isMe && <Tag>{t("tag.you")}</Tag>}
          {person.bot && <Tag bot>{t("tag.bot")}</Tag>}
        </p>
        {!person.bot && <PresenceOrLastSeen user={person.id} online={online} />}
      </div>
      {person.isDisabled && <p>{t("person.disabled")}</p>}
      {room.state?.kind === "room" && room.members !== null && (
        <dl class="facts">
          <dt>{t("person.role")}</dt>
          <dd>{roleText(room, person.id)}</dd>
        </dl>
      )}
    </Dialog>
  );
}

function roleText(room: RoomInChat, id: UserId): string {
  const role = room.members?.get(id)?.role;
  return role === undefined ? t("person.not_here") : t(`role.${role}`);
}

const EditOwn = ({ onClose }: { readonly onClose: () => void }) => (
  <Button
    variant="primary"
    onClick={() => {
      onClose();
      go({ page: "settings", section: "profile" });
    }}
  >
    {t("person.edit")}
  </Button>
);

function Message({ id, onClose }: { readonly id: UserId; readonly onClose: () => void }) {
  const openDirect = useOpenDirect();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const open = async () => {
    setBusy(true);
    const refusal = await openDirect([id]);
    setBusy(false);
    if (refusal === null) onClose();
    else setError(refusalText(refusal));
  };
  return (
    <>
      <FormError text={error} />
      <Button variant="primary" busy={isBusy} onClick={() => void open()}>
        {t("members.message")}
      </Button>
    </>
  );
}
