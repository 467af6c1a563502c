// Names for what Django's own pages leave without one: the box of a look-up, the tick that
// deletes a line, the heading over the lines of a table inside a form.
"use strict";

addEventListener("load", () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const name = label?.textContent.trim().replace(/[:：]$/, "");
    const box = select.nextElementSibling;
    if (!name || !box) continue;
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox]")) {
      part.setAttribute("aria-label", name);
    }
  }
  for (const box of document.querySelectorAll(".inline-group td.delete input[type=checkbox]")) {
    box.setAttribute("aria-label", "删除这一行");
  }
  for (const head of document.querySelectorAll(".inline-group th.original:empty")) {
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = "原记录";
    head.append(words);
  }
});
