import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { about } from "../about";
import { t } from "../i18n/catalogue";
import { Icon, Mark } from "../ui/icon";
import type { IconName } from "../ui/icon";
import "../styles/admin.css";
import { useRoomList } from "./chat/side/room_list";
import { usePageTitle } from "./page_title";

export interface Section<Name extends string> {
  readonly name: Name;
  readonly label: string;
  readonly icon: IconName;
  readonly path: string;
}

interface SectionPageProps<Name extends string> {
  /** "Administration", "Settings". */
  readonly title: string;
  readonly sections: readonly Section<Name>[];
  readonly current: Name;
  /** Below the sections, above the way back. */
  readonly more?: ComponentChildren;
  /** The same on a phone: an icon button at the end of the head. */
  readonly narrowMore?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A list of sections beside the page of one; above it on a phone. */
export function SectionPage<Name extends string>(props: SectionPageProps<Name>) {
  const { title, sections, current } = props;
  const label = sections.find((section) => section.name === current)?.label ?? "";
  const list = useRef<HTMLUListElement>(null);
  usePageTitle(`${label} · ${title}`, useRoomList().forMe);
  // On a phone the sections stand in a row that may be longer than the screen.
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [current]);
  return (
    <div class="admin">
      <nav class="admin-nav" aria-label={title}>
        <p class="brand">
          <a class="icon-btn narrow-only" href="/" aria-label={t("settings.back")}>
            <Icon name="left" />
          </a>
          <Mark />
          <span>
            <bdi>{about.value.name}</bdi>
            <small>{title}</small>
          </span>
          {props.narrowMore}
        </p>
        <ul ref={list}>
          {sections.map((section) => (
            <li key={section.name}>
              <a class="room" href={section.path} aria-current={section.name === current ? "page" : undefined}>
                <Icon name={section.icon} />
                <span class="name">{section.label}</span>
              </a>
            </li>
          ))}
        </ul>
        {props.more}
        <a class="room wide-only" href="/">
          <Icon name="left" />
          <span class="name">{t("settings.back")}</span>
        </a>
      </nav>
      <main class="page" tabIndex={-1}>
        {props.children}
      </main>
    </div>
  );
}

interface PageHeadProps {
  readonly title: string;
  /** Beside the title: how many there are, what this is. */
  readonly aside?: string | undefined;
  readonly children?: ComponentChildren;
}

export const PageHead = ({ title, aside, children }: PageHeadProps) => (
  <header class="page-head">
    <h1>
      {title}
      {aside !== undefined && <span class="muted num"> {aside}</span>}
    </h1>
    {children}
  </header>
);
