// Ouvre la phrase d’un sigle au bas de l’écran, sans quitter la lecture. Sans ce fichier, le lien mène au lexique.
// Écoute par délégation : les sigles arrivés par htmx marchent aussi.
let note = null;
let appelant = null;

function creer() {
  const boite = document.createElement("div");
  boite.className = "note-sigle";
  boite.id = "note-sigle";
  boite.hidden = true;
  boite.tabIndex = -1;
  boite.setAttribute("role", "dialog");
  boite.setAttribute("aria-label", "Sigle expliqué");
  boite.setAttribute("aria-describedby", "note-sigle-texte");

  const page = document.createElement("div");
  page.className = "largeur note-sigle__page";
  const texte = document.createElement("p");
  texte.className = "note-sigle__texte";
  texte.id = "note-sigle-texte";
  const fermer = document.createElement("button");
  fermer.type = "button";
  fermer.className = "note-sigle__fermer";
  fermer.textContent = "×";
  fermer.setAttribute("aria-label", "Fermer l’explication");
  fermer.addEventListener("click", () => replier());
  page.append(texte, fermer);
  boite.append(page);
  document.body.append(boite);
  return boite;
}

function ouvrir(sigle) {
  note ??= creer();
  if (appelant) appelant.setAttribute("aria-expanded", "false");
  appelant = sigle;
  const fort = document.createElement("strong");
  fort.textContent = sigle.textContent.trim();
  const suite = [sigle.dataset.developpe, sigle.dataset.explication].filter(Boolean).join(". ");
  note.querySelector("p").replaceChildren(fort, `\u00a0: ${suite}`);
  note.hidden = false;
  sigle.setAttribute("aria-expanded", "true");
  note.focus({ preventScroll: true });
}

function replier({ rendreLaMain = true } = {}) {
  if (!note || note.hidden) return;
  note.hidden = true;
  if (!appelant) return;
  appelant.setAttribute("aria-expanded", "false");
  if (rendreLaMain) appelant.focus({ preventScroll: true });
  appelant = null;
}

function preparer(racine) {
  for (const sigle of racine.querySelectorAll("a.sigle")) {
    sigle.setAttribute("role", "button");
    sigle.setAttribute("aria-expanded", "false");
  }
}

document.addEventListener("click", (evenement) => {
  const sigle = evenement.target.closest?.("a.sigle");
  if (!sigle) {
    if (note && !note.contains(evenement.target)) replier({ rendreLaMain: false });
    return;
  }
  if (evenement.ctrlKey || evenement.metaKey || evenement.shiftKey) return;
  evenement.preventDefault();
  if (sigle === appelant) replier();
  else ouvrir(sigle);
});

document.addEventListener("keydown", (evenement) => {
  if (evenement.key === "Escape") replier();
  // Un bouton répond aussi à la barre d’espace.
  if (evenement.key === " " && evenement.target.matches?.("a.sigle")) {
    evenement.preventDefault();
    evenement.target.click();
  }
});

document.addEventListener("htmx:load", (evenement) => preparer(evenement.target));
preparer(document);
