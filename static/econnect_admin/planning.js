// Beside planning schedules that somebody types stand the moments that they give.
"use strict";

const MILLISECONDS_AFTER_TYPING = 400;

let timer = null;
let asked = null;

const preview = () => document.getElementById("preview");

async function ask() {
    asked?.abort(); // what it would tell is no longer so
    asked = new AbortController();
    try {
        const answer = await fetch(preview().dataset.address, {
            method: "POST",
            body: new FormData(document.getElementById("batchjob_form")),
            signal: asked.signal,
        });
        if (!answer.ok || answer.redirected) return; // logged out, for instance: it stays dimmed
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        preview().replaceWith(page.getElementById("preview"));
    } catch {
        // aborted, or the server is away for a moment: it stays dimmed
    }
}

function askSoon() {
    preview().ariaBusy = "true";
    clearTimeout(timer);
    timer = setTimeout(ask, MILLISECONDS_AFTER_TYPING);
}

document.addEventListener("DOMContentLoaded", () => {
    if (!preview()?.dataset.address) return;
    const form = document.getElementById("batchjob_form");
    form.addEventListener("input", askSoon);
    for (const happening of ["formset:added", "formset:removed"]) document.addEventListener(happening, askSoon);
});
