// Which language the page speaks: what its address asks for, else what was chosen in this browser, else the first that the browser asks
// for and the page has, else English. It is settled once, before anything is drawn; another one comes with a reload. No words here.

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A text or a sentence with gaps, or a tree of such: what English has, every other language has, and with the same gaps. */
export type Words<T> = T extends string
  ? string
  : T extends (...gaps: infer Gaps) => string
    ? (...gaps: Gaps) => string
    : { [Key in keyof T]: Words<T[Key]> };

const STORED = "soft-thinking-lab-language";
const KEY = "lang";
/** In the address: as the browser asks, also where a page would else wait to be told. */
export const AUTO = "auto";

export interface Wishes {
  /** Of the address; the hash comes before the query. */
  hash: string;
  query: string;
  stored: string | null;
  /** What the browser asks for, most wanted first. */
  browser: readonly string[];
  /** A frame in somebody's page: it speaks that page's language, which only the address tells. */
  framed: boolean;
}

export function languageFor({ hash, query, stored, browser, framed }: Wishes): Language {
  const asked = askedIn(hash) ?? askedIn(query);
  const wanted = framed && asked !== AUTO ? [asked] : [asked, stored, ...browser];
  for (const one of wanted) {
    const known = knownAs(one);
    if (known !== undefined) return known;
  }
  return "en";
}

/** "de-AT" is German. */
function knownAs(tag: string | null | undefined): Language | undefined {
  const primary = tag?.split("-")[0]?.toLowerCase();
  return LANGUAGES.find((one) => one === primary);
}

export function isLanguageWish(text: string): boolean {
  return text === AUTO || knownAs(text) !== undefined;
}

function askedIn(address: string): string | null {
  return new URLSearchParams(address.replace(/^[#?]/, "")).get(KEY);
}

/** The hash with this language in the place of any other. */
export function withLanguage(hash: string, wanted: Language): string {
  const others = hash
    .replace(/^#/, "")
    .split("&")
    .filter((piece) => piece !== "" && piece.split("=")[0] !== KEY);
  return `#${[...others, `${KEY}=${wanted}`].join("&")}`;
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function ofThisPage(): Language {
  // Where sentences are tested there is no page.
  if (typeof document === "undefined") return "en";
  return languageFor({
    hash: location.hash,
    query: location.search,
    stored: stored(),
    browser: navigator.languages,
    framed: document.documentElement.dataset.language === "asked",
  });
}

export let language: Language = ofThisPage();

/** What links to other pages of the site carry, so that a language asked for by the address stays. */
export function carried(): string {
  return askedIn(location.hash) === null && askedIn(location.search) === null ? "" : `#${KEY}=${language}`;
}

/** The words in the page's language. Those of other languages than English are fetched when they are wanted; English speaks where they
 * do not come. */
export async function inLanguage<T>(
  english: T,
  others: Record<Exclude<Language, "en">, () => Promise<Words<T>>>,
): Promise<Words<T>> {
  if (language !== "en") {
    try {
      return await others[language]();
    } catch (thrown) {
      console.warn(thrown);
      language = "en";
    }
  }
  return english as Words<T>;
}

/** Reloads the page in another language; its address keeps every choice, and the browser remembers this one. */
export function speak(wanted: Language): void {
  try {
    localStorage.setItem(STORED, wanted);
  } catch {
    // The address says it too.
  }
  history.replaceState(history.state, "", withLanguage(location.hash, wanted));
  location.reload();
}
