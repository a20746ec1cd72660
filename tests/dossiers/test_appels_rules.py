"""La loi des appels : l'état à la seconde, ce qui manque, ce qui change, les pièces proposées."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from parvis.dossiers.enums import EtatDAppel, EtatDeVersion, SorteDeQuestion
from parvis.dossiers.rules import appels as rules
from parvis.dossiers.rules import contenu_d_appel as lu
from parvis.dossiers.rules.changements_d_appel import ce_qui_change
from parvis.dossiers.rules.pieces import (
    PIECES_PROPOSEES,
    dire_les_natures,
    pieces_pour,
    ranger_les_natures,
)
from parvis.organismes.enums import Nature

PARIS = ZoneInfo("Europe/Paris")
OUVRE = datetime(2026, 2, 2, 9, tzinfo=PARIS)
FERME = datetime(2026, 4, 3, 18, tzinfo=PARIS)
PENDANT = datetime(2026, 3, 1, 12, tzinfo=PARIS)
SERVICE = lu.ServiceLu("Mission ville", "1 place du Marché", "01 99 00 00 01", "", "le matin")
CAF = lu.FinanceurLu(7, "Caf", SERVICE, lignes=(lu.LigneLue("Parentalité"),))
QUESTION = lu.QuestionLue("besoin", "Quel besoin ?", SorteDeQuestion.TEXTE_LONG)
COMPLET = lu.ContenuDAppel(
    titre="Appel 2026",
    exercice=2026,
    presentation="Des projets utiles.",
    ouvre_le=OUVRE,
    ferme_le=FERME,
    service=SERVICE,
    fiches={"1-1": "Jardins"},
    financeurs=(CAF,),
    pieces=(lu.PieceLue("rib", "RIB"),),
    questions=(QUESTION,),
)


def manques(contenu, **valeurs):
    defaut = {"fiches_en_vigueur": {"1-1", "1-2"}, "maintenant": PENDANT}
    return [(m.section, m.phrase) for m in rules.ce_qui_manque(contenu, **defaut | valeurs)]


class TestEtat:
    @pytest.mark.parametrize(
        ("maintenant", "attendu"),
        [
            (OUVRE - timedelta(microseconds=1), EtatDAppel.A_VENIR),
            (OUVRE, EtatDAppel.OUVERT),
            (FERME, EtatDAppel.OUVERT),
            (FERME + timedelta(microseconds=999_999), EtatDAppel.OUVERT),
            (FERME + timedelta(seconds=1), EtatDAppel.CLOS),
        ],
    )
    def test_la_seconde_de_cloture_compte_encore(self, maintenant, attendu):
        assert rules.etat_de_l_appel(OUVRE, FERME, maintenant) == attendu
        assert rules.etat_de_l_appel(OUVRE, FERME, maintenant.astimezone(UTC)) == attendu

    @pytest.mark.parametrize(
        ("ouvre", "ferme", "attendu"),
        [
            (None, None, EtatDAppel.OUVERT),
            (None, date(2026, 3, 1), EtatDAppel.OUVERT),
            (None, date(2026, 2, 28), EtatDAppel.CLOS),
            (date(2026, 3, 2), None, EtatDAppel.A_VENIR),
            (date(2026, 3, 1), date(2026, 3, 9), EtatDAppel.OUVERT),
        ],
    )
    def test_un_appel_d_ailleurs_se_compte_en_jours(self, ouvre, ferme, attendu):
        assert rules.etat_d_un_appel_d_ailleurs(ouvre, ferme, date(2026, 3, 1)) == attendu

    @pytest.mark.parametrize(
        ("jours", "dit"),
        [
            (0, "aujourd’hui"),
            (1, "demain"),
            (-1, "hier"),
            (12, "dans 12 jours"),
            (-3, "il y a 3 jours"),
        ],
    )
    def test_un_delai_se_dit_en_mots(self, jours, dit):
        assert rules.delai(jours) == dit

    def test_a_23_h_59_la_minute_entiere_compte(self):
        soir = datetime(2026, 4, 3, 23, 59, tzinfo=PARIS)
        assert rules.toute_la_minute(soir).second == 59
        assert rules.toute_la_minute(FERME) == FERME

    def test_les_dates_glissent_a_la_meme_heure(self):
        # Fin mars, l'heure change : 18 h reste 18 h.
        assert rules.glisser(datetime(2026, 3, 28, 18, tzinfo=PARIS), 1).hour == 18
        assert rules.glisser(datetime(2028, 2, 29, 9, tzinfo=PARIS), 1).day == 28


class TestPublication:
    def test_un_appel_complet_se_publie(self):
        assert manques(COMPLET) == []

    def test_tout_ce_qui_manque_se_dit_a_la_fois(self):
        vide = lu.ContenuDAppel("", 2026, "", FERME, OUVRE)
        sections = [section for section, _ in manques(vide)]
        assert sections == ["presentation"] * 4 + ["fiches", "financeurs", "appeler"]

    @pytest.mark.parametrize(
        ("change", "section", "mot"),
        [
            ({"titre": ""}, "presentation", "titre"),
            ({"presentation": ""}, "presentation", "Présentez"),
            ({"ouvre_le": FERME}, "presentation", "ferme avant d’ouvrir"),
            ({"ferme_le": PENDANT}, "presentation", "déjà passée"),
            ({"exercice": 2029}, "presentation", "l’exercice est 2029"),
            ({"fiches": {}}, "fiches", "au moins une fiche"),
            ({"fiches": {"9-9": "Perdue"}}, "fiches", "9-9"),
            ({"financeurs": ()}, "financeurs", "au moins un financeur"),
            (
                {"financeurs": (replace(CAF, service=lu.ServiceLu()),)},
                "financeurs",
                "le nom, l’adresse, le téléphone",
            ),
            ({"financeurs": (replace(CAF, recoit_ici=False),)}, "financeurs", "portail"),
            ({"questions": (replace(QUESTION, texte=""),)}, "questions", "pas de texte"),
            (
                {"questions": (replace(QUESTION, sorte="choix", choix=("Oui",)),)},
                "questions",
                "au moins deux",
            ),
            ({"service": replace(SERVICE, horaires="")}, "appeler", "ses horaires"),
        ],
    )
    def test_chaque_manque_a_sa_section(self, change, section, mot):
        ((trouvee, phrase),) = manques(replace(COMPLET, **change))
        assert trouvee == section
        assert mot in phrase

    def test_un_financeur_d_ailleurs_n_a_pas_besoin_de_service_ici(self):
        ailleurs = lu.FinanceurLu(8, "Région", recoit_ici=False, portail="https://region.example")
        assert manques(replace(COMPLET, financeurs=(ailleurs,))) == []

    @pytest.mark.parametrize(
        ("change", "mot"),
        [
            ({"ferme_le": PENDANT - timedelta(days=1)}, "dans le passé"),
            ({"ouvre_le": PENDANT + timedelta(days=1)}, "a déjà ouvert"),
        ],
    )
    def test_une_nouvelle_version_ne_revient_pas_sur_le_temps(self, change, mot):
        ((_, phrase),) = manques(replace(COMPLET, **change), precedent=COMPLET)
        assert mot in phrase

    def test_un_appel_clos_se_corrige_sans_changer_sa_cloture(self):
        apres = FERME + timedelta(days=3)
        corrige = replace(COMPLET, service=replace(SERVICE, telephone="01 99 00 00 02"))
        assert manques(corrige, precedent=COMPLET, maintenant=apres) == []

    def publier(self, **valeurs):
        return rules.motifs_empechant_la_publication(
            COMPLET,
            **{
                "etat": EtatDeVersion.BROUILLON,
                "fiches_en_vigueur": {"1-1"},
                "maintenant": PENDANT,
            }
            | valeurs,
        )

    def test_une_version_suivante_dit_ce_qu_elle_change(self):
        assert self.publier() == []
        change = ["La clôture est repoussée."]
        assert "rien à publier" in self.publier(precedent=COMPLET)[0]
        assert "Dites ce qui change" in self.publier(precedent=COMPLET, changements=change)[0]
        assert (
            self.publier(precedent=COMPLET, changements=change, ce_qui_change="Plus de temps.")
            == []
        )

    def test_ce_qui_est_publie_ne_se_publie_plus(self):
        assert "ne change plus" in self.publier(etat=EtatDeVersion.PUBLIEE)[0]

    def test_chaque_section_dit_ou_elle_en_est(self):
        vide = replace(COMPLET, titre="", presentation="", pieces=())
        trouves = rules.ce_qui_manque(vide, fiches_en_vigueur={"1-1"}, maintenant=PENDANT)
        etats = {code: rules.etat_de_section(code, vide, trouves) for code in rules.SECTIONS}
        assert etats["presentation"] == ("attente", "2 choses à compléter")
        assert etats["fiches"] == ("fait", "Prêt")
        assert etats["pieces"][0] == "vide"
        assert etats["questions"] == ("fait", "1 question")


class TestCeQuiChange:
    def test_rien_ne_change(self):
        assert ce_qui_change(COMPLET, COMPLET) == []

    @pytest.mark.parametrize(
        ("change", "phrase"),
        [
            (
                {"ferme_le": datetime(2026, 4, 17, 18, tzinfo=PARIS)},
                "La clôture est repoussée du 3 avril 2026 à 18 h 00 au 17 avril 2026 à 18 h 00.",
            ),
            (
                {"ouvre_le": datetime(2026, 2, 1, 9, tzinfo=PARIS)},
                "L’ouverture est avancée du 2 février 2026 à 9 h 00 au 1er février 2026 à 9 h 00.",
            ),
            ({"exercices_max": 3}, "Un projet peut porter sur 3 exercices au plus, au lieu de 1."),
            ({"titre": "Autre"}, "Le titre devient « Autre »."),
            ({"presentation": "Autre."}, "La présentation est réécrite."),
            (
                {"service": replace(SERVICE, telephone="02")},
                "Qui appeler : nouveau contact (téléphone).",
            ),
            (
                {"financeurs": (replace(CAF, recoit_ici=False, portail="https://caf.example"),)},
                "Caf reçoit désormais les demandes sur son propre portail.",
            ),
            (
                {"financeurs": (replace(CAF, lignes=(lu.LigneLue("Une salle", True),)),)},
                "Caf : lignes de crédit désormais proposées, Une salle (en nature).",
            ),
            (
                {"pieces": (lu.PieceLue("rib", "RIB", "Récent."),)},
                "La pièce « RIB » est précisée.",
            ),
            ({"pieces": ()}, "La pièce « RIB » n’est plus demandée."),
            ({"questions": ()}, "La question « Quel besoin ? » n’est plus posée."),
        ],
    )
    def test_chaque_changement_a_sa_phrase(self, change, phrase):
        (dite,) = ce_qui_change(COMPLET, replace(COMPLET, **change))
        assert dite.replace("\xa0", " ") == phrase

    def test_ce_qui_se_retire_se_dit_avant_ce_qui_s_ajoute(self):
        autre = replace(
            COMPLET,
            fiches={"1-2": "Vergers"},
            financeurs=(replace(CAF, organisme=8, nom="Ville"),),
        )
        assert ce_qui_change(COMPLET, autre) == [
            "La fiche 1-1, « Jardins », n’en est plus.",
            "La fiche 1-2, « Vergers », en est.",
            "Caf ne finance plus.",
            "Ville finance.",
        ]


class TestPieces:
    def test_chaque_nature_a_ses_pieces(self):
        cles = {nature: {p.cle for p in pieces_pour(nature)} for nature in Nature}
        assert {"statuts", "bureau", "comptes", "rib"} <= cles[Nature.ASSOCIATION]
        assert cles[Nature.COMMUNE] == {"deliberation", "rib", "pouvoir"}
        assert cles[Nature.COLLECTIF] == {"structure-porteuse", "pouvoir"}
        assert "immatriculation" in cles[Nature.ENTREPRISE]

    def test_les_cles_sont_uniques_et_les_natures_connues(self):
        assert len({p.cle for p in PIECES_PROPOSEES}) == len(PIECES_PROPOSEES)
        assert all(set(p.natures) <= set(Nature) for p in PIECES_PROPOSEES)

    def test_qui_donne_une_piece_se_dit_en_peu_de_mots(self):
        assert dire_les_natures([]) == "tous les porteurs"
        assert dire_les_natures(["fondation", "association"]) == "association, fondation"
        sauf = [n for n in Nature if n != Nature.ETAT]
        assert dire_les_natures(sauf) == "tous, sauf service de l’État"

    def test_toutes_les_natures_n_en_distinguent_aucune(self):
        assert ranger_les_natures(list(Nature)) == []
        assert ranger_les_natures(["fondation", "commune"]) == ["commune", "fondation"]
