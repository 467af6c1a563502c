// Names for what Django's own pages leave without one: the box of a look-up, the fields of a
// table inside a form, the tick that deletes a line of it, the heading over its lines.
"use strict";

(() => {
  const plain = (node) => node?.textContent.trim().replace(/[:：]$/, "");

  const nameAll = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete")) {
      const name = plain(document.querySelector(`label[for="${select.id}"]`));
      const parts = select.parentElement.querySelectorAll(".select2 :is([role=combobox], [role=textbox])");
      for (const part of name ? parts : []) part.setAttribute("aria-label", name);
    }
    for (const cell of document.querySelectorAll(".inline-group td")) {
      const head = cell.closest("table").querySelector(`thead th:nth-child(${cell.cellIndex + 1})`);
      const name = cell.matches(".delete") ? "删除这一行" : plain(head);
      for (const box of cell.querySelectorAll("select, textarea, input:not([type=hidden])")) {
        if (name && !box.hasAttribute("aria-label")) box.setAttribute("aria-label", name);
      }
    }
    for (const head of document.querySelectorAll(".inline-group th.original:empty")) {
      const words = document.createElement("span");
      words.className = "visually-hidden";
      words.textContent = "原记录";
      head.append(words);
    }
  };

  // The look-ups are made after the page, and lines may be added to a table at any time.
  const made = "select.admin-autocomplete, .inline-group";
  if (document.querySelector(made)) {
    nameAll();
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  }
})();
