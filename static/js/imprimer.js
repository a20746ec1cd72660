// Montre les boutons « Imprimer » et « Copier l’adresse », qui ne servent à rien sans JavaScript.
for (const bouton of document.querySelectorAll("[data-imprimer]")) {
  bouton.hidden = false;
  bouton.addEventListener("click", () => window.print());
}

for (const bouton of document.querySelectorAll("[data-copier]")) {
  if (!navigator.clipboard) continue;
  const etat = document.getElementById(bouton.dataset.copierEtat);
  bouton.hidden = false;
  bouton.addEventListener("click", async () => {
    await navigator.clipboard.writeText(bouton.dataset.copier);
    if (etat) etat.textContent = "Adresse copiée.";
  });
}
