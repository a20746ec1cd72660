// Replie le menu principal derrière un bouton sur les écrans étroits. Sans ce fichier, le menu reste déplié.
const large = window.matchMedia("(min-width: 64rem)");

for (const nav of document.querySelectorAll("[data-menu]")) {
  const bascule = nav.querySelector("[data-menu-bascule]");
  const liste = nav.querySelector("[data-menu-liste]");
  if (!bascule || !liste) continue;

  const montrer = (ouvert) => {
    liste.hidden = !ouvert;
    bascule.setAttribute("aria-expanded", String(ouvert));
  };

  nav.classList.add("nav--pliable");
  bascule.hidden = false;
  montrer(large.matches);
  large.addEventListener("change", () => montrer(large.matches));
  bascule.addEventListener("click", () => montrer(liste.hidden));
  nav.addEventListener("keydown", (evenement) => {
    if (evenement.key === "Escape" && !large.matches && !liste.hidden) {
      montrer(false);
      bascule.focus();
    }
  });
}
