// La carte des quartiers, par-dessus l’image que le serveur a dessinée. Sans ce fichier, l’image et la liste suffisent.
// Ses voisins la complètent sans rien importer : carte-panneau.js (ce qu’on lit d’un quartier), carte-clavier.js (les
// flèches), carte-noms.js (les noms posés dessus), carte-point.js (placer un point). Ils lisent la page et les
// événements de [data-carte] : carte:prete, carte:change, carte:choix ; ils demandent carte:montrer et carte:dire.
const L = window.L;
const calme = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const estTouche = window.matchMedia("(pointer: coarse)").matches;
const GROUPE = "Quartiers : flèches pour passer de l’un à l’autre, Entrée pour lire";
const PANNE = "La carte interactive ne s’est pas chargée\u00a0: voici la carte fixe. Rechargez la page pour réessayer.";
const AIDE_SOURIS =
  "Souris\u00a0: Ctrl et la molette pour rapprocher. Clavier\u00a0: les flèches vont d’un quartier à l’autre.";
const AIDE_DOIGTS = "Deux doigts pour déplacer ou rapprocher la carte\u00a0; un doigt fait défiler la page.";

function element(balise, classe, texte = "") {
  const noeud = document.createElement(balise);
  noeud.className = classe;
  noeud.textContent = texte;
  return noeud;
}

async function lire(adresse) {
  const reponse = await fetch(adresse, { headers: { Accept: "application/geo+json, application/json" } });
  if (!reponse.ok) throw new Error(`Le site répond ${reponse.status}.`);
  return reponse.json();
}

const estCommune = (objet) => objet.properties.classe === "commune";

function cadrer(couches) {
  const cadre = L.latLngBounds([]);
  for (const { donnees } of couches) {
    const [ouest, sud, est, nord] = donnees.emprise;
    cadre.extend([sud, ouest]).extend([nord, est]);
  }
  return cadre;
}

function creerLaCarte(racine, dessin, cadre) {
  const { fond, attribution } = racine.dataset;
  const carte = L.map(dessin, {
    attributionControl: false, // Leaflet l’écrit en HTML : la nôtre est un texte, sous la carte
    zoomControl: false,
    keyboard: false, // un seul arrêt de tabulation : les quartiers
    zoomSnap: fond ? 1 : 0.25,
    maxZoom: 18,
    zoomAnimation: !calme,
    fadeAnimation: !calme,
    markerZoomAnimation: !calme,
    inertia: !calme,
  });
  carte.fitBounds(cadre, { padding: [16, 16], maxZoom: 16, animate: false });
  if (fond) L.tileLayer(fond, { maxZoom: 18 }).addTo(carte);
  L.control.zoom({ zoomInTitle: "Rapprocher", zoomOutTitle: "Éloigner" }).addTo(carte);
  L.control.scale({ imperial: false }).addTo(carte);
  for (const nom of ["communes", "noms", "point"]) {
    const plan = carte.createPane(nom);
    plan.classList.add(`carte__plan-${nom}`);
    plan.setAttribute("aria-hidden", "true"); // les noms sont déjà ceux des tracés
  }
  racine.classList.toggle("carte--fond", Boolean(fond));
  const pied = element("div", "carte__pied");
  pied.append(
    element("p", "carte__aide", estTouche ? AIDE_DOIGTS : AIDE_SOURIS),
    element("p", "carte__sources", [attribution, "Leaflet"].filter(Boolean).join(" · ")),
  );
  dessin.after(pied);
  new ResizeObserver(() => carte.invalidateSize({ pan: false })).observe(dessin);
  return carte;
}

// La molette seule et un doigt seul restent à la page ; la carte prend Ctrl et la molette, ou deux doigts.
function laisserDefiler(dessin) {
  const ecouter = (type, estALaPage) =>
    dessin.addEventListener(type, (evenement) => estALaPage(evenement) && evenement.stopImmediatePropagation(), {
      capture: true,
      passive: true,
    });
  ecouter("wheel", (evenement) => !evenement.ctrlKey && !evenement.metaKey);
  ecouter("touchstart", (evenement) => evenement.touches.length === 1);
}

// Un lien de la liste et son tracé s’éclairent ensemble, sous la souris comme au clavier.
function eclairer(dessin) {
  let survol, foyer;
  const designe = (evenement) => evenement.target.closest?.("[data-carte-element]")?.dataset.carteElement;

  function retenir(survole, vise) {
    if (survol === survole && foyer === vise) return;
    [survol, foyer] = [survole, vise];
    for (const noeud of dessin.querySelectorAll("[data-carte-element]")) {
      noeud.classList.toggle("est-vive", [survol, foyer].includes(noeud.dataset.carteElement));
    }
  }

  document.addEventListener("mouseover", (evenement) => retenir(designe(evenement), foyer));
  document.addEventListener("focusin", (evenement) => retenir(survol, designe(evenement)));
  document.addEventListener("focusout", () => retenir(survol, undefined));
  // Échap éteint : un nom éclairé peut en couvrir un autre.
  document.addEventListener("keydown", (evenement) => evenement.key === "Escape" && retenir());
}

function tenirLaCarte(racine) {
  const repli = racine.querySelector(".carte__repli");
  const panneau = racine.querySelector("[data-carte-panneau]");
  const dessin = element("div", "carte__dessin");
  const etat = element("p", "carte__etat");
  const posees = new Map(); // l’adresse d’une couche, ce qu’elle a mis sur la carte
  let carte = null;

  const annoncer = (quoi, detail) => racine.dispatchEvent(new CustomEvent(`carte:${quoi}`, { detail }));
  const dire = (texte) => etat.replaceChildren(texte);

  // Amène un quartier dans la vue, entier s’il y tient. Au large, le panneau couvre le bord droit de la carte.
  function montrer(bornes) {
    const [a, b] = [bornes.getNorthWest(), bornes.getSouthEast()].map((coin) => carte.latLngToLayerPoint(coin));
    const couvert = !panneau.hidden && getComputedStyle(panneau).position === "absolute" ? panneau.offsetWidth : 0;
    const { x: large, y: haut } = carte.getSize();
    const dx = Math.min((b.x - a.x) / 2 + 32, (large - couvert) / 2 - 8);
    const dy = Math.min((b.y - a.y) / 2 + 32, haut / 2 - 8);
    carte.panInside(bornes.getCenter(), {
      paddingTopLeft: [dx, dy],
      paddingBottomRight: [dx + couvert, dy],
      animate: !calme,
    });
  }

  // Un tracé devient un bouton : son nom pour qui écoute, sa place pour les flèches.
  function armer(couche) {
    const { id, properties: donnees } = couche.feature;
    const forme = couche.getElement();
    const bornes = couche.getBounds?.() ?? L.latLngBounds([couche.getLatLng()]);
    const { x, y } = carte.project(bornes.getCenter(), 18);
    const choisir = () => annoncer("choix", { forme, donnees, bornes });
    Object.assign(forme.dataset, { carteElement: id, nom: donnees.nom, x, y });
    forme.setAttribute("role", "button");
    forme.setAttribute("tabindex", "0");
    forme.setAttribute("aria-expanded", "false");
    forme.setAttribute("aria-label", [donnees.nom, donnees.sous_titre].filter(Boolean).join(", "));
    forme.ownerSVGElement.setAttribute("role", "group");
    forme.ownerSVGElement.setAttribute("aria-label", GROUPE);
    // Là où un clic place un point, la fiche s’ouvre au clavier seulement.
    if (!("cartePoint" in racine.dataset)) couche.on("click", choisir);
    forme.addEventListener("keydown", (evenement) => {
      if (evenement.key !== "Enter" && evenement.key !== " ") return;
      evenement.preventDefault();
      choisir();
    });
    forme.addEventListener("focus", () => {
      if (!forme.matches(":focus-visible")) return; // sous la souris, la carte ne bouge pas
      montrer(bornes);
      dessin.scrollIntoView({ block: "nearest" });
    });
  }

  function poser({ features }, trait = "plein") {
    const objets = [...features].sort((a, b) => a.properties.nom.localeCompare(b.properties.nom, "fr"));
    const communes = L.geoJSON(objets.filter(estCommune), {
      pane: "communes",
      interactive: false,
      className: "carte__commune",
    });
    const className = `carte__forme carte__forme--${trait}`;
    const formes = L.geoJSON(
      objets.filter((objet) => !estCommune(objet)),
      { className, pointToLayer: (_, lieu) => L.circleMarker(lieu, { radius: 9, className }) },
    );
    communes.addTo(carte);
    formes.addTo(carte).eachLayer(armer);
    return [communes, formes];
  }

  // Rend le nom des couches qui ne sont pas venues.
  async function ajouter(demandes) {
    const lues = await Promise.allSettled(demandes.map(({ source }) => lire(source)));
    const couches = demandes.map((demande, rang) => ({ ...demande, donnees: lues[rang].value }));
    const neuves = couches.filter(({ donnees, source, voulue }) => donnees && voulue() && !posees.has(source));
    if (neuves.length && !carte) {
      // La carte a besoin de sa taille pour se dessiner : l’image s’efface ici, les données en main.
      repli.hidden = true;
      dessin.hidden = false;
      carte = creerLaCarte(racine, dessin, cadrer(neuves));
      annoncer("prete", { carte });
    }
    for (const { source, donnees, trait } of neuves) posees.set(source, poser(donnees, trait));
    if (neuves.length) annoncer("change", { carte });
    return couches.filter(({ donnees }) => !donnees).map(({ nom }) => nom);
  }

  function retirer(source) {
    for (const groupe of posees.get(source) ?? []) groupe.remove();
    posees.delete(source);
    if (carte) annoncer("change", { carte });
  }

  async function montrerLesCouches(demandes) {
    try {
      const absentes = await ajouter(demandes);
      if (!absentes.length) return true;
      const noms = absentes.map((nom) => `«\u00a0${nom}\u00a0»`).join(", ");
      dire(carte ? `Pas chargé\u00a0: ${noms}. Rechargez la page pour réessayer.` : PANNE);
    } catch {
      repli.hidden = false;
      dessin.hidden = true;
      dire(PANNE);
    }
    return false;
  }

  etat.setAttribute("role", "status");
  dessin.hidden = true;
  panneau.before(dessin, etat);
  laisserDefiler(dessin);
  eclairer(dessin);
  racine.addEventListener("carte:montrer", (evenement) => montrer(evenement.detail));
  racine.addEventListener("carte:dire", (evenement) => dire(evenement.detail));
  return { montrerLesCouches, retirer, dire };
}

// Les cases cochées disent les couches ; l’adresse de la page les garde, comme l’envoi du formulaire l’aurait fait.
function suivreLesCases(racine) {
  const { montrerLesCouches, retirer, dire } = tenirLaCarte(racine);
  const formulaire = document.querySelector("[data-carte-couches]");
  const cases = [...(formulaire?.querySelectorAll("[data-source]") ?? [])];
  const nom = (une) => une.labels[0]?.textContent.trim() ?? une.value;
  const demande = (une) => ({ ...une.dataset, nom: nom(une), voulue: () => une.checked });

  function garderLAdresse() {
    const adresse = new URL(location.href);
    adresse.searchParams.delete("couche");
    for (const valeur of new FormData(formulaire).getAll("couche")) adresse.searchParams.append("couche", valeur);
    history.replaceState(history.state, "", adresse);
  }

  for (const une of cases) {
    une.addEventListener("change", async () => {
      garderLAdresse();
      if (!une.checked) retirer(une.dataset.source);
      else if (!(await montrerLesCouches([demande(une)]))) return;
      dire(`«\u00a0${nom(une)}\u00a0» est ${une.checked ? "sur" : "retiré de"} la carte.`);
    });
  }
  const demandes = cases.filter((une) => une.checked).map(demande);
  // Une page sans cases donne sa couche sur la carte même.
  if (racine.dataset.source) demandes.push({ source: racine.dataset.source, nom: "La carte", voulue: () => true });
  if (demandes.length) montrerLesCouches(demandes);
}

for (const racine of document.querySelectorAll("[data-carte]")) suivreLesCases(racine);
