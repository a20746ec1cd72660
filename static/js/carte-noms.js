// Pose les noms sur la carte (carte.js), un par lieu, là où il ne couvre ni un quartier ni un autre nom ; sinon il attend
// qu’on se rapproche. Celui qu’on survole ou qu’on vise se lit toujours. Sans ce fichier, la liste et le panneau les disent.
const L = window.L;
const ECART = 3;
const AUTOUR = [[0, 1], [0, -1], [1, 0], [-1, 0], [1, 0.5], [-1, 0.5], [1, -0.5], [-1, -0.5]];
const MILIEUX = [-0.36, -0.24, -0.12, 0, 0.12, 0.24, 0.36]
  .flatMap((y) => [-0.25, -0.12, 0, 0.12, 0.25].map((x) => [x, y]))
  .sort(([ax, ay], [bx, by]) => Math.hypot(ax, ay) - Math.hypot(bx, by));

function etiqueter(couche) {
  const { id, properties } = couche.feature;
  const estCommune = properties.classe === "commune";
  const texte = document.createElement("span");
  texte.className = "carte__nom-texte";
  texte.textContent = properties.nom;
  const bornes = couche.getBounds?.();
  let lieu = couche.getLatLng?.();
  if (bornes) lieu = estCommune ? couche.getCenter() : bornes.getCenter();
  const icon = L.divIcon({ className: `carte__nom carte__nom--${properties.classe}`, html: texte, iconSize: null });
  const marque = L.marker(lieu, { icon, pane: "noms", interactive: false, keyboard: false });
  const taille = bornes ? bornes.getNorthEast().distanceTo(bornes.getSouthWest()) : 0;
  // Un quartier, les appels et les projets qui s’y passent mènent à la même page.
  const page = properties.adresse.split("#")[0];
  return { couche, marque, texte, id, estCommune, taille, page };
}

// La place d’un lieu sur la carte, en pixels, même hors de la vue.
function boiteDe(couche, carte) {
  const bornes = couche.getBounds?.();
  const a = carte.latLngToLayerPoint(bornes ? bornes.getNorthWest() : couche.getLatLng());
  const b = carte.latLngToLayerPoint(bornes ? bornes.getSouthEast() : couche.getLatLng());
  const rayon = bornes ? 0 : 9;
  return { gauche: a.x - rayon, droite: b.x + rayon, haut: a.y - rayon, bas: b.y + rayon };
}

const seCroisent = (a, b) => a.gauche < b.droite && b.gauche < a.droite && a.haut < b.bas && b.haut < a.bas;
const tientDans = (a, b) => a.gauche >= b.gauche && a.droite <= b.droite && a.haut >= b.haut && a.bas <= b.bas;

// Les places possibles, de la meilleure à la moins bonne : autour d’un quartier, ou dedans s’il est grand ;
// au milieu d’une commune, puis à côté.
function places({ estCommune }, forme, large, haut) {
  const [largeur, hauteur] = [forme.droite - forme.gauche, forme.bas - forme.haut];
  if (estCommune) return MILIEUX.map(([x, y]) => [x * largeur, y * hauteur]);
  const [cote, bord] = [(largeur + large) / 2 + ECART + 1, (hauteur + haut) / 2 + ECART];
  if (largeur > 1.5 * large && hauteur > 3 * haut) return [[0, 0]];
  return AUTOUR.map(([x, y]) => [x * cote, y * bord]);
}

// Ce que la carte laisse voir, et ses boutons, dans les mêmes pixels que les noms.
function cadre(carte) {
  const [a, b] = [[0, 0], carte.getSize()].map((coin) => carte.containerPointToLayerPoint(coin));
  const vue = { gauche: a.x, droite: b.x, haut: a.y, bas: b.y };
  const bord = carte.getContainer().getBoundingClientRect();
  const boutons = [...carte.getContainer().querySelectorAll(".leaflet-control")].map((bouton) => {
    const { left, right, top, bottom } = bouton.getBoundingClientRect();
    const [dx, dy] = [a.x - bord.left, a.y - bord.top];
    return { gauche: left + dx, droite: right + dx, haut: top + dy, bas: bottom + dy };
  });
  return { vue, boutons };
}

function degager(noms, carte) {
  const { vue, boutons } = cadre(carte);
  const quartiers = noms.filter(({ estCommune }) => !estCommune);
  const formes = quartiers.map(({ couche }) => ({ couche, ...boiteDe(couche, carte) }));
  const pris = [...boutons];
  const dits = new Set();
  for (const nom of noms) {
    const { offsetWidth: large, offsetHeight: haut } = nom.texte;
    const { x, y } = carte.latLngToLayerPoint(nom.marque.getLatLng());
    const boite = ([dx, dy]) => ({
      gauche: x + dx - large / 2 - ECART,
      droite: x + dx + large / 2 + ECART,
      haut: y + dy - haut / 2,
      bas: y + dy + haut / 2,
    });
    const essais = places(nom, boiteDe(nom.couche, carte), large, haut);
    const gene = [...pris, ...formes.filter(({ couche }) => couche !== nom.couche)];
    const visibles = essais.filter((essai) => tientDans(boite(essai), vue));
    const estDit = dits.has(nom.page);
    const place = estDit ? undefined : visibles.find((essai) => !gene.some((autre) => seCroisent(boite(essai), autre)));
    if (place) {
      pris.push(boite(place));
      if (nom.page) dits.add(nom.page);
    }
    nom.texte.parentElement.classList.toggle("est-cache", !place);
    const [dx, dy] = place ?? visibles[0] ?? essais[0];
    nom.texte.style.translate = `${Math.round(dx)}px ${Math.round(dy)}px`;
  }
}

for (const racine of document.querySelectorAll("[data-carte]")) {
  let noms = [];

  racine.addEventListener("carte:prete", ({ detail: { carte } }) => carte.on("moveend", () => degager(noms, carte)));
  racine.addEventListener("carte:change", ({ detail: { carte } }) => {
    for (const { marque } of noms) marque.remove();
    const couches = [];
    carte.eachLayer((couche) => couche.feature && couches.push(couche));
    noms = couches.map(etiqueter).sort((a, b) => b.estCommune - a.estCommune || b.taille - a.taille);
    for (const { marque, texte, id, estCommune } of noms) {
      marque.addTo(carte);
      if (!estCommune) texte.parentElement.dataset.carteElement = id;
    }
    degager(noms, carte);
  });
}
