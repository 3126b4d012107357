import { useEffect, useState } from "preact/hooks";
import type { Room } from "../../api/shapes";
import { useAccount, useApp } from "../../app_context";
import { t } from "../../i18n/catalogue";
import { pathOf } from "../../routes";
import type { Route } from "../../routes";
import { EmptyState } from "../../ui/empty_state";
import { Icon } from "../../ui/icon";
import { usePageTitle } from "../page_title";

interface ChatProps {
  readonly at: Extract<Route, { page: "chat" | "room" | "browse" | "direct" }>;
}

/** The frame of the chat: my rooms, and the way to settings and administration. */
export function Chat({ at }: ChatProps) {
  const { calls } = useApp();
  const account = useAccount();
  const [rooms, setRooms] = useState<readonly Room[]>([]);
  usePageTitle("");
  useEffect(() => {
    void calls.myRooms().then((answer) => {
      if (answer.ok) setRooms(answer.value);
    });
  }, [calls]);
  return (
    <div class="admin">
      <nav class="admin-nav" aria-label={t("admin.rooms")}>
        <ul>
          {rooms.map((room) => (
            <li key={room.id}>
              <a
                class="room"
                href={pathOf({ page: "room", room: room.id })}
                aria-current={at.page === "room" && at.room === room.id ? "page" : undefined}
              >
                <Icon name={room.isOpen ? "hash" : "lock"} />
                <span class="name cut">{room.name}</span>
              </a>
            </li>
          ))}
        </ul>
        <a class="room" href={pathOf({ page: "settings", section: "profile" })}>
          <Icon name="gear" />
          <span class="name">{t("settings.title")}</span>
        </a>
        {account.isSuperuser && (
          <a class="room" href={pathOf({ page: "admin", section: "users" })}>
            <Icon name="server" />
            <span class="name">{t("admin.title")}</span>
          </a>
        )}
      </nav>
      <main class="page" tabIndex={-1}>
        <h1 class="unseen">{t("admin.rooms")}</h1>
        {rooms.length === 0 && <EmptyState text={t("rooms.none")} />}
      </main>
    </div>
  );
}
