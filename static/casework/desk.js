// The desk's keys and the document viewer. Everything here only adds: each key and each
// button stands for a link or a form that is on the page anyway, and without it the
// documents are plain pictures one below the other.
"use strict";

(() => {
  const typing = (node) =>
    /^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName) || node.isContentEditable;
  const page = document.querySelector(".desk")?.dataset.page;

  // The queue: j and k move, Enter opens (the link has the focus), x ticks.
  const rows = () => [...document.querySelectorAll(".desk-table tbody tr")];
  let current = -1;

  const moveTo = (index) => {
    const all = rows();
    if (!all.length) return;
    current = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((row, at) => row.classList.toggle("is-current", at === current));
    all[current].querySelector(".desk-row-link")?.focus({ preventScroll: true });
    all[current].scrollIntoView({ block: "nearest" });
  };

  const tick = () => {
    const box = rows()[current]?.querySelector('input[name="pk"]');
    if (box) box.checked = !box.checked;
  };

  const press = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    target?.click();
    return Boolean(target);
  };

  const keys = {};
  if (page === "queue") {
    keys.j = () => moveTo(current + 1);
    keys.k = () => moveTo(current - 1);
    keys.x = tick;
    keys.g = () => press("g");
  } else if (page === "case") {
    for (const key of ["j", "k", "t", "n"]) keys[key] = () => press(key);
  }

  const head = document.querySelector("[data-tick-all]");
  if (head) {
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", "勾选本页全部");
    all.addEventListener("change", () => {
      document.querySelectorAll('input[name="pk"]').forEach((box) => { box.checked = all.checked; });
    });
    head.append(all);
  }

  // The viewer: one document at a time, in any size, turned by quarters.
  const ZOOMS = [1, 1.5, 2, 3, 4];

  const button = (text, key, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.append(text);
    if (key) {
      const hint = document.createElement("kbd");
      hint.textContent = key;
      made.append(" ", hint);
      keys[key] = act;
    }
    made.addEventListener("click", act);
    return made;
  };

  const viewer = document.querySelector("[data-viewer]");
  const figures = viewer ? [...viewer.querySelectorAll(".desk-document")] : [];
  if (figures.length) {
    const state = figures.map(() => ({ zoom: 0, turn: 0 }));
    let shown = 0;

    const lay = (image) => {
      const sheet = image.parentElement;
      const pane = sheet.closest(".desk-pane");
      const { zoom, turn } = state[shown];
      const width = (pane.clientWidth - 2) * ZOOMS[zoom];
      const ratio = image.naturalHeight / image.naturalWidth || 1.414;
      const lying = turn % 2 === 1;
      const [wide, tall] = lying ? [width / ratio, width] : [width, width * ratio];
      sheet.style.width = `${width}px`;
      sheet.style.height = `${lying ? wide : tall}px`;
      image.style.width = `${wide}px`;
      image.style.height = `${tall}px`;
      image.style.transform = `translate(-50%, -50%) rotate(${turn * 90}deg)`;
    };

    figures.forEach((figure) => {
      figure.querySelectorAll("img").forEach((image) => {
        const sheet = document.createElement("span");
        sheet.className = "desk-sheet";
        image.replaceWith(sheet);
        sheet.append(image);
        image.addEventListener("load", () => lay(image));
      });
    });

    const where = document.createElement("span");
    where.className = "desk-where";
    where.setAttribute("aria-live", "polite");

    const refresh = () => {
      figures.forEach((figure, at) => { figure.hidden = at !== shown; });
      where.textContent = `${shown + 1} / ${figures.length}`;
      figures[shown].querySelectorAll("img").forEach(lay);
    };
    const go = (step) => {
      shown = (shown + step + figures.length) % figures.length;
      refresh();
    };
    const zoom = (step) => {
      const next = state[shown].zoom + step;
      state[shown].zoom = Math.max(0, Math.min(next, ZOOMS.length - 1));
      refresh();
    };

    // A link to a document from elsewhere on the page shows that one.
    const follow = () => {
      const at = figures.findIndex((figure) => `#${figure.id}` === location.hash);
      if (at < 0) return;
      shown = at;
      refresh();
      figures[at].scrollIntoView({ block: "nearest" });
    };
    addEventListener("hashchange", follow);

    const tools = viewer.querySelector(".desk-tools");
    if (figures.length > 1) {
      tools.append(button("上一份", "[", () => go(-1)), where, button("下一份", "]", () => go(1)));
    }
    tools.append(
      button("放大", "+", () => zoom(1)),
      button("缩小", "-", () => zoom(-1)),
      button("旋转", "r", () => {
        state[shown].turn = (state[shown].turn + 1) % 4;
        refresh();
      }),
    );
    keys["="] = keys["+"];
    addEventListener("resize", refresh);
    refresh();
    follow();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (!Object.hasOwn(keys, event.key)) return;
    keys[event.key]();
    event.preventDefault();
  });
})();
