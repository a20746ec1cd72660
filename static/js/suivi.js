// Un travail suivi à l’écran vient de finir : la page se relit, sauf si l’on y a commencé quelque chose. Le lien
// qui la relit reste alors seul.
function estCommence(champ) {
  if (champ.matches("[type=checkbox], [type=radio]")) return champ.checked !== champ.defaultChecked;
  if (!champ.matches("select")) return champ.value !== champ.defaultValue;
  const depart = [...champ.options].find((choix) => choix.defaultSelected) ?? champ.options[0];
  return champ.value !== depart?.value;
}

function aGarder(contenu) {
  // Une page refusée porte ce qui était écrit comme si c’était son départ.
  if (contenu.querySelector("[role=alert]")) return true;
  const champs = [...contenu.querySelectorAll("input, textarea, select")];
  return champs.some((champ) => champ === document.activeElement || estCommence(champ));
}

document.addEventListener("htmx:load", (evenement) => {
  const lien = evenement.detail.elt.querySelector("[data-relire]");
  if (lien && !aGarder(document.querySelector("main"))) location.assign(lien.href);
});
