// Filtres : repliés au départ sur un écran étroit ; le bouton « Appliquer » se cache, puisque htmx répond à chaque choix ;
// le nouveau compte est annoncé aux lecteurs d’écran. Sans ce fichier, le formulaire reste ouvert et s’envoie avec son bouton.
const large = window.matchMedia("(min-width: 64rem)");
const annonce = document.querySelector("[data-filtres-annonce]");

function ajuster() {
  for (const filtres of document.querySelectorAll("[data-filtres]")) filtres.open = large.matches;
}

function cacherLesBoutons() {
  if (!window.htmx) return;
  for (const bouton of document.querySelectorAll("[data-filtres-envoyer]")) bouton.hidden = true;
}

ajuster();
cacherLesBoutons();
large.addEventListener("change", ajuster);
document.addEventListener("htmx:afterSettle", () => {
  cacherLesBoutons();
  const compte = document.getElementById("titre-resultats");
  if (annonce && compte) annonce.textContent = compte.textContent.trim();
});
