import { about, mayCreateRooms } from "../../../about";
import { t } from "../../../i18n/catalogue";
import { go } from "../../../routes";
import { Icon, Mark } from "../../../ui/icon";
import { MenuButton } from "../../../ui/menu";
import type { MenuEntry } from "../../../ui/menu";
import { commandKey } from "../../../ui/platform";
import { useChat } from "../chat_services";
import { useSignOut } from "./sign_out";

/** What belongs to no room. */
export function ServerMenu() {
  const { chat, desk } = useChat();
  const { signOut, dialog } = useSignOut();
  const name = chat.serverName.value === "" ? about.value.name : chat.serverName.value;
  const { me } = chat.state.value;
  const entries: readonly MenuEntry[] = [
    ...(mayCreateRooms(me)
      ? [{ label: t("side.create_room"), icon: "plus" as const, select: () => desk.show("create_room") }]
      : []),
    { label: t("side.browse"), icon: "compass", select: () => go({ page: "browse" }) },
    { label: t("side.new_direct"), icon: "compose", select: () => go({ page: "direct" }) },
    "line",
    ...(me.isSuperuser
      ? [{ label: t("admin.title"), icon: "shield" as const, select: () => go({ page: "admin", section: "users" }) }]
      : []),
    { label: t("settings.title"), icon: "gear", select: () => go({ page: "settings", section: "profile" }) },
    { label: t("keys.title"), icon: "key", shortcut: `${commandKey} /`, select: () => desk.show("keys") },
    "line",
    { label: t("settings.sign_out"), icon: "exit", select: signOut },
  ];
  return (
    <>
      <MenuButton label={t("side.server_menu", { server: name })} look="server" edge="start" heading={<bdi>{name}</bdi>} entries={entries}>
        <Mark />
        <bdi class="cut">{name}</bdi>
        <Icon name="down" />
      </MenuButton>
      {dialog}
    </>
  );
}
