import { t } from "../i18n/catalogue";

/** Filled: online; a hollow ring: offline. The words stand beside it, or hidden. */
export const PresenceDot = ({ online }: { readonly online: boolean }) => <span class={online ? "dot dot-on" : "dot"} />;

export const Presence = ({ online }: { readonly online: boolean }) => (
  <span class="stat">
    <PresenceDot online={online} />
    {t(online ? "presence.online" : "presence.offline")}
  </span>
);
