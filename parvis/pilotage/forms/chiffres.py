"""La forme d'une livraison attendue, d'un fichier de chiffres, de ce qui le décrit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify

from parvis.comptes.forms.comptes import ChampDate
from parvis.observatoire.enums import Frequence, Niveau, Unite
from parvis.observatoire.importation.chiffres import Forme, lire_les_chiffres
from parvis.observatoire.models import Description, LivraisonAttendue, Serie
from parvis.observatoire.queries.livraisons import descriptions
from parvis.observatoire.rules.lecture import est_une_periode
from parvis.pilotage.forms.chiffres_colonnes import (
    ColonneALire,
    Resume,
    deviner_l_unite,
    deviner_le_territoire,
    exemples,
)
from parvis.socle.refus import Refus
from parvis.socle.tableur import Tableau
from parvis.territoires.rules.millesimes import VALIDITES

# Huit champs par colonne : au-delà, le navigateur enverrait plus que le site n'en reçoit.
COLONNES_MAX = 120
ENTETE_MAX = 200
CHAMPS_D_UN_MOTIF = {"pèse": "poids", "partie": "partie_de", "additionne": "remontee"}


class DepotDeChiffres(forms.Form):
    """Un fichier de chiffres à décrire et à importer."""

    fichier = forms.FileField(
        label="Le fichier de chiffres",
        help_text="CSV ou classeur XLSX, un territoire par ligne. 20 Mo au plus.",
        max_length=200,
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class Attente(forms.Form):
    """Une livraison que l'on attend d'un partenaire."""

    jeu = forms.CharField(
        label="Ce qui est attendu",
        max_length=200,
        help_text="« Demandeurs d’emploi des quartiers », par exemple.",
    )
    fournisseur = forms.CharField(label="Qui le donne", max_length=200)
    frequence = forms.ChoiceField(
        label="Tous les combien", choices=Frequence.choices, initial=Frequence.ANNUELLE
    )
    prochaine_le = ChampDate(label="Prochaine livraison")
    description = forms.ChoiceField(
        label="Fichier décrit",
        required=False,
        help_text="Quand ce fichier s’importe, la date passe à la livraison suivante.",
    )
    note = forms.CharField(
        label="Note",
        max_length=300,
        required=False,
        help_text="À qui le demander, par où il vient.",
    )

    def __init__(
        self, *args: Any, contrat: str, ligne: LivraisonAttendue | None = None, **kwargs: Any
    ) -> None:
        if ligne:
            kwargs["initial"] = {nom: getattr(ligne, nom) for nom in self.base_fields}
            kwargs["initial"]["description"] = ligne.description_id or ""
        super().__init__(*args, **kwargs)
        self.decrits = {str(d.pk): d for d in descriptions(contrat)}
        champ: Any = self.fields["description"]
        champ.choices = [
            ("", "Aucun"),
            *((pk, f"{d.nom} ({d.source})") for pk, d in self.decrits.items()),
        ]

    def valeurs(self) -> dict[str, Any]:
        """Rend ce que l'action attend."""
        choisie = self.decrits.get(self.cleaned_data["description"])
        return self.cleaned_data | {"description": choisie}


class ImportDUnFichier(forms.Form):
    """Selon quelle description un fichier se lit, et de quelle période il parle."""

    description = forms.ChoiceField(label="Ce fichier ressemble à", widget=forms.RadioSelect)
    periode = forms.CharField(
        label="Période de ces chiffres",
        max_length=7,
        help_text="Une année (2018), un trimestre (2018-T1) ou un mois (2018-03).",
    )

    def __init__(self, *args: Any, connues: Sequence[Description], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connues = {str(d.pk): d for d in connues}
        champ: Any = self.fields["description"]
        champ.choices = [
            (pk, f"{d.nom}, de la source {d.source} ({len(d.colonnes)} colonnes lues)")
            for pk, d in self.connues.items()
        ]

    def clean_periode(self) -> str:
        periode = self.cleaned_data["periode"].upper()
        if not est_une_periode(periode):
            raise forms.ValidationError("Écrivez la période ainsi : 2018, 2018-T1 ou 2018-03.")
        return periode

    @property
    def choisie(self) -> Description:
        """Rend la description choisie."""
        return self.connues[self.cleaned_data["description"]]


class CorrectionDeSerie(forms.Form):
    """Ce qu'une série dit d'elle-même, à corriger."""

    libelle = forms.CharField(label="Libellé", max_length=300)
    definition = forms.CharField(
        label="Définition",
        max_length=2000,
        required=False,
        help_text="Qui est compté, quand, comment. Elle se lit sous le chiffre.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    unite = forms.ChoiceField(
        label="Unité",
        choices=Unite.choices,
        help_text="Avec « Personnes », le secret s’applique à toutes les périodes déjà reçues : "
        "les petits nombres cessent de se montrer. Avec une autre unité, ils se montrent.",
    )

    @staticmethod
    def depart(serie: Serie) -> dict[str, str]:
        """Rend ce que la série dit aujourd'hui."""
        return {nom: getattr(serie, nom) for nom in ("libelle", "definition", "unite")}


class DescriptionDeFichier(forms.Form):
    """D'où vient un fichier, à quelle échelle il est, ce que mesure chacune de ses colonnes."""

    nom = forms.CharField(
        label="Nom de ce fichier",
        max_length=120,
        help_text="Vous le retrouverez sous ce nom quand il reviendra.",
    )
    source = forms.CharField(
        label="Source", max_length=200, widget=forms.TextInput(attrs={"list": "sources-connues"})
    )
    producteur = forms.CharField(label="Qui produit ces chiffres", max_length=200)
    licence = forms.CharField(label="Licence", max_length=120, required=False)
    adresse = forms.URLField(
        label="Adresse de la page qui les présente", required=False, assume_scheme="https"
    )
    niveau = forms.ChoiceField(label="À quelle échelle", choices=Niveau.choices)
    millesime = forms.TypedChoiceField(
        label="Génération de quartiers",
        required=False,
        help_text="À dire quand chaque ligne est un quartier.",
        coerce=int,
        empty_value=None,
        choices=[
            ("", "Ce ne sont pas des quartiers"),
            *((m, f"Quartiers {m}") for m in sorted(VALIDITES, reverse=True)),
        ],
    )
    territoire = forms.ChoiceField(
        label="Colonne qui donne le code du territoire",
        help_text="QP094001 ou QN09401M pour un quartier, le code Insee pour une commune, "
        "le Siren pour une intercommunalité.",
    )
    seuil = forms.IntegerField(
        label="Seuil du secret, en personnes",
        min_value=1,
        max_value=1000,
        initial=11,
        help_text="Un nombre de personnes plus petit ne se montre pas.",
    )
    marques = forms.CharField(
        label="Ce que la source écrit à la place d’un secret",
        max_length=200,
        required=False,
        help_text="Séparez par des virgules. « s », « c », « secret » et « < 5 » sont déjà reconnus.",
    )
    vide_est_secret = forms.BooleanField(label="Une case vide est un secret", required=False)

    def __init__(
        self,
        *args: Any,
        contrat: str,
        fichier: str,
        tableau: Tableau,
        depart: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        rang, niveau, millesime = deviner_le_territoire(tableau)
        devine: dict[str, Any] = {"niveau": niveau, "millesime": millesime, "territoire": str(rang)}
        devine["nom"] = fichier.rpartition(".")[0][:120]
        kwargs["initial"] = devine if depart is None else dict(depart)
        super().__init__(*args, **kwargs)
        self.tableau = tableau
        self.sources = {d.source.nom: d.source for d in descriptions(contrat)}
        choix = [(str(i), titre[:ENTETE_MAX]) for i, titre in enumerate(tableau.colonnes)]
        champ: Any = self.fields["territoire"]
        champ.choices = choix
        self.lignes = [self._ligne(i, [("", "—"), *choix], depart) for i in range(len(choix))]

    def _ligne(self, rang: int, choix: Any, depart: Mapping[str, str] | None) -> ColonneALire:
        titre, prefixe = self.tableau.colonnes[rang], f"c{rang}"
        devine: dict[str, Any] = {
            "libelle": titre[:300],
            "unite": deviner_l_unite(titre, self.tableau, rang),
        }
        if depart is not None:
            champs = ColonneALire.base_fields
            devine = {nom: depart.get(f"{prefixe}-{nom}") for nom in champs}
        return ColonneALire(
            self.data if self.is_bound else None,
            prefix=prefixe,
            initial=devine,
            titre=titre,
            exemples=exemples(self.tableau, rang),
            colonnes=choix,
        )

    @property
    def lues(self) -> list[ColonneALire]:
        """Rend les colonnes cochées."""
        return [ligne for ligne in self.lignes if ligne.est_lue]

    def is_valid(self) -> bool:
        return super().is_valid() and all(ligne.is_valid() for ligne in self.lues)

    def clean(self) -> dict[str, Any]:
        """Vérifie ce que plusieurs champs disent ensemble, puis que les cases cochées se lisent."""
        lu = super().clean() or self.cleaned_data
        if lu.get("niveau") == Niveau.QUARTIER and not lu.get("millesime"):
            self.add_error("millesime", "Dites de quelle génération sont ces quartiers.")
        connue = self.sources.get(lu.get("source", ""))
        if connue and "seuil" in lu and lu["seuil"] != connue.seuil:
            phrase = (
                f"Cette source a déjà un seuil, {connue.seuil} : gardez-le, ou nommez-la autrement."
            )
            self.add_error("seuil", phrase)
        if not self.lues:
            self.add_error(None, "Cochez au moins une colonne à lire.")
        self._verifier_les_titres(lu.get("territoire", ""))
        if not self.errors and all(ligne.is_valid() for ligne in self.lues):
            self._essayer_de_lire()
        return lu

    def _verifier_les_titres(self, territoire: str) -> None:
        titres = Counter(self.tableau.colonnes)
        if territoire and titres[self.tableau.colonnes[int(territoire)]] > 1:
            self.add_error("territoire", "Deux colonnes portent ce titre : renommez-en une.")
        codes: dict[str, str] = {}
        for rang, ligne in enumerate(self.lignes):
            if not ligne.est_lue or not ligne.is_valid():
                continue
            code = slugify(ligne.titre)[:80] or ligne.titre
            if str(rang) == territoire:
                ligne.add_error("lire", "Elle donne le code du territoire : décochez-la.")
            elif titres[ligne.titre] > 1:
                ligne.add_error("lire", "Une autre colonne porte ce titre : renommez-en une.")
            elif code in codes:
                phrase = f"Elle se confond avec « {codes[code]} » : renommez-en une."
                ligne.add_error("lire", phrase)
            codes.setdefault(code, ligne.titre)

    def _essayer_de_lire(self) -> None:
        colonnes = {ligne.titre: ligne.titre for ligne in self.lues}
        forme = Forme(self.colonne_du_territoire, colonnes, frozenset(self.marques_du_secret))
        try:
            lire_les_chiffres(self.tableau, forme)
        except Refus as refus:
            for motif in refus.motifs:
                self.add_error(None, motif)

    @property
    def colonne_du_territoire(self) -> str:
        """Rend le titre de la colonne qui donne le code du territoire."""
        return self.tableau.colonnes[int(self.cleaned_data["territoire"])]

    @property
    def marques_du_secret(self) -> list[str]:
        """Rend ce que la source écrit d'un secret, en minuscules ; vide pour une case vide."""
        dites = (m.strip().lower() for m in self.cleaned_data["marques"].split(","))
        vide = [""] if self.cleaned_data["vide_est_secret"] else []
        return [*(marque for marque in dites if marque), *vide]

    def valeurs(self) -> dict[str, Any]:
        """Rend ce que l'action attend."""
        memes = "nom source producteur licence adresse niveau millesime seuil".split()
        return {nom: self.cleaned_data[nom] for nom in memes} | {
            "colonne_du_territoire": self.colonne_du_territoire,
            "marques_du_secret": self.marques_du_secret,
            "series": [ligne.decrite(self.tableau.colonnes) for ligne in self.lues],
        }

    def porter(self, motifs: Sequence[str]) -> None:
        """Met chaque motif d'un refus à sa colonne, ou en tête s'il n'en nomme pas."""
        for motif in motifs:
            for ligne in self.lues:
                debut = f"« {ligne['libelle'].value()} » : "
                if motif.startswith(debut):
                    suite = motif.removeprefix(debut)
                    champs = (c for mot, c in CHAMPS_D_UN_MOTIF.items() if mot in suite)
                    ligne.add_error(next(champs, "libelle"), suite[:1].upper() + suite[1:])
                    break
            else:
                self.add_error(None, motif)

    @property
    def resume(self) -> Resume:
        """Rend toutes les erreurs, à montrer en tête."""
        champs = [c for form in (self, *self.lues) for c in form.visible_fields() if c.errors]
        sans_champ = [str(erreur) for erreur in self.non_field_errors()]
        return Resume(bool(champs or sans_champ), sans_champ, champs)
