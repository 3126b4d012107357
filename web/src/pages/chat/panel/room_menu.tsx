import { useState } from "preact/hooks";
import { useApp } from "../../../app_context";
import type { Level } from "../../../api/shapes";
import { t } from "../../../i18n/catalogue";
import { nameOfRoom, peersIn } from "../../../model/presence";
import { mayOwn } from "../../../model/state";
import type { LoadedRoom } from "../../../model/state";
import { unreadIn } from "../../../model/unread";
import { pathOf } from "../../../routes";
import { copyText } from "../../../ui/clipboard";
import { Lazy } from "../../../ui/lazy";
import { MenuButton } from "../../../ui/menu";
import type { MenuEntry, MenuItem } from "../../../ui/menu";
import { toasts } from "../../../ui/toast";
import { refusalText } from "../../refusal_text";
import { useChat } from "../chat_services";
import { MissingDialog } from "../later";
import { openPanel } from "./panel_state";
import { openProfile } from "./profile";

type Exit = "leave" | "delete";

const loadExits = () => import("./room_exits");

export const levels: readonly Level[] = ["all", "mentions", "none"];

export function useSetLevel(room: LoadedRoom): (level: Level) => void {
  const { calls } = useApp();
  return (level) =>
    void calls.setLevel(room.id, level).then((answer) => {
      if (!answer.ok) toasts.show(refusalText(answer.refusal));
    });
}

/** Everything that one can do with a room. */
export function RoomMenu({ room }: { readonly room: LoadedRoom }) {
  const [exit, setExit] = useState<Exit>();
  const { chat } = useChat();
  const entries = useEntries(room, setExit);
  const close = () => setExit(undefined);
  return (
    <>
      <MenuButton label={t("bar.menu")} entries={entries} heading={<bdi>{nameOfRoom(chat.state.value, room)}</bdi>} />
      {exit !== undefined && (
        <Lazy load={loadExits} waiting={null} failed={<MissingDialog onClose={close} />}>
          {({ LeaveRoom, DeleteThisRoom }) =>
            exit === "leave" ? <LeaveRoom room={room} onClose={close} /> : <DeleteThisRoom room={room} onClose={close} />
          }
        </Lazy>
      )}
    </>
  );
}

function useEntries(room: LoadedRoom, ask: (exit: Exit) => void): readonly MenuEntry[] {
  const { chat } = useChat();
  const setLevel = useSetLevel(room);
  const state = chat.state.value;
  const isRoom = room.state.kind === "room";
  const peers = peersIn(state, room);
  const [peer] = peers;

  const entries: MenuEntry[] = [];
  if (isRoom || peers.length > 1)
    entries.push({ label: t("members.title"), icon: "people", select: () => openPanel(room.id, "members") });
  else if (peer !== undefined)
    entries.push({ label: t("members.profile"), icon: "user", select: () => openProfile(peer.id) });
  if (isRoom) entries.push({ label: t("room_settings.title"), icon: "gear", select: () => openPanel(room.id, "settings") });
  entries.push({ label: t("bar.copy_link"), icon: "link", select: () => void copyLink(room) });
  if (unreadIn(room.marker) > 0)
    entries.push({ label: t("bar.mark_read"), icon: "check", select: () => void chat.markRead(room.id) });
  const items = levels.map((level): MenuItem => {
    const checked = room.marker.level === level;
    return { label: t(`level.${level}`), icon: "check", checked, select: () => setLevel(level) };
  });
  entries.push("line", { title: t("level.title"), items });
  if (isRoom) entries.push("line", { label: t("leave.act"), icon: "exit", select: () => ask("leave") });
  if (mayOwn(state, room))
    entries.push({ label: t("room.delete_act"), icon: "trash", danger: true, select: () => ask("delete") });
  return entries;
}

async function copyLink({ id }: LoadedRoom): Promise<void> {
  await copyText(new URL(pathOf({ page: "room", room: id }), location.href).href);
  toasts.show(t("act.copied"));
}
