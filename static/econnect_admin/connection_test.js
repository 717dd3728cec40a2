// The test of a connection: one step is asked for after the other, and each is shown as it comes.
"use strict";

const panel = () => document.getElementById("connection-test");

async function step(address) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token } });
    if (!answer.ok || answer.redirected) throw new Error("no answer");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    panel().replaceWith(page.getElementById("connection-test"));
    document.getElementById("connection-said").textContent =
        [...panel().querySelectorAll("li:last-child p, .ec-strong")].map((said) => said.innerText).join(" ");
}

function away() {
    const said = document.createElement("p");
    said.className = "ec-note";
    said.textContent = panel().dataset.away;
    panel().querySelector(".ec-going-on")?.remove();
    panel().append(said);
}

async function test() {
    panel().querySelector("[data-test]").disabled = true;
    try {
        await step(panel().dataset.begin);
        document.getElementById("connection-title").focus({ preventScroll: true });
        panel().scrollIntoView({ block: "nearest" });
        while (panel().dataset.next) await step(panel().dataset.next);
        panel().scrollIntoView({ block: "nearest" }); // it has grown
    } catch {
        away();
    }
    const button = panel().querySelector("[data-test]");
    if (button) button.disabled = false;
}

document.addEventListener("click", (event) => {
    if (event.target.closest("[data-test]")) test();
});

document.addEventListener("DOMContentLoaded", () => {
    if (!("starts" in panel().dataset)) return;
    const address = new URL(location.href);
    address.searchParams.delete("test"); // once
    history.replaceState(null, "", address);
    test();
});
