// The pages beside the chat, in a frame: photos and notes. They know the person by a cookie, which a frame may not have,
// so each is fetched with the token that this memory holds, and shown in the place of the chat.
(function () {
  "use strict";
  var session = window.session;
  var main = document.getElementById("main");
  var offline = document.querySelector("script[data-offline]").dataset.offline;
  var aside = null;    // what stands in the place of the chat
  var covered = [];    // the chat's own parts, hidden meanwhile; what speaks to screen readers stays
  var pictures = [];   // addresses of pictures in this memory

  function forget() {
    pictures.forEach(function (address) { URL.revokeObjectURL(address); });
    pictures = [];
  }
  function back() {
    if (!aside) { return; }
    aside.remove();
    aside = null;
    forget();
    covered.forEach(function (part) { part.hidden = false; });
    covered = [];
    document.getElementById("text").focus();
  }
  function inMemory(blob) {
    var address = URL.createObjectURL(blob);
    pictures.push(address);
    return address;
  }
  function blobAt(path) {
    return session.ask(path).then(function (answer) {
      if (!answer.ok) { throw answer.status; }
      return answer.blob();
    });
  }
  function stand(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var images = page.querySelectorAll("#main img");
    images.forEach(function (image) {
      image.dataset.path = image.getAttribute("src");
      image.removeAttribute("src");
    });
    if (!aside) {
      covered = Array.prototype.filter.call(main.children, function (part) { return !part.hidden && !part.matches("[aria-live],[role=status]"); });
      covered.forEach(function (part) { part.hidden = true; });
      aside = main.appendChild(document.createElement("div"));
    }
    forget();
    aside.innerHTML = page.getElementById("main").innerHTML;   // made by the server's templates, which escape everything
    aside.querySelectorAll("img").forEach(function (image) {
      blobAt(image.dataset.path).then(function (blob) { image.src = inMemory(blob); }).catch(function () { return null; });
    });
    var first = aside.querySelector("[role=alert]") || aside.querySelector("#added") || aside.querySelector("h1");
    first.tabIndex = -1;
    window.scrollTo(0, 0);
    first.focus();
  }
  function complain() {
    var box = (aside || document).querySelector("[role=alert]") || aside.insertBefore(document.createElement("div"), aside.firstChild);
    box.setAttribute("role", "alert");
    box.textContent = offline;
  }
  function fetchPage(path, more) {
    var asked = Object.assign({ headers: { Accept: "text/html" } }, more);
    return session.ask(path, null, asked).then(function (answer) {
      if (answer.status === 401 || new URL(answer.url).pathname === "/chat") { session.gone(); return null; }
      return answer.text().then(stand);
    }).catch(complain);
  }

  // Before the frame's own listener, which opens links beside the frame.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!session.token || !link || link.origin !== window.location.origin || !link.closest(".beside") && !(aside && aside.contains(link))) { return; }
    if (link.pathname === "/chat/photos" || link.pathname === "/chat/notes") {
      fetchPage(link.pathname);
    } else if (link.pathname === "/chat/notes.txt") {
      blobAt(link.pathname).then(function (blob) {
        var save = document.createElement("a");
        save.href = inMemory(blob);
        save.download = link.download;
        save.click();
      }).catch(complain);
    } else if (link.pathname === "/chat") {
      back();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("submit", function (event) {
    if (!aside || !aside.contains(event.target)) { return; }
    event.preventDefault();
    event.stopPropagation();
    var button = event.target.querySelector("button[type=submit]");
    var words = button.textContent;
    button.disabled = true;
    button.textContent = "Please wait";
    fetchPage(new URL(event.target.action).pathname, { method: "POST", body: new FormData(event.target) }).then(function () {
      button.disabled = false;
      button.textContent = words;
    });
  }, true);
  document.addEventListener("keydown", function (event) {
    if (aside && event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      back();
    }
  }, true);
  window.leaving.last.push(forget);
}());
