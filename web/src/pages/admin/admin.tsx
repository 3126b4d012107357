import type { FunctionComponent } from "preact";
import { t } from "../../i18n/catalogue";
import { adminSections, pathOf } from "../../routes";
import type { AdminSection } from "../../routes";
import type { IconName } from "../../ui/icon";
import { SectionPage } from "../section_page";
import { Rooms } from "./rooms";
import { Server } from "./server";
import { Users } from "./users";

const icons: Readonly<Record<AdminSection, IconName>> = { users: "people", rooms: "hash", server: "server" };
const pages: Readonly<Record<AdminSection, FunctionComponent>> = { users: Users, rooms: Rooms, server: Server };

/** Everything here goes through the API that bots use. */
export function Admin({ section }: { readonly section: AdminSection }) {
  const Page = pages[section];
  return (
    <SectionPage
      title={t("admin.title")}
      current={section}
      sections={adminSections.map((name) => ({
        name,
        label: t(`admin.${name}`),
        icon: icons[name],
        path: pathOf({ page: "admin", section: name }),
      }))}
    >
      <Page />
    </SectionPage>
  );
}
