// Les quartiers de la carte (carte.js) font un seul arrêt de tabulation : les flèches vont au plus proche de ce côté,
// Début et Fin au premier et au dernier par ordre alphabétique, une lettre au prochain nom qui commence par elle.
// Sans ce fichier, la touche Tab les parcourt tous.
const COTES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ordre = new Intl.Collator("fr", { sensitivity: "base", numeric: true });
const premiereLettre = (texte) => texte.normalize("NFD").charAt(0).toLowerCase();

const place = (forme) => [Number(forme.dataset.x), Number(forme.dataset.y)];
const parNom = (formes) => [...formes].sort((a, b) => ordre.compare(a.dataset.nom, b.dataset.nom));

// L’ordre de lecture : de haut en bas, puis de gauche à droite.
const parLecture = (formes) =>
  [...formes].sort((a, b) => {
    const [[ax, ay], [bx, by]] = [place(a), place(b)];
    return ay - by || ax - bx;
  });

function voisine(formes, ici, [sensX, sensY]) {
  const [x, y] = place(ici);
  let proche = null;
  let moindre = Infinity;
  for (const forme of formes) {
    const [dx, dy] = [place(forme)[0] - x, place(forme)[1] - y];
    const avance = dx * sensX + dy * sensY;
    const ecart = Math.abs(dx * sensY) + Math.abs(dy * sensX);
    // Ce qui est presque en face passe avant ce qui est plus près, mais de côté.
    const cout = avance + 2 * ecart;
    if (forme !== ici && avance > 0 && ecart <= 2 * avance && cout < moindre) [proche, moindre] = [forme, cout];
  }
  if (proche) return proche;
  // Rien de ce côté : le suivant, ou le précédent, dans l’ordre de lecture ; le tour recommence.
  const lues = parLecture(formes);
  const pas = sensX + sensY;
  return lues.at((lues.indexOf(ici) + pas) % lues.length);
}

function parLettre(formes, ici, lettre) {
  const noms = parNom(formes);
  const rang = noms.indexOf(ici) + 1;
  return [...noms.slice(rang), ...noms.slice(0, rang)].find((forme) => premiereLettre(forme.dataset.nom) === lettre);
}

function viser(formes, ici, touche) {
  if (COTES[touche]) return voisine(formes, ici, COTES[touche]);
  if (touche === "Home") return parNom(formes)[0];
  if (touche === "End") return parNom(formes).at(-1);
  return /^[\p{L}\p{N}]$/u.test(touche) ? parLettre(formes, ici, premiereLettre(touche)) : undefined;
}

for (const racine of document.querySelectorAll("[data-carte]")) {
  const toutes = () => [...racine.querySelectorAll("path[data-carte-element]")];

  // La carte attend sur le dernier quartier visité ; au début, sur le premier par son nom.
  function ranger(arret) {
    const formes = toutes();
    const garde = arret ?? formes.find((forme) => forme.dataset.arret) ?? parNom(formes)[0];
    for (const forme of formes) {
      forme.setAttribute("tabindex", forme === garde ? "0" : "-1");
      if (forme === garde) forme.dataset.arret = "oui";
      else delete forme.dataset.arret;
    }
  }

  racine.addEventListener("carte:change", () => ranger());
  racine.addEventListener("focusin", (evenement) => {
    if (evenement.target.matches("path[data-carte-element]")) ranger(evenement.target);
  });
  racine.addEventListener("keydown", (evenement) => {
    if (evenement.ctrlKey || evenement.metaKey || evenement.altKey) return;
    if (!evenement.target.matches("path[data-carte-element]")) return;
    const visee = viser(toutes(), evenement.target, evenement.key);
    if (COTES[evenement.key] || visee) evenement.preventDefault();
    visee?.focus({ preventScroll: true });
  });
  ranger();
}
