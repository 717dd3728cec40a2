// The page of a run at work follows it, without a reload, until it has ended.
"use strict";

const SECONDS_BETWEEN_LOOKS = 2;
const SECONDS_BETWEEN_WORDS = 10; // more often, and a screen reader says nothing else

let spokenAt = 0;

// A button that has the focus keeps it.
function replace(old, fresh) {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceWith(fresh);
    if (focused?.type === "submit") fresh.querySelector("button[type=submit]")?.focus();
    else if (focused?.href) [...fresh.querySelectorAll("a")].find((a) => a.href === focused.href)?.focus();
}

function speak(live) {
    const isOver = !("active" in live.dataset);
    if (!isOver && Date.now() - spokenAt < SECONDS_BETWEEN_WORDS * 1000) return;
    spokenAt = Date.now();
    const said = document.getElementById("run-said");
    if (said.textContent !== live.dataset.said) said.textContent = live.dataset.said;
}

async function look() {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" }, cache: "no-store" });
    if (answer.redirected) return location.reload(); // logged out, or the run is gone
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("run-live");
    if (!fresh) return;
    replace(document.getElementById("run-live"), fresh);
    speak(fresh);
}

async function follow() {
    try {
        if (!document.hidden) await look();
    } catch {
        // the server is away for a moment; the next look may find it
    }
    if ("active" in document.getElementById("run-live").dataset) {
        setTimeout(follow, SECONDS_BETWEEN_LOOKS * 1000);
    }
}

document.addEventListener("DOMContentLoaded", () => setTimeout(follow, SECONDS_BETWEEN_LOOKS * 1000));
