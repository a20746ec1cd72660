// Compte une lecture, une fois la page affichée : un robot qui suit le lien ne compte pas.
const formulaire = document.querySelector("[data-compter]");

if (formulaire) {
  fetch(formulaire.action, { method: "POST", body: new FormData(formulaire), keepalive: true }).catch(
    () => {},
  );
}
