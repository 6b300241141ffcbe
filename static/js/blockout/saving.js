// Saving with a number: the server takes a plan only on top of the revision it was drawn on. Every step is also
// kept in this browser, so that neither a crash nor a lost line costs any of it.

const KEEP_AFTER = 400; // milliseconds after the last step

const time = (when) => new Date(when).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

/** desk: what the page was given. notice: {show(words, level, actions), hide()}. */
export class Saving {
  constructor(store, desk, { notice, state, number, exported, dialog, button }) {
    Object.assign(this, { store, desk, notice, state, number, exported, dialog, button });
    this.busy = false;
    this.timer = 0;
    this.theirs = null;
    this.newest = { number: store.number, words: "" }; // the newest revision that was heard of
    this.told = store.number; // of which the notice has told
    this.aside = null; // a draft that another revision took the place of, until somebody says what shall become of it
    store.addEventListener("plan", () => this.#later());
    store.addEventListener("saved", () => this.#tell());
    window.addEventListener("beforeunload", (event) => {
      this.keep();
      // The draft is kept here; the browser only asks when it could not be.
      if (this.store.dirty && !this.#draft()) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    dialog?.addEventListener("click", (event) => this.#answer(event.target.closest("[data-conflict]")?.dataset.conflict));
    if (store.editable) this.#offerDraft();
    this.#tell();
  }

  get draftKey() {
    return `previs.blockout.${this.desk.set}`;
  }

  #draft() {
    try {
      return JSON.parse(localStorage.getItem(this.draftKey));
    } catch {
      return null;
    }
  }

  #draftOfNow() {
    return { number: this.store.number, at: Date.now(), document: this.store.plan };
  }

  #later() {
    this.#tell();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), KEEP_AFTER);
  }

  /** Write the draft into this browser, or take it away when everything is saved. */
  keep() {
    clearTimeout(this.timer);
    if (!this.store.editable) return;
    try {
      const draft = this.store.dirty ? this.#draftOfNow() : this.aside;
      if (draft) localStorage.setItem(this.draftKey, JSON.stringify(draft));
      else localStorage.removeItem(this.draftKey);
    } catch {
      this.notice.show("This browser keeps no draft (its storage is full or off). Save often.", "bad");
    }
  }

  #offerDraft() {
    const draft = this.#draft();
    if (!draft?.document || JSON.stringify(draft.document) === JSON.stringify(this.store.plan)) return;
    if (draft.number === this.store.number) {
      const saved = this.store.plan;
      this.store.change("take up the draft", () => draft.document);
      this.notice.show(`Your unsaved steps of ${time(draft.at)} are back.`, "info", [
        ["Keep them", () => this.notice.hide()],
        ["Discard them", () => this.#discard(saved)],
      ]);
      return;
    }
    this.aside = draft;
    this.notice.show(`Plan ${this.store.number} was saved after your unsaved steps of ${time(draft.at)}, which began on plan ${draft.number}.`, "info", this.#choices());
  }

  /** What can be done with a draft that was put aside. */
  #choices() {
    if (!this.aside) return [];
    const { document: mine } = this.aside;
    const answer = (verb) => () => {
      this.aside = null;
      verb();
      this.keep();
      this.notice.hide();
    };
    return [
      ["Look at mine", answer(() => this.store.change("take up the draft", () => mine))],
      ["Discard mine", answer(() => {})],
    ];
  }

  /** Another revision takes the place of this one. What was not saved is put aside, not away. */
  #take({ number, document: plan }) {
    if (this.store.editable && this.store.dirty) this.aside = this.#draftOfNow();
    this.store.replace(plan, number);
    this.keep();
    if (!this.aside) return this.notice.hide();
    const { at, number: began } = this.aside;
    return this.notice.show(`Plan ${number} is loaded. Your unsaved steps of ${time(at)}, on plan ${began}, are kept in this browser.`, "info", this.#choices());
  }

  async #fetched(address) {
    try {
      const answer = await fetch(address);
      if (answer.ok) return await answer.json();
      this.notice.show(`Not loaded: the server answered ${answer.status}. Nothing here has changed.`, "bad");
    } catch {
      this.notice.show("Not loaded: the server could not be reached. Nothing here has changed; try again when it is back.", "bad");
    }
    return null;
  }

  /** Somebody saved. number: of the newest revision.  words: who saved it. */
  heard(number, words) {
    this.newest = { number, words };
    this.#tell();
    // While this window saves, its own revision may be the one that is told of.
    if (this.busy || number <= Math.max(this.store.number, this.told)) return;
    this.told = number;
    const mine = this.store.dirty ? "Your unsaved steps are still here." : `You see plan ${this.store.number}.`;
    this.notice.show(`${words} ${mine}`, "info", [
      ["Load theirs", () => this.#loadNewest()],
      ...this.#choices(),
      [this.store.dirty ? "Go on with mine" : "Not now", () => this.notice.hide()],
    ]);
  }

  async #loadNewest() {
    const latest = await this.#fetched(this.desk.urls.latest);
    if (latest) this.#take(latest);
  }

  /** Open an earlier revision as an unsaved step, so that saving makes it the newest; a viewer only looks at it. */
  async open(number) {
    const found = await this.#fetched(`${this.desk.urls.latest}?plan=${number}`);
    if (!found) return;
    if (!this.store.editable || number >= this.store.number) {
      this.#take(found);
      return;
    }
    const before = this.store.dirty ? " Undo brings your unsaved steps back." : "";
    this.store.change(`open plan ${number}`, () => found.document);
    this.notice.show(`Plan ${number} is open. Save makes it the newest plan, and every other one is kept.${before}`);
  }

  #discard(saved) {
    this.store.replace(saved, this.store.number);
    localStorage.removeItem(this.draftKey);
    this.notice.hide();
  }

  #tell() {
    const { dirty, number } = this.store;
    this.number.textContent = `Plan ${number}`;
    this.exported.textContent = Math.max(number, this.newest.number);
    this.state.textContent = this.busy ? "Saving…" : dirty ? "Not saved; kept in this browser" : this.savedAt ? `Saved ${time(this.savedAt)}` : "Saved";
    this.button?.toggleAttribute("disabled", this.busy || !dirty);
  }

  /** Store the plan on the server. onto: the revision it shall follow, when that is another one than it began on. */
  async save(onto = this.store.number) {
    if (this.busy || !this.store.editable || !this.store.dirty) return;
    const plan = this.store.plan;
    this.busy = true;
    this.#tell();
    try {
      const answer = await fetch(this.desk.urls.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) },
        body: JSON.stringify({ number: onto, document: plan }),
      });
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (answer.ok) this.#stored(told.number, plan);
      else if (answer.status === 409) this.#conflict(told);
      else this.notice.show(this.#refusal(answer, told), "bad");
    } catch {
      this.notice.show("Not saved: the server could not be reached. Your plan is kept in this browser; save again when it is back.", "bad");
    } finally {
      this.busy = false;
      this.#tell();
    }
    this.heard(this.newest.number, this.newest.words);
  }

  #stored(number, plan) {
    this.savedAt = Date.now();
    this.store.storedAs(number, plan);
    if (this.aside?.document === plan) this.aside = null;
    this.keep();
    if (!this.aside) this.notice.hide();
  }

  #refusal(answer, told) {
    if (told.error) return `Not saved: ${told.error}`;
    if (answer.status === 403) return "Not saved: your role on this production is to watch.";
    return `Not saved: the server answered ${answer.status}. Your plan is kept in this browser.`;
  }

  #conflict({ error, latest }) {
    this.theirs = latest;
    this.told = latest.number;
    this.dialog.querySelector("[data-conflict-words]").textContent = error;
    this.dialog.showModal();
  }

  #answer(choice) {
    if (!choice) return;
    this.dialog.close();
    if (choice === "mine") this.save(this.theirs.number);
    else if (choice === "theirs") this.#take(this.theirs);
  }
}
