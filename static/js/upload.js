/* Choosing photos: camera or gallery, preview, rotate, remove, progress. The plain file
   input underneath is what is submitted; without JavaScript it is used directly. */
"use strict";

(() => {
  const PICTURES = /^image\/(jpeg|png|webp)$/;
  const TURN_QUALITY = 0.92;

  function size(bytes) {
    return bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  }

  /* A quarter turn to the right, as a new JPEG. */
  async function turned(file) {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.height;
    canvas.height = bitmap.width;
    const context = canvas.getContext("2d");
    context.translate(canvas.width, 0);
    context.rotate(Math.PI / 2);
    context.drawImage(bitmap, 0, 0);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", TURN_QUALITY));
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg" });
  }

  function begin(root) {
    const find = (name) => root.querySelector(`[data-upload-${name}]`);
    const input = find("plain").querySelector("input[type='file']");
    const [list, card, status] = [find("list"), find("card"), find("status")];
    const maxBytes = Number(input.dataset.maxBytes) || 20 * 1048576;
    let files = [];

    function keep() {
      const transfer = new DataTransfer();
      for (const file of files) transfer.items.add(file);
      input.files = transfer.files;
    }

    function show() {
      list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
      list.replaceChildren(...files.map(drawCard));
      keep();
    }

    function drawCard(file, place) {
      const item = card.content.firstElementChild.cloneNode(true);
      const label = `第 ${place + 1} 个文件`;
      const tooLarge = file.size > maxBytes;
      item.querySelector(".file-card__name").textContent = tooLarge
        ? `${file.name} · ${size(file.size)},超过 ${size(maxBytes)},请移除后重新选择`
        : `${file.name} · ${size(file.size)}`;
      item.classList.toggle("file-card--error", tooLarge);
      const rotate = item.querySelector("[data-rotate]");
      const remove = item.querySelector("[data-remove]");
      rotate.hidden = !PICTURES.test(file.type);
      if (!rotate.hidden) {
        const image = document.createElement("img");
        image.alt = `${label}的预览`;
        image.src = URL.createObjectURL(file);
        item.querySelector(".file-card__picture").replaceChildren(image);
      }
      rotate.setAttribute("aria-label", `旋转${label}`);
      remove.setAttribute("aria-label", `移除${label}`);
      rotate.addEventListener("click", async () => {
        rotate.setAttribute("aria-disabled", "true");
        files[place] = await turned(file);
        show();
        list.children[place].querySelector("[data-rotate]").focus();
      });
      remove.addEventListener("click", () => {
        files = files.filter((_, other) => other !== place);
        show();
        (list.querySelector("[data-remove]") || find("pick")).focus();
      });
      return item;
    }

    function add(chosen) {
      const known = new Set(files.map((file) => file.name + file.size + file.lastModified));
      const fresh = [...chosen].filter((file) => !known.has(file.name + file.size + file.lastModified));
      files = input.multiple ? [...files, ...fresh] : fresh.slice(-1);
      show();
    }

    const camera = document.createElement("input");
    camera.type = "file";
    camera.accept = "image/*";
    camera.setAttribute("capture", "environment");
    camera.addEventListener("change", () => { add(camera.files); camera.value = ""; });
    input.addEventListener("change", () => {
      if (input.files.length) add(input.files);
      else keep(); // a cancelled dialogue must not throw away what was chosen
    });
    find("camera").addEventListener("click", () => camera.click());
    find("pick").addEventListener("click", () => input.click());
    find("plain").classList.add("visually-hidden");
    input.tabIndex = -1;
    find("buttons").hidden = false;
    if (input.form) withProgress(input.form, find("progress"), status, () => files.length);
  }

  /* Sends the form with a bar; config.uploads answers a redirect with its address. */
  function withProgress(form, box, status, count) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || !count()) return;
      event.preventDefault();
      if (form.dataset.sending) return;
      form.dataset.sending = "1";
      const bar = box.querySelector("progress");
      const request = new XMLHttpRequest();
      const fail = (text) => {
        box.hidden = true;
        delete form.dataset.sending;
        window.dispatchEvent(new CustomEvent("upload-failed", { detail: form }));
        status.textContent = text;
        box.hidden = false;
      };
      box.hidden = false;
      status.textContent = "正在上传，请不要关闭页面";
      request.upload.addEventListener("progress", (step) => {
        if (!step.lengthComputable) return;
        bar.value = (100 * step.loaded) / step.total;
        if (step.loaded === step.total) status.textContent = "已传完，正在检查文件";
      });
      request.addEventListener("load", () => {
        const address = request.getResponseHeader("X-Go-To");
        if (address) return location.assign(address);
        if (request.status >= 500 || request.status === 413) {
          return fail("上传没有成功，文件可能太大，或系统正忙。您选的文件还在，请稍后再点一次。");
        }
        document.open();
        document.write(request.responseText);
        document.close();
      });
      request.addEventListener("error", () => fail("网络中断，没有传上去。您选的文件还在，请检查网络后再点一次。"));
      request.open("POST", form.action || location.href);
      request.setRequestHeader("X-Upload", "1");
      const data = new FormData(form, event.submitter);
      request.send(data);
    });
  }

  document.querySelectorAll("[data-upload]").forEach(begin);
})();
