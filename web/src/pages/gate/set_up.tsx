import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../app_context";
import type { Refusal } from "../../api/http";
import { t } from "../../i18n/catalogue";
import { go } from "../../routes";
import { Button } from "../../ui/button";
import { Field, PasswordField } from "../../ui/field";
import { accountErrors, checkAccount } from "../account_form";
import type { AccountField } from "../account_form";
import type { Errors } from "../form";
import { Form, FormError, useForm } from "../form";
import { usePageTitle } from "../page_title";
import { isRefused, refusalText } from "../refusal_text";
import { CardPage } from "./card_pages";
import { Gate } from "./gate";

type Link = "good" | "used" | "wrong";

/** Both are 404; only the words tell a server that has its admin from a code that is not its own. */
const linkOf = (refusal: Refusal): Link => {
  if (!isRefused(refusal, 404)) return "good";
  return refusal.kind === "refused" && refusal.description.includes("already") ? "used" : "wrong";
};

/** The first admin, the server's name and the first room, by the link that `makechat serve` prints. */
export function SetUp({ code }: { readonly code: string }) {
  const { calls } = useApp();
  const [link, setLink] = useState<Link>(code === "" ? "wrong" : "good");
  useEffect(() => {
    if (code === "") return;
    // An account without a name is refused in any case, but a link that does not fit is refused before it: who has a
    // used link learns it now, and not after filling in a page.
    void calls.setUp(code, { username: "", email: "", password: "" }, "").then((answer) => {
      if (!answer.ok) setLink(linkOf(answer.refusal));
    });
  }, [calls, code]);

  if (link === "good") return <SetUpForm code={code} onLink={setLink} />;
  return link === "used" ? (
    <CardPage
      title={t("setup.used_title")}
      text={t("setup.used")}
      action={
        <a class="btn btn-primary" href="/login">
          {t("signin.submit")}
        </a>
      }
    />
  ) : (
    <CardPage title={t("setup.wrong_title")} text={t("setup.wrong")} />
  );
}

type SetUpField = AccountField | "server" | "room";

interface SetUpFormProps {
  readonly code: string;
  readonly onLink: (link: Link) => void;
}

function SetUpForm({ code, onLink }: SetUpFormProps) {
  const { calls, session } = useApp();
  usePageTitle(t("setup.title"));
  // The link works once: if the room fails, the account stands, and only the room is tried again.
  const [isAccountMade, setAccountMade] = useState(false);

  const makeAccount = async (values: Readonly<Record<SetUpField, string>>): Promise<Errors<SetUpField> | undefined> => {
    const answer = await calls.setUp(code, values, values.server.trim());
    if (answer.ok) {
      setAccountMade(true);
      return undefined;
    }
    onLink(linkOf(answer.refusal));
    return accountErrors(answer.refusal);
  };
  const makeRoom = async (name: string): Promise<Errors<SetUpField> | undefined> => {
    const made = await calls.createRoom({ name: name.trim(), isOpen: true, isVisible: true });
    if (!made.ok) return { room: t("setup.room_failed", { reason: refusalText(made.refusal) }) };
    await session.ask();
    go({ page: "room", room: made.value.id });
    return undefined;
  };
  const form = useForm<SetUpField>(
    { username: "", email: "", password: "", server: "", room: t("setup.room_first") },
    {
      check: (values) => ({
        ...(!isAccountMade && checkAccount(values)),
        ...(!isAccountMade && values.server.trim() === "" && { server: t("field.name_missing") }),
        ...(values.room.trim() === "" && { room: t("field.name_missing") }),
      }),
      send: async (values) => (isAccountMade ? undefined : await makeAccount(values)) ?? (await makeRoom(values.room)),
    },
  );

  return (
    <Gate wide>
      <Form of={form} look="sheet">
        <div>
          <h1>{t("setup.title")}</h1>
          <p class="lead">{t("setup.lead")}</p>
        </div>
        <div ref={form.place}>
          {!isAccountMade && (
            <>
              <section class="step">
                <StepHead title={t("setup.you")} hint={t("setup.you_hint")} />
                <div class="rows">
                  <div class="pair">
                    <Field
                      label={t("field.username")}
                      autocomplete="username"
                      maxLength={120}
                      verbatim
                      autofocus
                      {...form.field("username")}
                    />
                    <Field label={t("field.email")} kind="email" autocomplete="email" verbatim {...form.field("email")} />
                  </div>
                  <PasswordField
                    label={t("field.password")}
                    hint={t("signup.password")}
                    autocomplete="new-password"
                    {...form.field("password")}
                  />
                </div>
              </section>
              <section class="step">
                <StepHead title={t("setup.server")} hint={t("setup.server_hint")} />
                <Field label={t("setup.server_name")} maxLength={120} {...form.field("server")} />
              </section>
            </>
          )}
          <section class="step">
            <StepHead title={t("setup.room")} hint={t("setup.room_hint")} />
            <Field label={t("setup.room_name")} maxLength={120} {...form.field("room")} />
          </section>
        </div>
        <FormError text={form.errors.form} />
        <div class="actions spread">
          <p class="hint" id="once">
            {t("setup.once")}
          </p>
          <Button type="submit" variant="primary" describedBy="once" busy={form.busy} busyLabel={t("setup.busy")}>
            {t("setup.submit")}
          </Button>
        </div>
      </Form>
    </Gate>
  );
}

const StepHead = ({ title, hint }: { readonly title: string; readonly hint: string }) => (
  <div>
    <h2>{title}</h2>
    <p class="hint">{hint}</p>
  </div>
);
