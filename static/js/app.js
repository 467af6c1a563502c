/* What every resident page gains when JavaScript runs. Every page works without it. */
"use strict";

(() => {
  const RESET_AFTER_MS = 20000; // a lost connection must not leave a dead button

  /* The error summary takes the focus; its links move it on to the field. */
  function focusErrors() {
    const summary = document.querySelector("[data-error-summary]");
    if (!summary) return;
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const target = link && document.getElementById(link.hash.slice(1));
      const control = target && firstControl(target);
      if (!control) return;
      event.preventDefault();
      (target.querySelector("legend, label") || control).scrollIntoView({ block: "center" });
      control.focus({ preventScroll: true });
    });
  }

  function firstControl(element) {
    const controls = "input:not([type='hidden']), select, textarea, button";
    const usable = (control) => !control.closest(".visually-hidden, [hidden]");
    if (element.matches(controls) && usable(element)) return element;
    const scope = element.matches(controls) ? element.closest(".field") : element;
    return scope && [...scope.querySelectorAll(controls)].find(usable);
  }

  /* One submit per form: the second press is swallowed, the button says what is going on.
     Our own messages are clearer than the browser's bubbles, so those are switched off. */
  function guardForms() {
    for (const form of document.querySelectorAll("form[method='post' i]")) {
      form.noValidate = true;
      if (form.hasAttribute("data-allow-resubmit")) continue;
      form.addEventListener("submit", (event) => {
        if (form.dataset.sent) {
          event.preventDefault();
          return;
        }
        if (event.defaultPrevented) return;
        markSent(form, event.submitter);
        setTimeout(() => { if (!form.dataset.sending) release(form); }, RESET_AFTER_MS);
      });
    }
    window.addEventListener("upload-failed", (event) => release(event.detail));
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
    });
  }

  function markSent(form, button) {
    form.dataset.sent = "1";
    if (!button || button.tagName !== "BUTTON" || button.classList.contains("tool")) return;
    button.dataset.words = button.innerHTML;
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.sending || "正在提交…";
  }

  function release(form) {
    delete form.dataset.sent;
    for (const button of form.ownerDocument.querySelectorAll("button[data-words]")) {
      button.innerHTML = button.dataset.words;
      button.removeAttribute("aria-disabled");
      delete button.dataset.words;
    }
  }

  /* What arrives while a finger is down waits until it is up: a button that moved away from
     under it would not be pressed, and old fingers are slow. */
  function holdStill() {
    const late = new Map();
    let pressed = false;
    const up = () => setTimeout(() => {
      pressed = false;
      for (const swap of late.values()) swap();
      late.clear();
    }, 100); // after the click that the press becomes
    document.addEventListener("pointerdown", () => { pressed = true; }, true);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, up, true);
    document.addEventListener("htmx:beforeSwap", (event) => {
      const { target, serverResponse, shouldSwap, requestConfig } = event.detail;
      if (!pressed || !shouldSwap) return;
      event.detail.shouldSwap = false;
      const swapStyle = requestConfig.elt.getAttribute("hx-swap") || "innerHTML";
      const select = requestConfig.elt.getAttribute("hx-select") || undefined;
      const spec = { swapStyle, swapDelay: 0, settleDelay: 20 };
      late.set(target, () => htmx.swap(target, serverResponse, spec, { select }));
    });
  }

  /* <form data-autosave="address"> posts what was typed; [data-autosave-state] says so. */
  function autosave() {
    for (const form of document.querySelectorAll("form[data-autosave]")) {
      const state = form.querySelector("[data-autosave-state]");
      let timer = 0;
      const say = (text) => { if (state) state.textContent = text; };
      form.addEventListener("input", (event) => {
        if (event.target.type === "file") return;
        clearTimeout(timer);
        say("有未保存的修改");
        timer = setTimeout(() => { if (!form.dataset.sent) save(form, say); }, 1500);
      });
    }
  }

  async function save(form, say) {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: data, headers: { "X-Autosave": "1" },
      });
      if (answer.status === 422) return say("这一页填完整后会自动保存");
      if (!answer.ok) throw new Error(String(answer.status));
      const now = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
      return say(`已自动保存 ${now}`);
    } catch {
      return say("暂时没有保存上，点“下一步”时会再次保存");
    }
  }

  /* 年 月 日: the quick buttons. No jumping to the next box: it surprises people who correct. */
  function dateParts() {
    for (const group of document.querySelectorAll("[data-date-parts]")) {
      const boxes = [...group.querySelectorAll("input[data-part]")];
      const quick = group.querySelector("[data-date-quick]");
      if (!quick) continue;
      quick.hidden = false;
      quick.addEventListener("click", (event) => {
        const day = event.target.closest("[data-date]");
        if (!day) return;
        day.dataset.date.split("-").forEach((text, place) => {
          boxes[place].value = String(Number(text));
        });
        boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
  }

  function printButtons() {
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
  }

  focusErrors();
  guardForms();
  holdStill();
  autosave();
  dateParts();
  printButtons();
})();
