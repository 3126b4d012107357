import type { ComponentChildren } from "preact";
import { useCallback, useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { Room, RoomId } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { Button } from "../../../ui/button";
import { Skeleton } from "../../../ui/skeleton";
import { FormError } from "../../form";
import { useListing } from "../../listing";
import { isRefused, refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";
import { useJoin } from "../join";
import { KeptDraft, useKeptDraft } from "./kept_draft";
import { linkedText } from "./linked_text";
import { NoRoomHere } from "./no_room_here";

/** A room that one is not in: known to him, and then perhaps to be joined, or not there for him. */
export function StrangeRoom({ id }: { readonly id: RoomId }) {
  const { calls } = useApp();
  const ask = useCallback(() => calls.room(id), [calls, id]);
  const { listing, reload } = useListing(ask);
  const draft = useKeptDraft(id);
  const kept = draft !== "" && <KeptDraft room={id} text={draft} />;
  switch (listing.kind) {
    case "loading":
      return (
        <main class="main" tabIndex={-1}>
          <Skeleton rows={8} />
        </main>
      );
    case "refused":
      if (isRefused(listing.refusal, 404) || isRefused(listing.refusal, 403))
        return (
          <NoRoomHere title={t("page.404_title")} text={t("page.404")} action={homeLink()}>
            {kept}
          </NoRoomHere>
        );
      return (
        <NoRoomHere
          title={t("page.offline_title")}
          text={refusalText(listing.refusal)}
          action={<Button onClick={reload}>{t("act.retry")}</Button>}
        />
      );
    case "there":
      return <Found room={listing.value}>{kept}</Found>;
  }
}

const homeLink = () => (
  <a class="btn btn-primary" href="/">
    {t("page.home")}
  </a>
);

interface FoundProps {
  readonly room: Room;
  readonly children: ComponentChildren;
}

function Found({ room, children }: FoundProps) {
  const { chat } = useChat();
  const enter = useEnter(room);
  const isSuperuser = chat.state.value.me.isSuperuser;
  const mayEnter = (room.isOpen || isSuperuser) && !enter.isBarred;
  return (
    <NoRoomHere
      title={room.name ?? ""}
      icon={room.isOpen ? "hash" : "lock"}
      text={
        <span class="stacked">
          {room.topic !== "" && (
            <span class="whole-topic" dir="auto">
              {linkedText(room.topic)}
            </span>
          )}
          <span class="muted num">{t("strange.members", { n: room.membersTotal })}</span>
          <span role="status">
            {t(mayEnter ? "strange.open" : enter.isBarred ? "strange.barred" : "strange.private")}
          </span>
        </span>
      }
      action={
        mayEnter && (
          <>
            <FormError text={enter.error} />
            <Button variant="primary" busy={enter.isBusy} busyLabel={t("strange.joining")} onClick={enter.go}>
              {t("strange.join")}
            </Button>
          </>
        )
      }
    >
      {children}
    </NoRoomHere>
  );
}

/** Into an open room as anybody; into a private one a superuser adds himself, which its members see. */
function useEnter(room: Room) {
  const { calls } = useApp();
  const { chat } = useChat();
  const join = useJoin();
  const [isBusy, setBusy] = useState(false);
  const [isBarred, setBarred] = useState(false);
  const [error, setError] = useState<string>();
  const enter = async () => {
    setBusy(true);
    const added = room.isOpen ? null : await calls.invite(room.id, chat.state.value.me.id, "member");
    const refusal = added?.ok === false ? added.refusal : await join(room.id);
    setBusy(false);
    if (refusal === null) return;
    // Who was removed comes back only by an owner.
    if (isRefused(refusal, 403)) setBarred(true);
    else setError(refusalText(refusal));
  };
  return { isBusy, isBarred, error, go: () => void enter() };
}
