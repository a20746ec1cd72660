// L’écran de séance au clavier : une lettre choisit, un chiffre prend un motif, Entrée enregistre ; Ctrl+Z annule le
// dernier, Page haut et Page bas changent de dossier. Rien ne s’envoie ici : chaque geste est un formulaire ou un lien.
const formulaire = document.querySelector("[data-arbitrer]");
const enTexte = (ou) => ou.matches("input:not([type=radio]), textarea, select");

function choisi() {
  return formulaire.querySelector("[name=resultat]:checked")?.value ?? "";
}

function montrer() {
  for (const bloc of formulaire.querySelectorAll("[data-pour]")) {
    bloc.hidden = !bloc.dataset.pour.split(" ").includes(choisi());
  }
  for (const liste of formulaire.querySelectorAll("[data-motifs]")) {
    liste.hidden = liste.dataset.motifs !== choisi();
  }
}

function prendreLaMain() {
  (formulaire.querySelector("[name=resultat]:checked") ?? formulaire.querySelector("[name=resultat]"))?.focus();
}

function choisir(lettre) {
  const bouton = formulaire.querySelector(`[data-lettre="${lettre}"]`);
  if (!bouton) return false;
  bouton.checked = true;
  montrer();
  const { montant, motif } = formulaire.elements;
  if (choisi() === "accorde") {
    // Un motif pris d’une touche pour refuser ne dit rien d’un accord.
    if (document.querySelector(`[data-motif="${CSS.escape(motif.value)}"]`)) motif.value = "";
    montant.focus();
    montant.select();
  } else {
    bouton.focus();
  }
  return true;
}

function prendreLeMotif(rang) {
  const motif = formulaire.querySelectorAll(`[data-motifs="${choisi()}"] [data-motif]`)[rang - 1];
  if (!motif) return false;
  formulaire.elements.motif.value = motif.dataset.motif;
  const vers = formulaire.elements.vers;
  (choisi() === "oriente" && !vers.value ? vers : formulaire.elements.motif).focus();
  return true;
}

function touche(evenement) {
  if (evenement.altKey || evenement.metaKey || evenement.isComposing) return;
  const { key, target } = evenement;
  if (evenement.ctrlKey) {
    // Dans un texte que l’on vient de changer, Ctrl+Z reste celui du texte.
    const ecrit = enTexte(target) && target.value !== target.defaultValue;
    if (key.toLowerCase() !== "z" || ecrit) return;
    evenement.preventDefault();
    document.querySelector("[data-annuler]")?.requestSubmit();
    return;
  }
  if (key === "PageUp" || key === "PageDown") {
    const lien = document.querySelector(`[data-touche="${key}"]`);
    if (!lien) return;
    evenement.preventDefault();
    lien.click();
    return;
  }
  // Une lettre seule n’agit que dans le formulaire : ailleurs, elle reste au lecteur d’écran ou au navigateur.
  if (!formulaire?.contains(target) || target.matches("button, a")) return;
  if (key === "Escape") {
    prendreLaMain();
    return;
  }
  if (enTexte(target)) {
    // Le montant tel qu’on le trouve : une lettre y change d’avis. Dès qu’on l’a retouché, elle s’y écrit.
    if (target.name !== "montant" || target.value !== target.defaultValue) return;
    if (formulaire.querySelector(`[data-lettre="${key.toUpperCase()}"]`)) {
      evenement.preventDefault();
      choisir(key.toUpperCase());
    }
    return;
  }
  const fait = /^[1-9]$/.test(key) ? prendreLeMotif(Number(key)) : choisir(key.toUpperCase());
  if (fait) evenement.preventDefault();
}

if (formulaire) {
  montrer();
  // Sans attendre que le navigateur place la main de lui-même : la première touche doit déjà compter.
  prendreLaMain();
  formulaire.addEventListener("change", montrer);
  formulaire.addEventListener("click", (evenement) => {
    const motif = evenement.target.closest("[data-motif]");
    if (!motif) return;
    formulaire.elements.motif.value = motif.dataset.motif;
    formulaire.elements.motif.focus();
  });
  // Deux Entrée de suite n’envoient qu’une fois : la seconde serait pour une demande que l’on n’a pas lue.
  formulaire.addEventListener("submit", (evenement) => {
    if (formulaire.dataset.part) evenement.preventDefault();
    formulaire.dataset.part = "oui";
  });
}
document.addEventListener("keydown", touche);
window.addEventListener("pageshow", () => delete formulaire?.dataset.part);
