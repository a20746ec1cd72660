// Répondre aux questions d’une lecture au clavier : A accepte, R refuse, E corrige, ↑ et ↓ passent de l’une à l’autre.
// Sans ce fichier, chaque question garde ses boutons.
const questions = [...document.querySelectorAll("[data-question]")];
const aide = document.querySelector("[data-clavier]");
const SAISIE = "input, textarea, select, [contenteditable]";

function courante() {
  return questions.find((question) => question.contains(document.activeElement));
}

function aller(question) {
  if (!question) return;
  question.querySelector("h3").focus({ preventScroll: true });
  question.scrollIntoView({ block: "nearest" });
}

function agir(touche, question) {
  if (touche === "a") question.querySelector("[data-accepter]").click();
  if (touche === "r") question.querySelector("[data-refuser]").click();
  if (touche === "e") {
    const repli = question.querySelector("[data-corriger]");
    repli.open = true;
    repli.querySelector("input").focus();
  }
}

document.addEventListener("keydown", (evenement) => {
  if (evenement.ctrlKey || evenement.metaKey || evenement.altKey) return;
  const ici = courante();
  if (evenement.key === "Escape" && ici) {
    aller(ici);
    return;
  }
  if (evenement.target.matches(SAISIE)) return;
  const rang = questions.indexOf(ici);
  if (evenement.key === "ArrowDown" || evenement.key === "ArrowUp") {
    const pas = evenement.key === "ArrowDown" ? 1 : -1;
    evenement.preventDefault();
    aller(questions[ici ? rang + pas : 0]);
    return;
  }
  const touche = evenement.key.toLowerCase();
  if ("are".includes(touche) && touche.length === 1 && questions.length) {
    evenement.preventDefault();
    agir(touche, ici ?? questions[0]);
  }
});

if (questions.length) {
  if (aide) aide.hidden = false;
  // Après une réponse, celle qui a pris sa place attend sous les doigts.
  const rang = /^#question-(\d+)$/.exec(location.hash);
  if (rang) aller(questions[rang[1]] ?? questions.at(-1));
}
