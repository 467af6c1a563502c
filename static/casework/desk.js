// The desk's keys and the document viewer. Everything here only adds: each key and each
// button stands for a link or a form that is on the page anyway.
"use strict";

(() => {
  const typing = (node) => /^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName) || node.isContentEditable;
  const page = document.querySelector(".desk")?.dataset.page;

  const rows = () => [...document.querySelectorAll(".desk-table tbody tr")];
  let current = -1;

  const moveTo = (index) => {
    const all = rows();
    if (!all.length) return;
    current = Math.max(0, Math.min(index, all.length - 1));
    all.forEach((row, at) => row.classList.toggle("is-current", at === current));
    const link = all[current].querySelector(".desk-row-link");
    link?.focus({ preventScroll: true });
    all[current].scrollIntoView({ block: "nearest" });
  };

  const press = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target) target.click();
    return Boolean(target);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (page === "queue" && event.key === "j") moveTo(current + 1);
    else if (page === "queue" && event.key === "k") moveTo(current - 1);
    else if ((event.key === "g" || page === "case") && /^[gjk]$/.test(event.key)) press(event.key);
    else return;
    event.preventDefault();
  });

  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };

  const SIZES = ["", "is-150", "is-200", "is-300"];
  const TURNS = ["", "turn-90", "turn-180", "turn-270"];

  document.querySelectorAll("[data-viewer]").forEach((viewer) => {
    const pane = viewer.querySelector(".desk-pane");
    const tools = viewer.querySelector(".desk-tools");
    let size = 0;
    let turn = 0;
    const set = (list, from, to) => {
      if (list[from]) pane.classList.remove(list[from]);
      if (list[to]) pane.classList.add(list[to]);
      return to;
    };
    tools.append(
      button("放大", () => { size = set(SIZES, size, Math.min(size + 1, SIZES.length - 1)); }),
      button("缩小", () => { size = set(SIZES, size, Math.max(size - 1, 0)); }),
      button("旋转", () => { turn = set(TURNS, turn, (turn + 1) % TURNS.length); }),
    );
  });
})();
