// Placer un point sur la carte (carte.js) : « data-carte-point » nomme le formulaire, ses champs lon et lat se
// remplissent, rien ne s’envoie. Au clavier, le panneau d’un quartier offre d’y placer le point. Sans ce fichier, les
// deux champs se remplissent à la main.
const L = window.L;

function lieuSaisi({ lat, lon }) {
  const [nord, est] = [lat, lon].map((champ) => parseFloat(champ.value.replace(",", ".")));
  return Number.isFinite(nord) && Number.isFinite(est) ? L.latLng(nord, est) : null;
}

function tenirLePoint(racine, champs, carte) {
  let rond = null;

  function marquer(lieu) {
    rond?.remove();
    rond = lieu && L.circleMarker(lieu, { pane: "point", radius: 7, className: "carte__point", interactive: false });
    rond?.addTo(carte);
  }

  function placer(lieu) {
    const { lat, lng } = lieu.wrap();
    const [nord, est] = [lat.toFixed(5), lng.toFixed(5)];
    champs.lat.value = nord;
    champs.lon.value = est;
    marquer(lieu);
    const texte = `Point placé : ${nord.replace(".", ",")} ; ${est.replace(".", ",")}`;
    racine.dispatchEvent(new CustomEvent("carte:dire", { detail: texte }));
  }

  carte.on("click", (evenement) => placer(evenement.latlng));
  for (const champ of [champs.lat, champs.lon]) champ.addEventListener("change", () => marquer(lieuSaisi(champs)));
  racine.addEventListener("carte:fiche", ({ detail: { bornes, sortie } }) => {
    const ici = document.createElement("button");
    ici.type = "button";
    ici.className = "bouton bouton--second";
    ici.textContent = "Placer le point ici";
    ici.addEventListener("click", () => placer(bornes.getCenter()));
    sortie.before(ici);
  });

  const saisi = lieuSaisi(champs);
  if (!saisi) return;
  carte.setView(saisi, 15, { animate: false });
  marquer(saisi);
}

for (const racine of document.querySelectorAll("[data-carte][data-carte-point]")) {
  const champs = document.getElementById(racine.dataset.cartePoint)?.elements;
  if (!champs?.lat || !champs?.lon) continue;
  racine.addEventListener("carte:prete", (evenement) => tenirLePoint(racine, champs, evenement.detail.carte));
}
