import { rich, t } from "../../../i18n/catalogue";
import type { RoomId } from "../../../api/shapes";
import type { LostRoom } from "../../../model/state";
import { KeptDraft, useKeptDraft } from "./kept_draft";
import { NoRoomHere } from "./no_room_here";

/** What stays of a room that one is no longer in, or that is gone: a sentence, a way on, and what one was writing. */
export function LostRoomPage({ id, lost }: { readonly id: RoomId; readonly lost: LostRoom }) {
  const draft = useKeptDraft(id);
  const name = { room: <bdi>{lost.name}</bdi> };
  const gone = draft === "" ? rich("room.removed_only", name) : rich("room.removed", name);
  return (
    <NoRoomHere
      title={lost.name ?? t("page.404_title")}
      text={lost.name === null ? t("page.404") : lost.why === "deleted" ? rich("room.gone", name) : gone}
      action={
        <a class="btn btn-primary" href="/rooms">
          {t("lost.browse")}
        </a>
      }
    >
      {draft !== "" && <KeptDraft room={id} text={draft} />}
    </NoRoomHere>
  );
}
