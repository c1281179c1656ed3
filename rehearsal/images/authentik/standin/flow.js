// The login page of the stand-in: one form, and a request to the flow executor for each stage.
"use strict";

const slug = location.pathname.split("/")[3];
const query = new URLSearchParams({ query: location.search.slice(1) });
const executor = `/api/v3/flows/executor/${slug}/?${query}`;
const form = document.querySelector("form");
const problem = document.querySelector("#problem");
let component = "";

function show(challenge) {
  if (challenge.component === "xak-flow-redirect") {
    location.assign(challenge.to);
    return;
  }
  component = challenge.component;
  const password = component === "ak-stage-password";
  form.elements.uidField.parentElement.hidden = password;
  form.elements.password.parentElement.hidden = !password;
  form.hidden = false;
  problem.textContent = challenge.response_errors?.password?.[0].string ?? "";
}

async function answer(event) {
  event.preventDefault();
  const fields =
    component === "ak-stage-password"
      ? { password: form.elements.password.value }
      : { uid_field: form.elements.uidField.value };
  const response = await fetch(executor, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ component, ...fields }),
  });
  if (response.ok) show(await response.json());
  else problem.textContent = `The server answered ${response.status}.`;
}

form.addEventListener("submit", answer);
fetch(executor)
  .then((response) => response.json())
  .then(show);
