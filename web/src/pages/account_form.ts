import type { Refusal } from "../api/http";
import { t } from "../i18n/catalogue";
import type { Errors } from "./form";
import { isRefused, refusalText } from "./refusal_text";

export type AccountField = "username" | "email" | "password";

/** As the server counts: eight Latin letters, or four Cyrillic ones. */
const passwordBytesMin = 8;
const utf8 = new TextEncoder();
const usernameForm = /^[a-zA-Z0-9_-]{1,120}$/;
/** No more than a look: the server and its letter to that address know better. */
const emailForm = /^\S+@\S+$/;

/** The rules of a new account that a page can tell without the server. */
export function checkAccount({ username, email, password }: Readonly<Record<AccountField, string>>): Errors<AccountField> {
  return {
    ...(username === "" && { username: t("field.username_missing") }),
    ...(username !== "" && !usernameForm.test(username) && { username: t("signup.name") }),
    ...(!emailForm.test(email) && { email: t("field.email_wrong") }),
    ...checkPassword(password),
  };
}

export const checkPassword = (password: string): Errors<"password"> =>
  password === ""
    ? { password: t("field.password_missing") }
    : utf8.encode(password).byteLength < passwordBytesMin
      ? { password: t("field.password_short") }
      : {};

/** At which field a refused account is wrong. The descriptions are api.md's own words. */
export function accountErrors(refusal: Refusal): Errors<AccountField> {
  if (refusal.kind !== "refused") return { form: refusalText(refusal) };
  const isTaken = refusal.description.includes("already taken");
  if (isRefused(refusal, 400, "Bad username"))
    return { username: isTaken ? t("signup.taken") : t("signup.name_reserved") };
  if (isRefused(refusal, 400, "Bad email")) return { email: isTaken ? t("signup.email") : t("field.email_wrong") };
  if (isRefused(refusal, 400, "Bad password")) return { password: t("field.password_short") };
  if (isRefused(refusal, 429)) return { form: t("signin.wait", { n: refusal.retryAfter ?? 1 }) };
  return { form: refusalText(refusal) };
}
