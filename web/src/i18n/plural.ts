/** The plural form of `count` in `language`: "one" and "other" in English, "one", "few" and "many" in Russian. */
export const pluralForm = (language: string, count: number): Intl.LDMLPluralRule =>
  rulesOf(language).select(count);

const known = new Map<string, Intl.PluralRules>();

const rulesOf = (language: string): Intl.PluralRules => {
  let rules = known.get(language);
  if (rules === undefined) known.set(language, (rules = new Intl.PluralRules(language)));
  return rules;
};
