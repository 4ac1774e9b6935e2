// Moves through the messages by keyboard: Up, Down, Home and End while the messages have focus, Escape back to the box.
// Page Up and Page Down scroll while the box is empty. Tab goes on as everywhere: nobody is held here.
// Listens at the document, because in a frame the messages come after this file.
(function () {
  "use strict";
  function plain(event) {
    return !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
  }
  // Only messages the server has: the place of one that is still being sent is taken by another element.
  function goTo(log, key) {
    var messages = Array.prototype.slice.call(log.querySelectorAll("article[data-id]"));
    var at = messages.findIndex(function (one) { return one.contains(document.activeElement); });
    var last = messages.length - 1;
    var to = {
      Home: 0,
      End: last,
      ArrowUp: at < 0 ? last : Math.max(at - 1, 0),
      ArrowDown: at < 0 ? last : Math.min(at + 1, last)
    }[key];
    if (to === undefined || last < 0) { return false; }
    messages[to].tabIndex = -1;
    messages[to].setAttribute("aria-describedby", messages[to].id.replace("m-", "t-"));
    messages[to].focus();
    return true;
  }
  function inLog(log, event) {
    if (event.key === "Escape") {
      event.stopPropagation();   // around us, Escape closes the whole chat: that is for the next press
      document.getElementById("text").focus();
    } else if (!goTo(log, event.key)) {
      return;
    }
    event.preventDefault();
  }
  function inBox(box, event) {
    var way = { PageUp: -1, PageDown: 1 }[event.key];
    if (!way || box.value) { return; }
    event.preventDefault();
    window.scrollBy(0, way * window.innerHeight * 0.8);
  }
  document.addEventListener("focusin", function (event) {
    if (event.target.id === "log") { event.target.setAttribute("aria-describedby", "log-keys"); }
  });
  document.addEventListener("keydown", function (event) {
    var log = event.target.closest ? event.target.closest("#log") : null;
    if (!plain(event)) { return; }
    if (log) { inLog(log, event); } else if (event.target.id === "text") { inBox(event.target, event); }
  }, true);   // before anything else hears it, so that the first Escape stays here
}());
